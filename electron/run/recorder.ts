// The one who writes a run's journal and tells what changed: status, live progress, listeners.
import { type ErrorData, toErrorData } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Progress, StageId } from '../../shared/stages.ts';
import type { JournalLine, RunView } from '../../shared/views.ts';
import type { Journal } from './journal.ts';
import { type RunStatus, reduce, toView } from './reduce.ts';
import type { Facts, StageResult } from './types.ts';

/** Progress reaches the journal at most once in this time; listeners hear it more often. */
const JOURNAL_EVERY_MS = 1000;
const LISTEN_EVERY_MS = 200;

export interface Listener {
  readonly onLine?: (line: JournalLine) => void;
  readonly onView?: (view: RunView) => void;
}

export interface Recorder {
  readonly status: RunStatus;
  view(active: boolean): RunView;
  write(stage: StageId | null, state: JournalLine['state'], more?: Extra): Promise<void>;
  done(stage: StageId, result: StageResult): Promise<void>;
  failed(stage: StageId | null, thrown: unknown): Promise<ErrorData>;
  progress(stage: StageId, progress: Progress): void;
}

type Extra = Omit<JournalLine, 'at' | 'run' | 'stage' | 'state' | 'facts'> & { readonly facts?: Facts };

interface RecorderOptions {
  readonly id: string;
  readonly plan: Plan;
  readonly journal: Journal;
  readonly status: RunStatus;
  readonly listener: Listener;
  readonly now?: () => number;
}

/** A recorder that goes on from `status`. */
export function createRecorder(options: RecorderOptions): Recorder {
  const now = options.now ?? Date.now;
  let status = options.status;
  let live: { stage: StageId; progress: Progress } | undefined;
  let journaledAt = 0;
  let toldAt = 0;

  const view = (active: boolean): RunView => toView(options.id, options.plan, status, active, live);
  const write: Recorder['write'] = async (stage, state, more = {}) => {
    const line: JournalLine = { at: new Date(now()).toISOString(), run: options.id, stage, state, ...more };
    status = reduce(status, line);
    const written = options.journal.append(line);
    options.listener.onLine?.(line);
    if (state !== 'progress') options.listener.onView?.(view(true));
    await written;
  };

  return {
    get status() {
      return status;
    },
    view,
    write,
    async done(stage, { facts, outcome }) {
      live = undefined;
      await write(stage, 'done', { facts, outcome });
    },
    async failed(stage, thrown) {
      live = undefined;
      const error = toErrorData(thrown);
      await write(stage, 'failed', { error });
      return error;
    },
    progress(stage, progress) {
      live = { stage, progress };
      const at = now();
      if (at - toldAt >= LISTEN_EVERY_MS) {
        toldAt = at;
        options.listener.onView?.(view(true));
      }
      if (at - journaledAt < JOURNAL_EVERY_MS) return;
      journaledAt = at;
      const { done, total, unit, message } = progress;
      // A disk that is full shows at the next fact; progress alone must not end the stage.
      void write(stage, 'progress', { done, total, unit, message }).catch(() => {});
    },
  };
}
