// The engine: walks the stages of a plan and journals every fact, so that any process may go on from there.
// May touch: the stages' interface, the journal, the lock, shared. Hosts and clouds reach it through ports only.
import { existsSync, watch } from 'node:fs';
import { basename } from 'node:path';
import { CasementError, isAbort } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import { STAGES, type StageId } from '../../shared/stages.ts';
import type { RunView } from '../../shared/views.ts';
import { DETACHED } from '../host/detach.ts';
import { createdAt, type RunFolder, savePlan } from './folder.ts';
import { type Journal, openJournal, readJournal } from './journal.ts';
import { takeLock } from './lock.ts';
import { mergePlan } from './merge.ts';
import { createRecorder, type Listener, type Recorder } from './recorder.ts';
import { reduceAll } from './reduce.ts';
import type { Ports, RunFacts, Stage, StageContext } from './types.ts';

export interface EngineOptions extends Listener {
  readonly folder: RunFolder;
  readonly plan: Plan;
  readonly stages: readonly Stage[];
  readonly ports: Ports;
  readonly until: StageId;
  /** A changed plan: its parts that no stage has used yet replace those of `plan`, once the lock is held. */
  readonly wished?: Plan | undefined;
  /** Most time a stage gets to notice that it was stopped, in ms; then the work goes on without it. */
  readonly stopMs?: number;
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

/** Default of `stopMs`. */
const STOP_MS = 20_000;
/** How often a cancel of another process is looked for where the system cannot tell, in ms. */
const POLL_MS = 1000;

/** Begins or continues a run. Throws `run.busy` when another process works on it. */
export async function startEngine(options: EngineOptions): Promise<Running> {
  const { folder, stopMs = STOP_MS } = options;
  let active = true;
  // A stage that outlives its cancel still reports: by then the run is nobody's, and may be another's.
  const listener: Listener = {
    onLine: (line) => active && options.onLine?.(line),
    onView: (view) => active && options.onView?.(view),
  };
  const { plan, recorder, close } = await openRun(options, listener);
  const run: EngineOptions = { ...options, plan };
  const stop = new AbortController();
  let cleaning: Promise<string[]> | undefined;

  const work = async (): Promise<void> => {
    await recorder.write(null, 'started', { facts: { until: options.until } });
    await walk(run, recorder, stop.signal);
  };
  const cancelWatch = watchForCancel(folder, () => void cancel().catch(() => {}));
  const worked = work();

  const finish = async (): Promise<RunView> => {
    await settled(worked, stop.signal, stopMs);
    await cleaning?.catch(() => {});
    cancelWatch();
    active = false;
    await close();
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
    const ended = await settled(worked, stop.signal, stopMs);
    const begun = begunStages(run, recorder);
    const late = (): Promise<void> => finished.then(() => cleanLate(run, recorder, begun)).catch(() => {});
    if (!ended) worked.then(late, late);
    return await undoAll(run, recorder, begun);
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

type IdleOptions = Omit<EngineOptions, 'until'>;

/** Cancels a run that nobody works on: cleans what an earlier process left. Throws `run.busy` otherwise. */
export async function cancelIdle(options: IdleOptions): Promise<string[]> {
  const { recorder, close } = await openRun(options, options);
  try {
    return await undoAll(options, recorder, begunStages(options, recorder));
  } finally {
    await close();
  }
}

interface OpenRun {
  readonly plan: Plan;
  readonly recorder: Recorder;
  /** Lets go of journal and lock. Never rejects. */
  close(): Promise<void>;
}

/** Takes the lock and reads where the run stands; the lock is free again when that fails. Throws `run.busy`. */
async function openRun(options: IdleOptions, listener: Listener): Promise<OpenRun> {
  const { folder, wished } = options;
  const lock = await takeLock(folder.lock);
  let journal: Journal | undefined;
  // Each by itself: a journal that cannot be closed (disk full, share gone) must not keep the lock.
  const close = async (): Promise<void> => {
    await journal?.close().catch(() => {});
    await lock.release().catch(() => {});
  };
  try {
    journal = await openJournal(folder.journal);
    const status = reduceAll(await createdAt(folder), await readJournal(folder.journal));
    const plan = wished ? mergePlan(options.plan, wished, status) : options.plan;
    if (wished) await savePlan(folder, plan);
    return { plan, recorder: createRecorder({ id: folder.id, plan, journal, status, listener }), close };
  } catch (thrown) {
    await close();
    throw thrown;
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

/** The stages that may have left something, in order. */
function begunStages(options: IdleOptions, recorder: Recorder): Stage[] {
  return options.stages.filter(
    ({ id }) => !['pending', 'skipped'].includes(recorder.status.stages[id].state),
  );
}

async function undoAll(options: IdleOptions, recorder: Recorder, begun: readonly Stage[]): Promise<string[]> {
  const cleaned = await undo(options, recorder, begun);
  const message = cleaned.length > 0 ? cleaned.join(' ') : 'There was nothing to clean.';
  await recorder.write(null, 'cancelled', { message, facts: { machine: null } });
  return cleaned;
}

/** Undoes the stages, newest first; what cannot be cleaned is said, never thrown. */
async function undo(options: IdleOptions, recorder: Recorder, begun: readonly Stage[]): Promise<string[]> {
  const cleaned: string[] = [];
  for (const stage of begun.toReversed()) {
    const done = recorder.status.stages[stage.id].state === 'done';
    try {
      cleaned.push(...(await stage.undo(contextOf(options, recorder, stage), done)));
    } catch (thrown) {
      const why = thrown instanceof CasementError ? thrown.whatHappened : String(thrown);
      cleaned.push(`Not cleaned after "${stage.id}": ${why}`);
    }
  }
  return cleaned;
}

/** A server or image that was on its way when the cancel went on without its stage has arrived by now: it goes too. */
async function cleanLate(options: IdleOptions, recorder: Recorder, begun: readonly Stage[]): Promise<void> {
  // With the folder removed nobody can go on with this run: nothing to lock, nowhere to write.
  if (!existsSync(options.folder.path)) {
    await undo(options, recorder, begun);
    return;
  }
  // Refused when somebody continued the run: that one finds by its tag what arrived, and uses it.
  const listener: Listener = { onLine: (line) => options.onLine?.(line) };
  const opened = await openRun({ ...options, wished: undefined }, listener);
  try {
    if (opened.recorder.status.state !== 'cancelled') return;
    const cleaned = await undo(options, opened.recorder, begun);
    const message = cleaned.join(' ');
    if (message !== '') await opened.recorder.write(null, 'cancelled', { message });
    options.onView?.(opened.recorder.view(false));
  } finally {
    await opened.close();
  }
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

// Whether the work has ended; false a while after it was told to stop: a stuck stage must not block a cancel.
async function settled(worked: Promise<void>, stop: AbortSignal, stopMs: number): Promise<boolean> {
  return await new Promise<boolean>((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      timer = setTimeout(resolve, stopMs, false);
    };
    if (stop.aborted) arm();
    else stop.addEventListener('abort', arm, { once: true });
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', arm);
      resolve(true);
    };
    worked.then(end, end);
  });
}

function watchForCancel(folder: RunFolder, onCancel: () => void): () => void {
  try {
    const watcher = watch(folder.path, (_event, name) => {
      if (name === basename(folder.cancel)) onCancel();
    });
    watcher.on('error', () => {});
    return () => watcher.close();
  } catch {
    // The system has no watch left to give (ENOSPC, EMFILE): looking now and then finds the file as well.
    const timer = setInterval(() => existsSync(folder.cancel) && onCancel(), POLL_MS).unref();
    return () => clearInterval(timer);
  }
}
