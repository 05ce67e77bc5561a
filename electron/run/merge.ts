// A changed plan for a run that has begun: parts whose stages have used them stay as they were. Pure.
import { type Plan, planSchema } from '../../shared/plan.ts';
import type { StageId } from '../../shared/stages.ts';
import type { RunStatus } from './reduce.ts';

/** The first stage that reads each part of the plan. */
const READ_BY: Readonly<Record<Exclude<keyof Plan, 'casement'>, StageId>> = {
  name: 'host',
  host: 'host',
  windows: 'media',
  media: 'media',
  disk: 'disk',
  machine: 'install',
  setup: 'install',
  scripts: 'cloudbase-init',
  updates: 'cloudbase-init',
  cloudbaseInit: 'cloudbase-init',
  acceptDisk: 'inspect',
  cloud: 'publish',
  image: 'publish',
  proof: 'verify',
  server: 'launch',
  connect: 'connect',
};

/** The plan to go on with: `wished`, but begun parts as in `plan`. A failed or skipped stage may get new values. */
export function mergePlan(plan: Plan, wished: Plan, status: RunStatus): Plan {
  const fixed = (stage: StageId): boolean =>
    ['started', 'waiting', 'done'].includes(status.stages[stage].state) ||
    // Windows that must start once more is still the one that was installed on this machine.
    (stage === 'install' && status.facts.installed === true);
  const merged: Record<string, unknown> = { ...wished };
  for (const [part, stage] of Object.entries(READ_BY) as [keyof typeof READ_BY, StageId][]) {
    if (!fixed(stage)) continue;
    if (plan[part] === undefined) delete merged[part];
    else merged[part] = plan[part];
  }
  return planSchema.parse(merged);
}
