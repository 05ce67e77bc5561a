// What a plan still lacks, as the error an admin reads. Pure.
import { CasementError } from '../../shared/errors.ts';

export interface PlanProblem {
  readonly path: string;
  readonly message: string;
}

const PLACES: readonly (readonly [prefix: string, step: string])[] = [
  ['host', 'Host'],
  ['media', 'Media'],
  ['disk', 'Disk & machine'],
  ['machine', 'Disk & machine'],
  ['name', 'Disk & machine'],
  ['cloud', 'Publish'],
  ['image', 'Publish'],
  ['server', 'Launch'],
  ['connect', 'Connect'],
];

/** The error for a plan that cannot be run yet; it names the steps where something is missing. */
export function planError(problems: readonly PlanProblem[]): CasementError {
  const steps = new Set(
    problems.map(({ path }) => PLACES.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'Host'),
  );
  return new CasementError({
    code: 'plan.incomplete',
    title: 'Something is still to be chosen',
    whatHappened: 'The build cannot start because some choices are missing or do not fit together.',
    whatToDo: `Go back to: ${[...steps].join(', ')}.`,
    detail: problems.map(({ path, message }) => `${path}: ${message}`).join('\n'),
  });
}
