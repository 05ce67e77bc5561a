// A run in words. Pure.
import { STAGE_TITLES } from '../../shared/stages.ts';
import type { RunView } from '../../shared/views.ts';
import { isOver } from '../state/gating.ts';
import { STEP_INFO, STEPS, type StepId } from '../state/steps.ts';

/** The step where a run goes on: the one of its first stage that is not over; the last step when all are. */
export function stepOfRun(run: RunView): StepId {
  const open = run.stages.find((stage) => !isOver(stage));
  return (open && STEPS.find((step) => STEP_INFO[step].stages.includes(open.id))) ?? 'connect';
}

/** Where a run stands, as one sentence without a full stop. */
export function runSentence(run: RunView): string {
  const open = run.stages.find((stage) => !isOver(stage));
  if (!open) return 'Finished';
  const title = STAGE_TITLES[open.id];
  if (open.state === 'failed') return `Failed at: ${title}`;
  if (!run.active && run.state !== 'cancelled') return `Stopped at: ${title}`;
  if (run.state === 'cancelled') return `Cancelled at: ${title}`;
  if (open.state === 'waiting') return `Waiting for you: ${title}`;
  return open.state === 'started' ? `Working: ${title}` : `Next: ${title}`;
}

/** Whether a run was cut off by the end of the app and asks to be continued. */
export function wasInterrupted(run: RunView): boolean {
  return !run.active && (run.state === 'running' || run.state === 'waiting');
}

/** The build to offer after a restart: the newest that was cut off, in whatever order they come; null without one. */
export function newestInterrupted(runs: readonly RunView[]): RunView | null {
  return runs.filter(wasInterrupted).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0] ?? null;
}
