import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEvents } from '../../../electron/backend/events.ts';
import { createHosts } from '../../../electron/backend/hosts.ts';
import { createPractice } from '../../../electron/backend/practice.ts';
import type { FixOptions } from '../../../electron/host/fix.ts';
import type { HostSpec } from '../../../shared/plan.ts';

const stubs = vi.hoisted(() => ({
  fix: vi.fn<(...all: [unknown, unknown, string, FixOptions]) => Promise<{ exitCode: number }>>(),
  program: '',
}));
vi.mock('../../../electron/host/index.ts', () => ({
  connectHost: async () => ({ state: 'connected', onState: () => () => {}, close: async () => {} }),
  probeHost: async () => ({}),
  fixFinding: stubs.fix,
}));
vi.mock('../../../electron/backend/practice-info.ts', () => ({
  practiceInfo: async () => ({ available: true, running: false, needs: null }),
  labProgram: async () => stubs.program,
  nodeFor: () => process.execPath,
}));

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-cancel-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

it('a fix is ended by its host and finding, and by no other', async () => {
  stubs.fix.mockImplementation(async (_host, _report, _finding, { signal }) => {
    await pause(60_000, undefined, signal ? { signal } : {});
    return { exitCode: 0 };
  });
  const events = createEvents();
  const ask = { ask: async () => null };
  const secrets = { get: async () => '', put: async () => ({ ref: '', kept: 'memory' as const }) };
  const { service } = createHosts({ home: '/nowhere', ask, secrets, events });
  const host: HostSpec = { kind: 'local' };
  const fixed = service['host.fix']({ host, finding: 'qemu' });
  const ended = expect(fixed).rejects.toMatchObject({ name: 'AbortError' });
  await vi.waitFor(() => expect(stubs.fix).toHaveBeenCalled());
  await service['host.fix.cancel']({ host, finding: 'curl' });
  expect(stubs.fix.mock.calls[0]?.[3].signal?.aborted).toBe(false);
  await service['host.fix.cancel']({ host, finding: 'qemu' });
  await ended;
});

it('a laboratory that is coming up is ended, and can be started again', async () => {
  stubs.program = join(home, 'lab.mjs');
  const told = `console.log(JSON.stringify({ stage: 'apt', state: 'started', message: '' }));`;
  await writeFile(stubs.program, `${told} setTimeout(() => {}, 60_000);`);
  const events = createEvents();
  const { service } = await createPractice({ home, events, env: {} });
  for (const _time of ['first', 'again']) {
    const up = new Promise((resolve) => events.on(resolve));
    const started = service['practice.start']({});
    const ended = expect(started).rejects.toMatchObject({ name: 'AbortError' });
    await up;
    await service['practice.cancel']({});
    await ended;
  }
});
