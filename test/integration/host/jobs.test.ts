import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../../electron/host/types.ts';
import { until } from '../../until.ts';
import { leaveAll, meet, specOf } from './bench.ts';

afterAll(leaveAll);

describe.each(['user', 'inner'] as const)('a detached job on a host behind SSH, as %s', (which) => {
  let host: Host;
  let dir = '';
  beforeAll(async () => {
    host = (await meet(specOf(which))).host;
    dir = (await host.run(['mktemp', '-d'])).stdout.trim();
  });
  afterAll(async () => void (await host.run(['rm', '-rf', '--', dir])));

  it('outlives the connection that started it, with its secret unread until then', async () => {
    const first = (await meet(specOf(which))).host;
    const script =
      'while [ ! -e "$0/go" ]; do sleep 0.1; done; read -r s; printf "%s\\n" "$s" | wc -c; exit 3';
    const begun = performance.now();
    const { pid, state } = await first.jobs.start({
      dir,
      name: 'outlives',
      words: ['sh', '-c', script, dir],
      stdin: 'S3cret-token\n',
    });
    console.log(`${which}: a start took ${Math.round(performance.now() - begun)} ms`);
    expect(state).toBe('running');
    await first.close();
    const seen = await host.run(['sh', '-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n"']);
    expect(seen.stdout).not.toContain('S3cret');
    await host.files.write(`${dir}/go`, '');
    const end = await host.jobs.wait(dir, 'outlives', () => {}, new AbortController().signal);
    expect(end).toMatchObject({ state: 'ended', pid, code: 3, log: '13\n' });
  });

  it('is started once by two connections at once', async () => {
    const second = (await meet(specOf(which))).host;
    const words = ['sh', '-c', 'echo run >>runs; sleep 2'];
    const both = await Promise.all([host, second].map((one) => one.jobs.start({ dir, name: 'once', words })));
    expect(both[0]?.pid).toBe(both[1]?.pid);
    expect((await host.files.read(`${dir}/runs`)).toString()).toBe('run\n');
  });

  it('tells its positions and is stopped with its children', async () => {
    await host.files.write(`${dir}/input`, 'x'.repeat(5000));
    const script = 'exec 3<input; head -c 1234 <&3 >/dev/null; sleep 300 & echo ready; wait';
    await host.jobs.start({ dir, name: 'reader', words: ['sh', '-c', script] });
    await until('it has read', async () => (await host.jobs.status(dir, 'reader')).log === 'ready\n');
    const begun = performance.now();
    const now = await host.jobs.status(dir, 'reader');
    console.log(`${which}: a status took ${Math.round(performance.now() - begun)} ms`);
    expect(now.positions).toEqual({ [`${dir}/input`]: 1234 });
    await host.jobs.stop(dir, 'reader');
    expect(await host.jobs.status(dir, 'reader')).toMatchObject({ state: 'ended', code: 143 });
    // What is only not yet buried by init does not run any more.
    const left = await host.run(['ps', '-o', 'stat=', '-s', String(now.pid)], { allowFailure: true });
    expect(left.stdout.split('\n').filter((state) => /^[^Z]/.test(state))).toEqual([]);
  });
});
