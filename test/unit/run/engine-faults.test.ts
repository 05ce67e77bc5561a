import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EngineOptions, startEngine } from '../../../electron/run/engine.ts';
import { createRun, loadPlan, type RunFolder } from '../../../electron/run/folder.ts';
import { readJournal } from '../../../electron/run/journal.ts';
import { lockHolder } from '../../../electron/run/lock.ts';
import { planSchema } from '../../../shared/plan.ts';
import { examplePlan } from './example.ts';
import { fakeStages, noPorts, untilStopped, type World } from './fake-stages.ts';

/** What the system refuses during one test. */
const refused = vi.hoisted(() => ({ watch: false, close: false }));
const noSpace = () => Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const watch = (...given: Parameters<typeof real.watch>) => {
    if (refused.watch) throw noSpace();
    return real.watch(...given);
  };
  return { ...real, watch };
});
vi.mock('../../../electron/run/journal.ts', async (original) => {
  const real = await original<typeof import('../../../electron/run/journal.ts')>();
  const openJournal = async (path: string) => {
    const journal = await real.openJournal(path);
    const close = () => journal.close().then(() => (refused.close ? Promise.reject(noSpace()) : undefined));
    return { ...journal, close };
  };
  return { ...real, openJournal };
});

const plan = planSchema.parse(examplePlan);
let home: string;
let world: string;
let folder: RunFolder;
beforeEach(async () => {
  Object.assign(refused, { watch: false, close: false });
  home = await mkdtemp(join(tmpdir(), 'casement-engine-faults-'));
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

describe('the engine, when the system refuses something', () => {
  it('ends a run and frees its lock although the journal cannot be closed', async () => {
    refused.close = true;
    expect((await (await start()).finished).state).toBe('done');
    expect(await lockHolder(folder.lock)).toBeNull();
  });

  it('works without a watch of the folder, and still hears another process cancel', async () => {
    refused.watch = true;
    const running = await start((stage, moment, signal) =>
      stage === 'disk' && moment === 'between' ? untilStopped(signal) : undefined,
    );
    await writeFile(folder.cancel, '');
    expect((await running.finished).state).toBe('cancelled');
    expect(await lockHolder(folder.lock)).toBeNull();
  });

  it('frees the lock when the journal cannot be opened', async () => {
    await mkdir(folder.journal);
    await expect(start()).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await lockHolder(folder.lock)).toBeNull();
  });

  it('saves a changed plan only when nobody else works on the run', async () => {
    const wished = { ...plan, name: 'Another name' };
    const running = await start((_stage, _moment, signal) => untilStopped(signal));
    await expect(start(undefined, { wished })).rejects.toMatchObject({ code: 'run.busy' });
    expect(await loadPlan(folder)).toEqual(plan);
    await running.detach();
    const disk = { ...plan.disk, sizeGB: plan.disk.sizeGB + 1 };
    const view = await (await start(undefined, { wished: { ...plan, disk } })).finished;
    expect(view.plan.disk).toEqual(disk);
    expect((await loadPlan(folder)).disk).toEqual(disk);
  });
});

describe('a stage that does not notice its cancel', () => {
  /** A launch that arrives only when told so, long after the cancel went on without it. */
  async function cancelledTooEarly() {
    let arrive: () => void = () => {};
    const onItsWay = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    let begun = false;
    const running = await start(
      async (stage, moment) => {
        if (stage !== 'launch' || moment !== 'before') return;
        begun = true;
        await onItsWay;
      },
      { stopMs: 20 },
    );
    await vi.waitFor(() => expect(begun).toBe(true));
    expect(await running.cancel()).toEqual([]);
    expect(running.view()).toMatchObject({ state: 'cancelled', active: false });
    return arrive;
  }
  const launches = async () =>
    (await readFile(join(world, 'log'), 'utf8')).split('\n').filter((stage) => stage === 'launch').length;

  it('has what it made nevertheless cleaned afterwards, and the journal says so', async () => {
    const arrive = await cancelledTooEarly();
    arrive();
    await vi.waitFor(async () =>
      expect((await readJournal(folder.journal)).at(-1)).toMatchObject({
        state: 'cancelled',
        message: 'launch was cleaned.',
      }),
    );
    expect(await launches()).toBe(1);
    expect(existsSync(join(world, 'launch'))).toBe(false);
    await vi.waitFor(async () => expect(await lockHolder(folder.lock)).toBeNull());
  });

  it('leaves alone what somebody who continued the run has taken over', async () => {
    const arrive = await cancelledTooEarly();
    expect((await (await start()).finished).state).toBe('done');
    arrive();
    await vi.waitFor(async () => expect(await launches()).toBe(2));
    await vi.waitFor(async () => expect(await lockHolder(folder.lock)).toBeNull());
    expect(existsSync(join(world, 'launch'))).toBe(true);
    expect((await readJournal(folder.journal)).at(-1)).toMatchObject({ state: 'done', stage: null });
  });
});
