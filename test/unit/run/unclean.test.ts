import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { notClean } from '../../../electron/guest/faults.ts';
import type { Injected } from '../../../electron/guest/types.ts';
import { localHost } from '../../../electron/host/local.ts';
import { machineFiles } from '../../../electron/machine/index.ts';
import { startEngine } from '../../../electron/run/engine.ts';
import { createRun, type RunFolder } from '../../../electron/run/folder.ts';
import { readJournal } from '../../../electron/run/journal.ts';
import { mergePlan } from '../../../electron/run/merge.ts';
import { reduceAll } from '../../../electron/run/reduce.ts';
import { injectStage } from '../../../electron/run/stages/inject.ts';
import { phaseEnded } from '../../../electron/run/stages/vm.ts';
import type { Facts, Stage } from '../../../electron/run/types.ts';
import { planSchema } from '../../../shared/plan.ts';
import { examplePlan } from './example.ts';
import { fakeStages, noPorts } from './fake-stages.ts';

const injectFile = vi.hoisted(() => vi.fn<() => Promise<Partial<Injected>>>());
vi.mock('../../../electron/guest/index.ts', () => ({ injectFile }));

const plan = planSchema.parse(examplePlan);
const host = localHost();
const ports = { ...noPorts, host: async () => host };
let home: string;
let folder: RunFolder;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-unclean-'));
  folder = await createRun(home, plan);
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Fake stages, but for the real injection; Windows "ran" as often as the marker of its phase was written. */
function stages(installs: { count: number }): Stage[] {
  const marker = machineFiles(home).ended('install');
  const cloudbaseInit = { path: '/x.msi', bytes: 1, sha256: 'a' };
  const facts: Partial<Record<Stage['id'], Facts>> = {
    host: { dir: home, probe: {} as NonNullable<Facts['probe']> },
    media: { media: { windows: cloudbaseInit, virtio: cloudbaseInit, cloudbaseInit } },
    install: { installed: true },
  };
  return fakeStages({ folder: home, at: () => {} }).map((stage) => {
    if (stage.id === 'inject') return injectStage;
    const given = facts[stage.id];
    if (!given) return stage;
    const result = { facts: given, outcome: {} };
    const gives = Object.keys(given) as Stage['gives'];
    if (stage.id !== 'install') return { ...stage, gives, check: async () => result };
    return {
      ...stage,
      check: async (context) => ((await phaseEnded(host, context, 'install')) ? result : null),
      async run() {
        installs.count += 1;
        await mkdir(dirname(marker), { recursive: true });
        await writeFile(marker, '');
        return result;
      },
    };
  });
}

describe('a Windows whose disk cannot be written as it is', () => {
  it.each(['dirty', 'hibernated', 'bitlocker'] as const)(
    'is started once more when the build goes on (%s)',
    async (state) => {
      const installs = { count: 0 };
      const work = async () =>
        await (await startEngine({ folder, plan, ports, stages: stages(installs), until: 'inject' }))
          .finished;
      injectFile.mockRejectedValueOnce(notClean(state));
      const failed = await work();
      const stateOf = (id: string) => failed.stages.find((stage) => stage.id === id);
      expect(failed.state).toBe('failed');
      expect(stateOf('inject')?.error).toMatchObject({
        code: `guest.${state}`,
        whatToDo: expect.stringMatching(/^Continue the build: Windows starts again.*shutdown \/s \/t 0/),
      });
      expect(stateOf('install')).toMatchObject({ state: 'pending', outcome: {} });
      expect(existsSync(machineFiles(home).ended('install'))).toBe(false);

      injectFile.mockResolvedValueOnce({ guestPath: '/d', method: 'fuse', bytes: 1, sha256: 'a' });
      expect((await work()).stages.slice(3, 5).map((stage) => stage.state)).toEqual(['done', 'done']);
      expect(installs.count).toBe(2);
    },
  );

  it('keeps the machine it was installed on', async () => {
    injectFile.mockRejectedValueOnce(notClean('dirty'));
    await (await startEngine({ folder, plan, ports, stages: stages({ count: 0 }), until: 'inject' }))
      .finished;
    const status = reduceAll('', await readJournal(folder.journal));
    const wished = { ...plan, machine: { ...plan.machine, firmware: 'uefi' as const } };
    expect(mergePlan(plan, wished, status).machine).toEqual(plan.machine);
  });
});
