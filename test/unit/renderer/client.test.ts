import { describe, expect, it } from 'vitest';
import { Client } from '../../../renderer/client.ts';
import { packChunk, STREAM_WINDOW, unpackChunk } from '../../../shared/wire.ts';
import { fakeLine } from './fake-line.ts';

function connected() {
  const line = fakeLine();
  const client = new Client(line.transport);
  client.start();
  line.open(true);
  return { line, client };
}

function listener() {
  const heard: string[] = [];
  const received: number[] = [];
  return {
    heard,
    received,
    events: {
      open: () => heard.push('open'),
      data: (bytes: Uint8Array) => received.push(...bytes),
      close: (error: { code: string } | null) => heard.push(`close ${error?.code ?? 'quietly'}`),
    },
  };
}

describe('calls', () => {
  it('gives each answer to the call that asked, in whatever order they come', async () => {
    const { line, client } = connected();
    const first = client.call('draft.load', {});
    const second = client.call('run.list', {});
    const [one, two] = line.texts();
    line.answer({ t: 'result', id: two?.id as number, value: [] });
    line.answer({ t: 'result', id: one?.id as number, value: { step: 'host' } });
    await expect(second).resolves.toEqual([]);
    await expect(first).resolves.toEqual({ step: 'host' });
  });

  it('rebuilds an error with all its sentences', async () => {
    const { line, client } = connected();
    const call = client.call('run.list', {});
    const error = { code: 'host.x', title: 'T', whatHappened: 'W', whatToDo: 'D', detail: 'more' };
    line.answer({ t: 'error', id: line.texts()[0]?.id as number, error });
    await expect(call).rejects.toMatchObject(error);
  });

  it('keeps a call made while the line is down and sends it when the line is back', async () => {
    const line = fakeLine();
    const client = new Client(line.transport);
    client.start();
    const call = client.call('draft.load', {});
    expect(line.sent).toEqual([]);
    line.open(true);
    expect(line.texts()).toMatchObject([{ t: 'call', name: 'draft.load', args: {} }]);
    line.answer({ t: 'result', id: line.texts()[0]?.id as number, value: null });
    await expect(call).resolves.toBeNull();
  });

  it('tells a call under way that the line dropped, and does not send it twice', async () => {
    const { line, client } = connected();
    const call = client.call('run.list', {});
    line.open(false);
    await expect(call).rejects.toMatchObject({ code: 'front.disconnected' });
    line.open(true);
    expect(line.texts()).toHaveLength(1);
  });

  it('hears events until it stops listening', () => {
    const { line, client } = connected();
    const heard: string[] = [];
    const stop = client.on('question.gone', ({ id }) => heard.push(id));
    line.answer({ t: 'event', name: 'question.gone', payload: { id: 'a' } });
    stop();
    line.answer({ t: 'event', name: 'question.gone', payload: { id: 'b' } });
    expect(heard).toEqual(['a']);
  });

  it('tells the state of the line once it is known, and only when it changes', () => {
    const line = fakeLine();
    const client = new Client(line.transport);
    const states: boolean[] = [];
    client.onState((online) => states.push(online));
    client.start();
    for (const open of [false, false, true, true, false]) line.open(open);
    expect(states).toEqual([false, true, false]);
  });
});

describe('streams', () => {
  function opened() {
    const { line, client } = connected();
    const ear = listener();
    const stream = client.openStream('screen', { run: 'r1' }, ear.events);
    const channel = line.texts()[0]?.channel as number;
    const sentBytes = () =>
      line.sent.flatMap((item) => (typeof item === 'string' ? [] : [unpackChunk(item)?.bytes.length ?? 0]));
    return { line, stream, ear, channel, sentBytes };
  }

  it('sends what was written before the channel opened only after it opened, in order', () => {
    const { line, stream, channel, ear } = opened();
    stream.send(Uint8Array.of(1, 2));
    stream.send(Uint8Array.of(3));
    expect(line.sent).toHaveLength(1);
    line.answer({ t: 'opened', channel });
    expect(ear.heard).toEqual(['open']);
    expect(line.sent.slice(1)).toEqual([
      packChunk(channel, Uint8Array.of(1, 2)),
      packChunk(channel, Uint8Array.of(3)),
    ]);
  });

  it('never has more than the window under way and goes on with the credit it gets', () => {
    const { line, stream, channel, sentBytes } = opened();
    line.answer({ t: 'opened', channel });
    stream.send(new Uint8Array(STREAM_WINDOW + 1000));
    expect(sentBytes()).toEqual([STREAM_WINDOW]);
    expect(stream.queued).toBe(1000);
    line.answer({ t: 'credit', channel, bytes: 600 });
    line.answer({ t: 'credit', channel, bytes: 600 });
    expect(sentBytes()).toEqual([STREAM_WINDOW, 600, 400]);
    expect(stream.queued).toBe(0);
  });

  it('gives credit for what was consumed, not for what merely arrived', () => {
    const { line, stream, channel, ear } = opened();
    line.answer({ t: 'opened', channel });
    line.bytes(packChunk(channel, Uint8Array.of(7, 8)));
    expect(ear.received).toEqual([7, 8]);
    const credits = () => line.texts().filter(({ t }) => t === 'credit');
    expect(credits()).toEqual([]);
    stream.consumed(STREAM_WINDOW / 2);
    expect(credits()).toEqual([{ t: 'credit', channel, bytes: STREAM_WINDOW / 2 }]);
  });

  it('acknowledges so often that the other side never runs dry', () => {
    const { line, stream, channel } = opened();
    line.answer({ t: 'opened', channel });
    const chunk = 10_000;
    let credit = STREAM_WINDOW;
    for (let sent = 0; sent < 4 * STREAM_WINDOW; sent += chunk) {
      expect(credit).toBeGreaterThanOrEqual(chunk);
      credit -= chunk;
      const before = line.texts().length;
      stream.consumed(chunk);
      for (const { bytes } of line.texts().slice(before)) credit += bytes as number;
    }
  });

  it('hears why the other side ended it, and sends nothing more', () => {
    const { line, stream, channel, ear } = opened();
    line.answer({ t: 'opened', channel });
    const error = { code: 'machine.gone', title: '', whatHappened: '', whatToDo: '', detail: '' };
    line.answer({ t: 'closed', channel, error });
    const before = line.sent.length;
    stream.send(Uint8Array.of(1));
    stream.consumed(STREAM_WINDOW);
    expect(ear.heard).toEqual(['open', 'close machine.gone']);
    expect(line.sent).toHaveLength(before);
  });

  it('ends with the line', () => {
    const { line, ear, stream } = opened();
    line.open(false);
    expect(ear.heard).toEqual(['close front.disconnected']);
    expect(stream.state).toBe('closed');
  });

  it('says that it closes, once', () => {
    const { line, stream, channel } = opened();
    line.answer({ t: 'opened', channel });
    stream.close();
    stream.close();
    expect(line.texts().filter(({ t }) => t === 'close')).toEqual([{ t: 'close', channel }]);
  });
});
