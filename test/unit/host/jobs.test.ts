import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReport } from '../../../electron/host/job-report.ts';
import { jobsOver } from '../../../electron/host/jobs.ts';
import { localHost } from '../../../electron/host/local.ts';
import { runLocal } from '../../../electron/host/local-run.ts';
import { until } from '../../until.ts';

const { jobs } = localHost();
const never = new AbortController().signal;
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-jobs-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const ended = (name: string) => jobs.wait(dir, name, () => {}, never);

describe('a detached job', () => {
  it('runs in the work folder, leaves its log and its exit status', async () => {
    const begun = await jobs.start({
      dir,
      name: 'simple',
      words: ['sh', '-c', 'pwd; echo "$A" "$0" >&2; exit 7', "it's"],
      env: { A: 'b c' },
    });
    expect(begun.pid).toBeGreaterThan(1);
    expect(await ended('simple')).toEqual({
      state: 'ended',
      pid: begun.pid,
      code: 7,
      log: `${dir}\nb c it's\n`,
      positions: {},
    });
    expect(statSync(join(dir, 'jobs/simple')).mode & 0o777).toBe(0o700);
  });

  it('leads a session of its own and is told apart from a stranger with the same pid', async () => {
    const { pid } = await jobs.start({ dir, name: 'session', words: ['sleep', '300'] });
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    expect(stat[3]).toBe(String(pid));
    const file = join(dir, 'jobs/session/pid');
    const kept = readFileSync(file, 'utf8');
    const [id, start, boot] = kept.trim().split(' ');
    writeFileSync(file, `${id} ${Number(start) + 1} ${boot}\n`);
    expect(await jobs.status(dir, 'session')).toMatchObject({ state: 'ended', code: null });
    await jobs.stop(dir, 'session');
    writeFileSync(file, kept);
    expect(await jobs.status(dir, 'session')).toMatchObject({ state: 'running', pid });
    await jobs.stop(dir, 'session');
    expect(await jobs.status(dir, 'session')).toMatchObject({ state: 'ended', code: 143 });
  });

  it('is absent before it was ever started, and stopping it is no error', async () => {
    expect(await jobs.status(dir, 'nothing')).toEqual({
      state: 'absent',
      pid: null,
      code: null,
      log: '',
      positions: {},
    });
    await jobs.stop(dir, 'nothing');
  });

  it('says nothing of a file that was closed while it was looked at', () => {
    const open = ['7 3 /disk', '7 4 /other'];
    const info = '/proc/7/fdinfo/4:pos:\t12\n/proc/7/fdinfo/4:flags:\t0100000';
    const report = ['running', '7', '', ...open, '', info, 'log'].join('\0');
    expect(parseReport(report)).toMatchObject({ positions: { '/other': 12 }, log: 'log' });
    expect(parseReport(report).positions).not.toHaveProperty('/disk');
  });

  it('gets a secret by pipe only', async () => {
    const secret = 'S3cret-never-written';
    await jobs.start({
      dir,
      name: 'secret',
      words: ['sh', '-c', 'read -r s; printf %s "$s" | wc -c; sleep 300'],
      stdin: `${secret}\n`,
    });
    await until('the job has read it', async () => (await jobs.status(dir, 'secret')).log === '20\n');
    const folder = join(dir, 'jobs/secret');
    for (const file of readdirSync(folder))
      expect(readFileSync(join(folder, file), 'utf8')).not.toContain(secret);
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      expect(readOr(`/proc/${pid}/cmdline`)).not.toContain(secret);
    await jobs.stop(dir, 'secret');
  });

  it('sees the end of its input, also when there is none', async () => {
    await jobs.start({ dir, name: 'eof', words: ['cat'], stdin: 'x'.repeat(65_536) });
    expect((await ended('eof')).log).toHaveLength(65_536);
    await jobs.start({ dir, name: 'eof', words: ['cat'] });
    expect(await ended('eof')).toMatchObject({ code: 0, log: '' });
  });

  it('is started once, however many start it at once', async () => {
    const words = ['sh', '-c', 'echo run >>runs; sleep 1'];
    await Promise.all(Array.from({ length: 8 }, () => jobs.start({ dir, name: 'once', words })));
    await ended('once');
    expect(readFileSync(join(dir, 'runs'), 'utf8')).toBe('run\n');
  });

  it('is left alone when it runs, and starts anew when it has ended', async () => {
    const words = ['sleep', '300'];
    const first = await jobs.start({ dir, name: 'again', words });
    expect((await jobs.start({ dir, name: 'again', words })).pid).toBe(first.pid);
    await jobs.stop(dir, 'again');
    const second = await jobs.start({ dir, name: 'again', words });
    expect(second).toMatchObject({ state: 'running', code: null });
    expect(second.pid).not.toBe(first.pid);
    await jobs.stop(dir, 'again');
  });

  it('tells how far it has read its files, and keeps only the end of a long log', async () => {
    const file = join(dir, 'a file\nof two lines');
    writeFileSync(file, 'x'.repeat(1000));
    const script = 'exec 3<"$0" 4>other; head -c 300 <&3 >/dev/null; yes | head -c 100000; sleep 300';
    await jobs.start({ dir, name: 'reader', words: ['sh', '-c', script, file] });
    const seen = await until('it has read', async () => {
      const now = await jobs.status(dir, 'reader');
      return now.log.length === 65_536 ? now : null;
    });
    expect(seen.positions).toEqual({ [file]: 300 });
    await jobs.stop(dir, 'reader');
  });

  it('is ended with its children even when they ignore being asked', async () => {
    const script = "trap '' TERM; sleep 301 & echo $!; wait; wait; sleep 302";
    await jobs.start({ dir, name: 'stubborn', words: ['sh', '-c', script] });
    const child = await until('the child', async () => Number((await jobs.status(dir, 'stubborn')).log));
    await jobs.stop(dir, 'stubborn');
    expect(readOr(`/proc/${child}/cmdline`)).toBe('');
    expect(await jobs.status(dir, 'stubborn')).toMatchObject({ state: 'ended', code: 137 });
  });

  it('has no status when it vanished without leaving one', async () => {
    const { pid } = await jobs.start({ dir, name: 'gone', words: ['sleep', '1'] });
    process.kill(Number(pid), 'SIGKILL');
    expect(await ended('gone')).toMatchObject({ state: 'ended', code: null });
  });

  it('reports why it could not start', async () => {
    await expect(jobs.start({ dir: '/proc/nowhere', name: 'x', words: ['true'] })).rejects.toMatchObject({
      code: 'host.job-failed-to-start',
    });
    await expect(jobs.status(dir, '../../etc')).rejects.toMatchObject({ code: 'host.bad-job-name' });
  });

  it('works where sh is bash', async () => {
    const asBash: typeof runLocal = (words, options) =>
      runLocal(words[0] === 'sh' ? ['bash', '--posix', ...words.slice(1)] : words, options);
    const other = jobsOver(asBash);
    const words = ['sh', '-c', 'read -r s; echo "$s"; sleep 300'];
    const begun = await other.start({ dir, name: 'bash', words, stdin: 'read\n' });
    expect(begun.state).toBe('running');
    await until('it has read', async () => (await other.status(dir, 'bash')).log === 'read\n');
    await other.stop(dir, 'bash');
    expect(await other.status(dir, 'bash')).toMatchObject({ state: 'ended', code: 143 });
  });

  it('can be left waiting for', async () => {
    await jobs.start({ dir, name: 'long', words: ['sleep', '300'] });
    const abort = new AbortController();
    const waiting = jobs.wait(dir, 'long', () => abort.abort(), abort.signal);
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(await jobs.status(dir, 'long')).toMatchObject({ state: 'running' });
    await jobs.stop(dir, 'long');
  });
});

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
