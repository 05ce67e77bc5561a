import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Line } from '../../../electron/host/line.ts';
import { sshRunner } from '../../../electron/host/ssh-run.ts';

/** A connection whose server refuses the first `refusals` commands, as an sshd does whose sessions are all in use. */
function busyLine(refusals: number): { readonly line: Line; asked(): number } {
  let asked = 0;
  const client = Object.assign(new EventEmitter(), {
    exec(_: string, done: (error: Error | undefined, channel?: unknown) => void) {
      asked += 1;
      if (asked <= refusals) return done(new Error('(SSH) Channel open failure: open failed'));
      const stderr = new PassThrough();
      const channel = Object.assign(new PassThrough(), { stderr });
      done(undefined, channel);
      channel.emit('data', Buffer.from('casement-group 7\nhello\n'));
      stderr.emit('data', Buffer.from('casement-group\n'));
      channel.emit('exit', 0);
      channel.emit('close');
    },
  });
  return { line: { client: async () => client } as unknown as Line, asked: () => asked };
}

const at = async <T>(work: () => Promise<T>): Promise<T> => work();

test('a command that found all sessions in use is asked for again', async () => {
  const { line, asked } = busyLine(3);
  expect(await sshRunner('kvm1', line, at)(['hostname'])).toMatchObject({ code: 0, stdout: 'hello\n' });
  expect(asked()).toBe(4);
});

test('a host that never runs commands is told as such', async () => {
  const { line, asked } = busyLine(Number.POSITIVE_INFINITY);
  await expect(sshRunner('kvm1', line, at)(['hostname'])).rejects.toMatchObject({
    code: 'host.command-refused',
  });
  expect(asked()).toBe(6);
});
