// Facts that a stage relies on: there because the stage that gives them came before.
import { posix } from 'node:path';
import { CasementError } from '../../../shared/errors.ts';
import type { Host } from '../../host/types.ts';
import type { RunFacts, StageContext } from '../types.ts';

/** The fact; throws `run.fact-missing` when the journal does not hold it. */
export function fact<K extends keyof RunFacts>(context: StageContext, name: K): RunFacts[K] {
  const value = context.facts[name];
  if (value === undefined)
    throw new CasementError({
      code: 'run.fact-missing',
      title: 'The journal of this build is not complete',
      whatHappened: `The build needs "${name}", which an earlier step should have noted.`,
      whatToDo: 'Start a new build with the same plan; media already on the host are not sent again.',
    });
  return value as RunFacts[K];
}

/** Bytes as a person reads them, in decimal units. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return `${(bytes / 1000 ** step).toFixed(step > 1 ? 1 : 0)} ${units[step]}`;
}

/** What tells one state of a file on the host from another: its size and the time of its last change. */
export async function diskStamp(host: Host, path: string): Promise<string> {
  const stat = await host.files.stat(path);
  return `${stat?.bytes ?? 0} ${stat?.modified ?? ''}`;
}

/** The file on the host that proves the injection into the disk beside it. */
export function injectionProof(dir: string): string {
  return posix.join(dir, 'injected.json');
}
