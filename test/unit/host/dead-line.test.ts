import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { openChannel } from '../../../electron/host/channel.ts';
import { isLineFault } from '../../../electron/host/faults.ts';
import { jobsOver } from '../../../electron/host/jobs.ts';
import { keepLine } from '../../../electron/host/line.ts';
import { sshRunner } from '../../../electron/host/ssh-run.ts';

// ssh2 throws "Not connected" at once for a client whose socket has ended, or was never there.
const dead = () => new ssh2.Client();
const line = () => keepLine('h', { client: dead(), close: () => {} }, () => Promise.reject(new Error()));
const fault = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('a connection that ended and is not closed yet', () => {
  const run = sshRunner('h', line(), (work) => work());

  it('is a lost one for a command', async () => {
    const error = await fault(run(['true']));
    expect(error).toMatchObject({ code: 'host.connection-lost' });
    expect(isLineFault(error)).toBe(true);
  });

  it('is a lost one for files, and the next call tries anew', async () => {
    const kept = line();
    expect(await fault(kept.sftp())).toMatchObject({ code: 'host.connection-lost' });
    expect(await fault(kept.sftp())).toMatchObject({ code: 'host.connection-lost' });
  });

  it('is a lost one for a socket of the host, not a program that does not listen', async () => {
    const opened = openChannel('h', '/qmp.sock', dead(), (client, done) =>
      client.openssh_forwardOutStreamLocal('/qmp.sock', done),
    );
    expect(await fault(opened)).toMatchObject({ code: 'host.connection-lost' });
  });

  it('does not end the waiting for a job', async () => {
    const abort = new AbortController();
    const jobs = jobsOver((words, options) => {
      abort.abort();
      return run(words, options);
    });
    expect(await fault(jobs.wait('/d', 'job', () => {}, abort.signal))).toMatchObject({ name: 'AbortError' });
  });
});
