import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cancelIdle, type EngineOptions, startEngine } from '../../../electron/run/engine.ts';
import { createRun, loadPlan, type RunFolder } from '../../../electron/run/folder.ts';
import { readJournal } from '../../../electron/run/journal.ts';
import { CasementError } from '../../../shared/errors.ts';
import { planSchema } from '../../../shared/plan.ts';
import { STAGES, type StageId } from '../../../shared/stages.ts';
import { examplePlan } from './example.ts';
import { fakeStages, made, noPorts, untilStopped, type World } from './fake-stages.ts';

const plan = planSchema.parse(examplePlan);
let home: string;
let world: string;
let folder: RunFolder;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-engine-'));
  world = join(home, 'world');
  await mkdir(world);
  folder = await createRun(home, plan);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const start = (at: World['at'] = () => {}, more: Partial<EngineOptions> = {}) =>
  startEngine({
    folder,
    plan,
    stages: fakeStages({ folder: world, at }),
    ports: noPorts,
    until: 'connect',
    ...more,
  });
const effects = async () => (await readFile(join(world, 'log'), 'utf8')).trim().split('\n');

async function killedAt(stage: StageId, moment: string): Promise<string> {
  const program = fileURLToPath(new URL('killed-run.ts', import.meta.url));
  const child = spawn(process.execPath, [program, home, folder.id, world, stage, moment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? 'ended by itself';
}

describe('the engine', () => {
  it('walks all stages in order and ends as done', async () => {
    const view = await (await start()).finished;
    expect(view.state).toBe('done');
    expect(view.active).toBe(false);
    expect(await effects()).toEqual(STAGES);
    expect(view.stages.map(({ state }) => state)).toEqual(STAGES.map(() => 'done'));
  });

  it('stops after the stage it was told to stop after, and goes on later from there', async () => {
    expect((await (await start(undefined, { until: 'disk' })).finished).state).toBe('done');
    expect(await effects()).toEqual(['host', 'media', 'disk']);
    const view = await (await start()).finished;
    expect(view.until).toBe('connect');
    expect(await effects()).toEqual(STAGES);
  });

  it('goes on after a SIGKILL at any moment of any stage, with the same result and nothing done twice', {
    timeout: 60_000,
  }, async () => {
    for (const stage of STAGES)
      for (const moment of ['before', 'between'])
        expect(await killedAt(stage, moment), `${stage} ${moment}`).toBe('SIGKILL');
    const view = await (await start()).finished;
    expect(view.state).toBe('done');
    expect(await made(world)).toEqual([...STAGES]);
    expect(await effects()).toEqual(STAGES);
  });

  it('redoes a done stage whose work is gone, but only when a later one builds on it', async () => {
    await (await start(undefined, { until: 'inject' })).finished;
    await rm(join(world, 'inject'));
    await rm(join(world, 'media'));
    expect((await (await start()).finished).state).toBe('done');
    expect((await effects()).filter((stage) => stage === 'inject')).toHaveLength(2);
    expect((await effects()).filter((stage) => stage === 'host')).toHaveLength(1);
  });

  it('journals a failure with its sentences and continues from the failed stage', async () => {
    const error = { code: 'x.y', title: 'No', whatHappened: 'It broke.', whatToDo: 'Mend it.' };
    const failed = await (
      await start((stage) => {
        if (stage === 'publish') throw new CasementError(error);
      })
    ).finished;
    expect(failed.state).toBe('failed');
    expect(failed.stages[STAGES.indexOf('publish')]).toMatchObject({ state: 'failed', error });
    expect((await (await start()).finished).state).toBe('done');
    expect(await effects()).toEqual(STAGES);
  });

  it('lets nobody else work on the run at the same time', async () => {
    const running = await start((_stage, _moment, signal) => untilStopped(signal));
    await expect(start()).rejects.toMatchObject({ code: 'run.busy' });
    await running.detach();
    await (await start()).finished;
  });

  it('leaves a detached run as it is, to be continued', async () => {
    const running = await start((stage, moment, signal) =>
      stage === 'install' && moment === 'between' ? untilStopped(signal) : undefined,
    );
    await vi.waitFor(async () => expect(await effects()).toContain('install'));
    await running.detach();
    expect(running.view()).toMatchObject({ state: 'running', active: false });
    expect((await (await start()).finished).state).toBe('done');
    expect(await effects()).toEqual(STAGES);
  });

  it('cancels by undoing what was begun, newest first, and says what it cleaned', async () => {
    const running = await start((stage, moment, signal) =>
      stage === 'disk' && moment === 'between' ? untilStopped(signal) : undefined,
    );
    await vi.waitFor(async () => expect(await effects()).toContain('disk'));
    expect(await running.cancel()).toEqual(['disk was cleaned.']);
    expect(running.view().state).toBe('cancelled');
    expect(running.view().stages[2]?.state).toBe('pending');
    expect(await loadPlan(folder)).toEqual(plan);
  });

  it('cleans up after a process that was killed', async () => {
    expect(await killedAt('launch', 'between')).toBe('SIGKILL');
    const stages = fakeStages({ folder: world, at: () => {} });
    expect(await cancelIdle({ folder, plan, stages, ports: noPorts })).toEqual(['launch was cleaned.']);
    expect((await readJournal(folder.journal)).at(-1)).toMatchObject({ state: 'cancelled', stage: null });
  });

  it('skips what the plan does without, with the reason', async () => {
    const stages = fakeStages({ folder: world, at: () => {} }).map((stage) =>
      ['publish', 'verify', 'launch', 'connect'].includes(stage.id)
        ? { ...stage, skip: () => 'No cloud.' }
        : stage,
    );
    const view = await (await start(undefined, { stages })).finished;
    expect(view.state).toBe('done');
    expect(view.stages[STAGES.indexOf('launch')]).toMatchObject({
      state: 'skipped',
      outcome: { Reason: 'No cloud.' },
    });
  });

  it('writes progress to the journal at most once a second, but tells listeners of facts at once', async () => {
    const states: string[] = [];
    await (await start(undefined, { onLine: ({ state }) => states.push(state) })).finished;
    expect(states.filter((state) => state === 'progress').length).toBeLessThan(STAGES.length);
    expect(states.filter((state) => state === 'done')).toHaveLength(STAGES.length + 1);
  });
});
