// Runs: begun, continued, cancelled, listed. The engine does the work; this service keeps who works on what.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import type { StageId } from '../../shared/stages.ts';
import type { RunView } from '../../shared/views.ts';
import { cancelIdle, type Running, startEngine } from '../run/engine.ts';
import {
  createdAt,
  createRun,
  listRuns,
  loadPlan,
  type RunFolder,
  removeRun,
  runFolder,
} from '../run/folder.ts';
import { readJournal } from '../run/journal.ts';
import { lockHolder } from '../run/lock.ts';
import { type RunStatus, reduceAll, toView } from '../run/reduce.ts';
import { RUN_STAGES } from '../run/stages/index.ts';
import type { Ports } from '../run/types.ts';
import type { EventBus } from './events.ts';
import type { Service } from './handlers.ts';

interface RunsOptions {
  readonly home: string;
  readonly events: EventBus;
  readonly ports: Ports;
}

/** A run as other services see it. */
interface RunInfo {
  readonly plan: Plan;
  readonly status: RunStatus;
}

export interface Runs {
  readonly service: Service<
    'run.start' | 'run.continue' | 'run.cancel' | 'run.remove' | 'run.list' | 'run.get' | 'run.journal'
  >;
  /** Plan and facts of a run, from its journal. Throws `run.unknown`. */
  info(id: string): Promise<RunInfo>;
  /** The run this process works on, if it does. */
  running(id: string): Running | undefined;
  /** Detaches from every run; what runs on hosts goes on. */
  close(): Promise<void>;
}

/** How long another process gets to cancel its run, in ms: a VM to stop, a job to end, a few calls to the cloud. */
const CANCEL_MS = 60_000;

/** The runs kept in the state folder. */
export function createRuns(options: RunsOptions): Runs {
  const { home, events, ports } = options;
  const running = new Map<string, Running>();

  const info = async (id: string): Promise<RunInfo> => {
    const folder = runFolder(home, id);
    const plan = await loadPlan(folder);
    return { plan, status: reduceAll(await createdAt(folder), await readJournal(folder.journal)) };
  };
  const view = async (id: string): Promise<RunView> => {
    const known = running.get(id);
    if (known) return known.view();
    const { plan, status } = await info(id);
    return toView(id, plan, status, false);
  };
  const work = async (folder: RunFolder, plan: Plan, until: StageId, wished?: Plan): Promise<RunView> => {
    const engine = await startEngine({
      folder,
      plan,
      wished,
      stages: RUN_STAGES,
      ports,
      until,
      onLine: (line) => events.emit('run.journal', line),
      onView: (changed) => events.emit('run.changed', changed),
    });
    running.set(folder.id, engine);
    const forget = (): boolean => running.delete(folder.id);
    engine.finished.then(forget, forget);
    return engine.view();
  };
  const cancel = async (id: string): Promise<string[]> => {
    const known = running.get(id);
    if (known) return await known.cancel();
    const folder = runFolder(home, id);
    const { plan, status } = await info(id);
    if (status.state === 'done') return [];
    if ((await lockHolder(folder.lock)) !== null) return await askToCancel(folder);
    const listener = {
      onView: (changed: RunView) => events.emit('run.changed', { ...changed, active: false }),
    };
    return await cancelIdle({ folder, plan, stages: RUN_STAGES, ports, ...listener });
  };

  return {
    info,
    running: (id) => running.get(id),
    async close() {
      await Promise.all([...running.values()].map((engine) => engine.detach()));
    },
    service: {
      async 'run.start'({ plan, until }) {
        await mkdir(home, { recursive: true, mode: 0o700 });
        return await work(await createRun(home, plan), plan, until);
      },
      async 'run.continue'({ run, plan: wished, until }) {
        const known = running.get(run);
        if (known) return known.view();
        const folder = runFolder(home, run);
        return await work(folder, await loadPlan(folder), until, wished);
      },
      'run.cancel': async ({ run }) => ({ cleaned: await cancel(run) }),
      async 'run.remove'({ run }) {
        const folder = runFolder(home, run);
        const { plan, status } = await info(run);
        const cleaned = await cancel(run);
        if (status.facts.dir !== undefined) {
          cleaned.push(...(await removeWorkFolder(ports, plan, run, status.facts.dir)));
        }
        await removeRun(folder);
        return { cleaned: [...cleaned, 'The journal of the build was removed.'] };
      },
      async 'run.list'() {
        const views = await Promise.allSettled((await listRuns(home)).map(view));
        // A folder that a kill left without its plan is no run.
        return views.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      },
      'run.get': ({ run }) => view(run),
      async 'run.journal'({ run }) {
        await info(run);
        return await readJournal(runFolder(home, run).journal);
      },
    },
  };
}

async function removeWorkFolder(ports: Ports, plan: Plan, run: string, dir: string): Promise<string[]> {
  // The path comes from a file: only a folder that carries the name of this run is ever removed.
  if (posix.basename(dir) !== run) return [];
  const host = await ports.host(plan, AbortSignal.timeout(CANCEL_MS));
  await host.run(['rm', '-rf', '--', dir]);
  return [`The work folder ${dir} on the host was removed, with the disk in it.`];
}

// Another process works on it: it sees the file, cancels, and lets go of its lock.
async function askToCancel(folder: RunFolder): Promise<string[]> {
  await writeFile(folder.cancel, '', { mode: 0o600 });
  try {
    const deadline = Date.now() + CANCEL_MS;
    while ((await lockHolder(folder.lock)) !== null) {
      if (Date.now() > deadline) throw noAnswer();
      await pause(200);
    }
  } finally {
    await rm(folder.cancel, { force: true });
  }
  const last = (await readJournal(folder.journal)).findLast(({ state }) => state === 'cancelled');
  return last?.message === undefined ? [] : [last.message];
}

const noAnswer = (): CasementError =>
  new CasementError({
    code: 'run.cancel-unanswered',
    title: 'The build could not be cancelled',
    whatHappened: 'Another Casement works on this build and did not cancel it within a minute.',
    whatToDo: 'Cancel it in that window, or close that program and try again.',
  });
