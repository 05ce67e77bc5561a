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

/** The step that shows the screen of a run's build VM. */
export function screenStep(run: RunView): StepId {
  const installed = run.stages.some((stage) => stage.id === 'install' && isOver(stage));
  return installed ? 'cloudbase-init' : 'install';
}

/** File name for the plan of a build: its name without what a file system on any workstation refuses. */
export function planFileName(name: string): string {
  const kept = name
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu, ' ')
    .slice(0, 100)
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return `${kept || 'build'}.casement.yaml`;
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
