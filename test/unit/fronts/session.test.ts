import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../../electron/backend.ts';
import { startSession } from '../../../electron/session.ts';
import { CasementError } from '../../../shared/errors.ts';
import { packChunk, type ServerMessage, STREAM_WINDOW, unpackChunk } from '../../../shared/wire.ts';

/** A backend whose one stream is the given one, and a transport that keeps what it was sent. */
function conversation(overrides: Partial<Backend> = {}) {
  const messages: ServerMessage[] = [];
  let bytes = 0;
  const backend: Backend = {
    call: async () => ({ ok: true }),
    openStream: async () => new PassThrough(),
    on: () => () => {},
    close: async () => {},
    ...overrides,
  };
  const session = startSession(backend, {
    send(message) {
      if (typeof message === 'string') messages.push(JSON.parse(message) as ServerMessage);
      else bytes += unpackChunk(message)?.bytes.length ?? 0;
    },
  });
  return { session, messages, received: () => bytes };
}

const json = JSON.stringify;

describe('a session', () => {
  it('answers a call with its result', async () => {
    const { session, messages } = conversation();
    session.receive(json({ t: 'call', id: 7, name: 'app.info', args: {} }));
    await vi.waitFor(() => expect(messages).toEqual([{ t: 'result', id: 7, value: { ok: true } }]));
  });

  it('carries an error whole, not only its message', async () => {
    const error = new CasementError({
      code: 'x.y',
      title: 'Title',
      whatHappened: 'This.',
      whatToDo: 'That.',
      detail: 'Detail',
    });
    const { session, messages } = conversation({ call: () => Promise.reject(error) });
    session.receive(json({ t: 'call', id: 1, name: 'app.info', args: {} }));
    await vi.waitFor(() =>
      expect(messages[0]).toEqual({
        t: 'error',
        id: 1,
        error: { code: 'x.y', title: 'Title', whatHappened: 'This.', whatToDo: 'That.', detail: 'Detail' },
      }),
    );
  });

  it('refuses a call that is no part of the contract, names of Object.prototype among them', async () => {
    const called = vi.fn();
    const { session, messages } = conversation({ call: called });
    session.receive(json({ t: 'call', id: 1, name: 'toString', args: {} }));
    session.receive(json({ t: 'call', id: 2, name: 'no.such', args: {} }));
    await vi.waitFor(() => expect(messages.map((message) => message.t)).toEqual(['error', 'error']));
    expect(called).not.toHaveBeenCalled();
  });

  it('outlives messages that are not of the protocol', () => {
    const { session, messages } = conversation();
    for (const garbage of [
      '',
      '{',
      '[]',
      '{"t":"call"}',
      '{"t":"shutdown"}',
      new Uint8Array([1]),
      new Uint8Array(9),
    ])
      session.receive(garbage);
    expect(messages).toEqual([]);
  });

  it('stops sending when the window of a stream is used up and goes on when the front acknowledges', async () => {
    const source = new PassThrough({ highWaterMark: 64 * 1024 });
    const { session, messages, received } = conversation({ openStream: async () => source });
    session.receive(json({ t: 'open', channel: 3, name: 'screen', args: { run: 'r' } }));
    await vi.waitFor(() => expect(messages).toEqual([{ t: 'opened', channel: 3 }]));
    const block = Buffer.alloc(64 * 1024);
    let written = 0;
    const pump = () => {
      while (written < 4 * STREAM_WINDOW) {
        written += block.length;
        if (!source.write(block)) return source.once('drain', pump);
      }
      return source;
    };
    pump();
    await vi.waitFor(() => expect(received()).toBeGreaterThanOrEqual(STREAM_WINDOW));
    expect(received()).toBeLessThanOrEqual(STREAM_WINDOW + block.length);
    expect(source.isPaused()).toBe(true);
    const before = received();
    session.receive(json({ t: 'credit', channel: 3, bytes: STREAM_WINDOW }));
    await vi.waitFor(() => expect(received()).toBeGreaterThan(before));
    // Claiming more credit than was given must not open the window wider than it is.
    session.receive(json({ t: 'credit', channel: 3, bytes: 1_000_000_000 }));
    await vi.waitFor(() => expect(source.isPaused()).toBe(true));
    expect(received()).toBeLessThanOrEqual(3 * STREAM_WINDOW + 3 * block.length);
  });

  it('writes what the front sends and gives the credit back', async () => {
    const sink = new PassThrough();
    const { session, messages } = conversation({ openStream: async () => sink });
    session.receive(json({ t: 'open', channel: 1, name: 'screen', args: { run: 'r' } }));
    await vi.waitFor(() => expect(messages.length).toBe(1));
    session.receive(packChunk(1, new TextEncoder().encode('keys')));
    await vi.waitFor(() => expect(messages).toContainEqual({ t: 'credit', channel: 1, bytes: 4 }));
  });

  it('ends its streams when the front is gone, even one that opens later', async () => {
    const source = new PassThrough();
    let give: (stream: PassThrough) => void = () => {};
    const { session } = conversation({ openStream: () => new Promise((resolve) => (give = resolve)) });
    session.receive(json({ t: 'open', channel: 1, name: 'screen', args: { run: 'r' } }));
    session.end();
    give(source);
    await vi.waitFor(() => expect(source.destroyed).toBe(true));
  });
});
