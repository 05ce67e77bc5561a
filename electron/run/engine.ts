// The engine: walks the stages of a plan and journals every fact, so that any process may go on from there.
// May touch: the stages' interface, the journal, the lock, shared. Hosts and clouds reach it through ports only.
import { watch } from 'node:fs';
import { basename } from 'node:path';
import { CasementError, isAbort } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import { STAGES, type StageId } from '../../shared/stages.ts';
import type { RunView } from '../../shared/views.ts';
import { DETACHED } from '../host/detach.ts';
import { createdAt, type RunFolder } from './folder.ts';
import { openJournal, readJournal } from './journal.ts';
import { takeLock } from './lock.ts';
import { createRecorder, type Listener, type Recorder } from './recorder.ts';
import { reduceAll } from './reduce.ts';
import type { Ports, RunFacts, Stage, StageContext } from './types.ts';

export interface EngineOptions extends Listener {
  readonly folder: RunFolder;
  readonly plan: Plan;
  readonly stages: readonly Stage[];
  readonly ports: Ports;
  readonly until: StageId;
}

/** A run that this process works on. */
export interface Running {
  readonly id: string;
  view(): RunView;
  /** The view after the last stage, a failure, a detach or a cancel. Never rejects. */
  readonly finished: Promise<RunView>;
  /** Stops working on it; what runs on the host goes on, and the run can be continued. */
  detach(): Promise<void>;
  /** Stops it and cleans up; says what was cleaned. */
  cancel(): Promise<string[]>;
}

/** Most time a stage gets to notice that it was stopped, in ms; then the work goes on without it. */
const STOP_MS = 20_000;

/** Begins or continues a run. Throws `run.busy` when another process works on it. */
export async function startEngine(options: EngineOptions): Promise<Running> {
  const { folder, plan } = options;
  const lock = await takeLock(folder.lock);
  const journal = await openJournal(folder.journal);
  const status = reduceAll(await createdAt(folder), await readJournal(folder.journal));
  const recorder = createRecorder({ id: folder.id, plan, journal, status, listener: options });
  const stop = new AbortController();
  let active = true;
  let cleaning: Promise<string[]> | undefined;

  const work = async (): Promise<void> => {
    await recorder.write(null, 'started', { facts: { until: options.until } });
    await walk(options, recorder, stop.signal);
  };
  const worked = work();
  const cancelWatch = watchForCancel(folder, () => void cancel());

  const finish = async (): Promise<RunView> => {
    await settled(worked, stop.signal);
    await cleaning?.catch(() => {});
    cancelWatch();
    active = false;
    await journal.close();
    await lock.release();
    const view = recorder.view(false);
    options.onView?.(view);
    return view;
  };
  const finished = finish();

  function cancel(): Promise<string[]> {
    cleaning ??= clean();
    return cleaning;
  }
  async function clean(): Promise<string[]> {
    stop.abort();
    await settled(worked, stop.signal);
    return await undoAll(options, recorder);
  }

  return {
    id: folder.id,
    view: () => recorder.view(active),
    finished,
    async detach() {
      stop.abort(DETACHED);
      await finished;
    },
    async cancel() {
      const cleaned = await cancel();
      await finished;
      return cleaned;
    },
  };
}

/** Cancels a run that nobody works on: cleans what an earlier process left. Throws `run.busy` otherwise. */
export async function cancelIdle(options: Omit<EngineOptions, 'until'>): Promise<string[]> {
  const { folder, plan } = options;
  const lock = await takeLock(folder.lock);
  const journal = await openJournal(folder.journal);
  try {
    const status = reduceAll(await createdAt(folder), await readJournal(folder.journal));
    const recorder = createRecorder({ id: folder.id, plan, journal, status, listener: options });
    return await undoAll(options, recorder);
  } finally {
    await journal.close();
    await lock.release();
  }
}

/** Walks the stages up to `until`; a failure is journaled, never thrown. */
async function walk(options: EngineOptions, recorder: Recorder, signal: AbortSignal): Promise<void> {
  const settledStages = new Set<StageId>();
  const wanted = options.stages.filter(({ id }) => STAGES.indexOf(id) <= STAGES.indexOf(options.until));
  const stateOf = (stage: Stage) => recorder.status.stages[stage.id].state;

  const perform = async (stage: Stage): Promise<void> => {
    await recorder.write(stage.id, 'started');
    const context = contextOf(options, recorder, stage);
    const result = (await stage.check(context, signal)) ?? (await stage.run(context, signal));
    signal.throwIfAborted();
    if (result.skipped === undefined) await recorder.done(stage.id, result);
    else await recorder.write(stage.id, 'skipped', { message: result.skipped, facts: result.facts });
  };
  // Asks a done stage only when a later one builds on it, and redoes it only when host or cloud lost its work.
  const ensure = async (stage: Stage): Promise<void> => {
    if (settledStages.has(stage.id)) return;
    signal.throwIfAborted();
    const reason = stage.skip(options.plan);
    if (reason !== null) await recorder.write(stage.id, 'skipped', { message: reason });
    else if (!(await stillDone(stage))) {
      for (const giver of givers(stage, options.stages)) await ensure(giver);
      current = stage;
      await perform(stage);
    }
    settledStages.add(stage.id);
  };
  const stillDone = async (stage: Stage): Promise<boolean> => {
    if (stateOf(stage) !== 'done') return false;
    current = stage;
    const result = await stage.check(contextOf(options, recorder, stage), signal);
    if (result) await recorder.write(stage.id, 'note', { facts: result.facts });
    return result !== null;
  };

  let current: Stage | undefined;
  try {
    for (const stage of wanted) if (stateOf(stage) !== 'done') await ensure(stage);
    await recorder.write(null, 'done');
  } catch (thrown) {
    if (signal.aborted && (isAbort(thrown) || thrown === signal.reason)) return;
    // Whatever a stage throws after it was told to stop is an echo of the stop.
    if (signal.aborted) return;
    if (current) await recorder.failed(current.id, thrown);
    await recorder.failed(null, thrown);
  }
}

/** The stages that give what `stage` needs, in order. */
function givers(stage: Stage, stages: readonly Stage[]): Stage[] {
  const needed = new Set<keyof RunFacts>(stage.needs);
  return stages.filter((other) => other.id !== stage.id && other.gives.some((fact) => needed.has(fact)));
}

async function undoAll(options: Omit<EngineOptions, 'until'>, recorder: Recorder): Promise<string[]> {
  const cleaned: string[] = [];
  const begun = options.stages.filter(
    ({ id }) => !['pending', 'skipped'].includes(recorder.status.stages[id].state),
  );
  for (const stage of begun.reverse()) {
    const done = recorder.status.stages[stage.id].state === 'done';
    try {
      cleaned.push(...(await stage.undo(contextOf(options, recorder, stage), done)));
    } catch (thrown) {
      const why = thrown instanceof CasementError ? thrown.whatHappened : String(thrown);
      cleaned.push(`Not cleaned after "${stage.id}": ${why}`);
    }
  }
  const message = cleaned.length > 0 ? cleaned.join(' ') : 'There was nothing to clean.';
  await recorder.write(null, 'cancelled', { message, facts: { machine: null } });
  return cleaned;
}

function contextOf(
  options: Pick<EngineOptions, 'folder' | 'plan' | 'ports'>,
  recorder: Recorder,
  stage: Stage,
): StageContext {
  return {
    run: options.folder.id,
    plan: options.plan,
    get facts() {
      return recorder.status.facts;
    },
    tag: `casement:${options.folder.id}`,
    ports: options.ports,
    progress: (progress) => recorder.progress(stage.id, progress),
    note: (facts, message) => recorder.write(stage.id, 'note', { facts, message }),
    waiting: (message) => recorder.write(stage.id, 'waiting', { message }),
    undone: (earlier, message) => recorder.write(earlier, 'cancelled', { message }),
  };
}

// Resolves when the work has ended, or a while after it was told to stop: a stuck stage must not block a cancel.
async function settled(worked: Promise<void>, stop: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      timer = setTimeout(resolve, STOP_MS);
    };
    if (stop.aborted) arm();
    else stop.addEventListener('abort', arm, { once: true });
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', arm);
      resolve();
    };
    worked.then(end, end);
  });
}

function watchForCancel(folder: RunFolder, onCancel: () => void): () => void {
  const watcher = watch(folder.path, (_event, name) => {
    if (name === basename(folder.cancel)) onCancel();
  });
  watcher.on('error', () => {});
  return () => watcher.close();
}
