import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createEvents } from '../../../electron/backend/events.ts';
import { createHosts } from '../../../electron/backend/hosts.ts';
import type { Host } from '../../../electron/host/types.ts';
import type { HostSpec } from '../../../shared/plan.ts';
import type { HostState } from '../../../shared/views.ts';

type Connect = typeof import('../../../electron/host/index.ts').connectHost;
const dial = vi.hoisted(() => ({ connect: vi.fn<Connect>() }));
vi.mock('../../../electron/host/index.ts', async (original) => ({
  ...(await original<typeof import('../../../electron/host/index.ts')>()),
  connectHost: dial.connect,
}));

const spec: HostSpec = { kind: 'ssh', address: 'admin@kvm1' };

/** A host that only counts what is done to it. */
function hostIn(state: HostState) {
  const closed = vi.fn(async () => {});
  const run = vi.fn(async () => ({ code: 0, stdout: '', stderr: '' }));
  const host = { state, run, close: closed, onState: () => () => {} } as unknown as Host;
  return { host, closed, run };
}
const setUp = () =>
  createHosts({
    home: '/nowhere',
    ask: { ask: async () => null },
    secrets: { get: async () => '', put: async () => ({ ref: '', kept: 'memory' as const }) },
    events: createEvents(),
  });
beforeEach(() => dial.connect.mockReset());

describe('the connection to a host', () => {
  it('that broke is not closed under a build that uses it, and dials again when somebody asks for it', async () => {
    const { host, closed, run } = hostIn('disconnected');
    dial.connect.mockResolvedValue(host);
    const hosts = setUp();
    expect(await hosts.open(spec)).toBe(host);
    expect(await hosts.open(spec)).toBe(host);
    await hosts.service['host.connect']({ host: spec });
    expect(run).toHaveBeenCalledWith(['true']);
    expect(closed).not.toHaveBeenCalled();
    expect(dial.connect).toHaveBeenCalledTimes(1);
    // The state folder holds whose key is known.
    const ports = expect.objectContaining({ home: '/nowhere' });
    expect(dial.connect).toHaveBeenCalledWith(spec, ports, expect.anything());
  });

  it('that was refused is made anew, once for all who ask at the same time', async () => {
    dial.connect.mockRejectedValueOnce(new Error('refused'));
    const hosts = setUp();
    await expect(hosts.open(spec)).rejects.toThrow('refused');
    dial.connect.mockImplementation(async () => hostIn('connected').host);
    const [one, two] = await Promise.all([hosts.open(spec), hosts.open(spec)]);
    expect(one).toBe(two);
    expect(dial.connect).toHaveBeenCalledTimes(2);
  });

  it('that stands only after it was dropped is closed, and nobody gets it', async () => {
    const { host, closed } = hostIn('connected');
    let arrive: (host: Host) => void = () => {};
    dial.connect.mockReturnValue(new Promise((resolve) => (arrive = resolve)));
    const hosts = setUp();
    const opened = hosts.open(spec);
    await hosts.service['host.disconnect']({ host: spec });
    arrive(host);
    await expect(opened).rejects.toThrow(/abort/i);
    expect(closed).toHaveBeenCalledOnce();
  });

  it('to this computer is asked for like any other, so that a system that cannot build says so', async () => {
    dial.connect.mockRejectedValueOnce(new Error('not on this system'));
    const opened = setUp().open({ kind: 'local' });
    await expect(opened).rejects.toThrow('not on this system');
    expect(dial.connect.mock.calls[0]?.[0]).toEqual({ kind: 'local' });
  });
});
