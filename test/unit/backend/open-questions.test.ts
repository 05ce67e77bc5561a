import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Backend, createBackend } from '../../../electron/backend.ts';
import { startSession } from '../../../electron/session.ts';
import type { Question } from '../../../shared/views.ts';
import type { ServerMessage } from '../../../shared/wire.ts';

let home: string;
let backend: Backend;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-questions-'));
  backend = await createBackend({ front: 'served', home, desktop: { openExternal: async () => {} } });
});
afterEach(async () => {
  await backend.close();
  await rm(home, { recursive: true, force: true });
});

/** A page: what it was asked, and its session. */
function page() {
  const asked: Question[] = [];
  const session = startSession(backend, {
    send(text) {
      const message = JSON.parse(String(text)) as ServerMessage;
      if (message.t === 'event' && message.name === 'question') asked.push(message.payload as Question);
    },
  });
  return { asked, session };
}

it('a page that was loaded again is asked what its forerunner left open, and its answer counts', async () => {
  const first = page();
  // Nobody listens at this address: what counts is that the call ends once the password is there.
  const cloud = {
    kind: 'password',
    authUrl: 'http://127.0.0.1:1/v3',
    username: 'u',
    project: 'p',
    password: 'ask:p',
  };
  const ended = vi.fn();
  const called = backend.call('cloud.networks', { cloud }).then(ended, ended);
  await vi.waitFor(() => expect(first.asked).toHaveLength(1));
  first.session.end();

  const second = page();
  await vi.waitFor(() => expect(second.asked).toEqual(first.asked));
  expect(ended).not.toHaveBeenCalled();
  const args = { id: second.asked[0]?.id, answer: ['secret'] };
  second.session.receive(JSON.stringify({ t: 'call', id: 1, name: 'question.answer', args }));
  await called;
  expect(first.asked).toHaveLength(1);
});
