import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobStatus } from '../../../electron/host/types.ts';
import type { HostState } from '../../../shared/views.ts';
import { until } from '../../until.ts';
import { labEnv } from '../lab.ts';
import { cable, leaveAll, meet, specOf } from './bench.ts';

const { user, inner } = labEnv().hosts;
const port = Number(user.address.split(':').at(-1));
const account = /\/\/([^@]+)@/.exec(user.address)?.[1] ?? '';
let wire: Awaited<ReturnType<typeof cable>>;

beforeAll(async () => {
  wire = await cable(port);
});
afterEach(async () => {
  wire.plug();
  await leaveAll();
});
afterAll(() => wire.close());

/** A host behind the cable, signed in by a password that is asked for. */
async function behindCable() {
  const { host, asked } = await meet(
    { kind: 'ssh', address: `ssh://${account}@127.0.0.1:${wire.port}`, agent: false },
    { answer: (question) => (question.kind === 'host-key' ? [] : [user.password ?? '']) },
  );
  const states: HostState[] = [];
  host.onState((state) => states.push(state));
  const dir = (await host.run(['mktemp', '-d'])).stdout.trim();
  return { host, asked, states, dir };
}

describe('a dropped line', () => {
  it('comes back by itself without asking again', async () => {
    const { host, asked, states } = await behindCable();
    const before = asked.length;
    wire.cut();
    await until('it is connected again', () => states.includes('connected'));
    expect(states).toEqual(['reconnecting', 'connected']);
    expect((await host.run(['echo', 'back'])).stdout).toBe('back\n');
    expect(asked).toHaveLength(before);
  });

  it('fails the command in flight, and the next one works', async () => {
    const { host } = await behindCable();
    const running = host.run(['sh', '-c', 'echo here; sleep 30'], { onStdout: () => wire.cut() });
    await expect(running).rejects.toMatchObject({ code: 'host.connection-lost' });
    expect((await host.run(['echo', 'next'])).stdout).toBe('next\n');
    const stream = await host.files.readStream('/dev/zero');
    stream.destroy();
  });

  it('does not end a job, and waiting for it goes on', async () => {
    const { host, dir } = await behindCable();
    const script = 'i=0; while [ ! -e "$0/go" ]; do i=$((i+1)); sleep 0.1; done; echo "went on"; exit 5';
    const { pid } = await host.jobs.start({ dir, name: 'long', words: ['sh', '-c', script, dir] });
    const seen: JobStatus[] = [];
    const waiting = host.jobs.wait(dir, 'long', (now) => seen.push(now), new AbortController().signal);
    await until('it was seen', () => seen.length > 0);
    wire.unplug();
    await until('the line is down', () => host.state === 'reconnecting');
    wire.plug();
    await host.files.write(`${dir}/go`, '');
    expect(await waiting).toMatchObject({ state: 'ended', pid, code: 5, log: 'went on\n' });
    await host.run(['rm', '-rf', '--', dir]);
  });

  it('ends a stream of a file with a sentence, and listing goes on', async () => {
    const { host } = await behindCable();
    const reading = (async () => {
      for await (const _ of await host.files.readStream('/usr/bin/perl')) wire.cut();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'host.connection-lost' });
    const listing = host.files.list('/etc');
    wire.cut();
    expect((await listing).length).toBeGreaterThan(10);
  });

  it('that stays down is told, and tried anew by the next operation', async () => {
    const { host } = await behindCable();
    wire.unplug();
    await until('the line is down', () => host.state === 'reconnecting');
    await expect(host.run(['true'])).rejects.toMatchObject({ code: 'host.unreachable' });
    expect(host.state).toBe('disconnected');
    wire.plug();
    expect((await host.run(['echo', 'again'])).stdout).toBe('again\n');
    expect(host.state).toBe('connected');
  }, 90_000);

  it('behind a jump host comes back too', async () => {
    const { host } = await meet(specOf('inner'));
    const killer = await meet(specOf('inner'));
    const name = /\/\/([^@]+)@/.exec(inner.address)?.[1] ?? '';
    const states: HostState[] = [];
    host.onState((state) => states.push(state));
    const own = (await host.run(['sh', '-c', 'ps -o ppid= -p $$'])).stdout.trim();
    const kill = killer.host.run(['kill', '-KILL', own], { allowFailure: true });
    await kill;
    await until('it is connected again', () => states.at(-1) === 'connected');
    expect((await host.run(['id', '-un'])).stdout.trim()).toBe(name);
  });

  it('is not dialled again once the host was closed', async () => {
    const { host } = await behindCable();
    const before = wire.connections();
    await host.close();
    await expect(host.run(['true'])).rejects.toMatchObject({ code: 'host.closed' });
    await expect(host.files.stat('/')).rejects.toMatchObject({ code: 'host.closed' });
    expect([wire.connections(), host.state]).toEqual([before, 'disconnected']);
  });
});
