// The folder of a run on this workstation: plan.yaml, journal.jsonl, lock. Nothing in it is a secret.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CasementError } from '../../shared/errors.ts';
import { type Plan, planSchema } from '../../shared/plan.ts';
import { writeWhole } from './files.ts';

/** Where the parts of a run lie. */
export interface RunFolder {
  readonly id: string;
  readonly path: string;
  readonly journal: string;
  readonly lock: string;
  /** Exists while another process asks the one at work to cancel. */
  readonly cancel: string;
}

const ID = /^[0-9]{8}-[0-9]{6}-[0-9a-f]{4}$/;

/** The folder of a run by its id. Throws `run.unknown` for what cannot be an id. */
export function runFolder(home: string, id: string): RunFolder {
  if (!ID.test(id)) throw unknownRun(id);
  const path = join(home, 'runs', id);
  return {
    id,
    path,
    journal: join(path, 'journal.jsonl'),
    lock: join(path, 'lock'),
    cancel: join(path, 'cancel-requested'),
  };
}

/** A new id: UTC time, then four random digits; short, because it becomes part of unix socket paths on the host. */
function newRunId(now = new Date()): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}

/** Makes the folder of a new run with its plan. */
export async function createRun(home: string, plan: Plan): Promise<RunFolder> {
  const folder = runFolder(home, newRunId());
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  await savePlan(folder, plan);
  return folder;
}

/** Writes the plan whole or not at all. */
export async function savePlan(folder: RunFolder, plan: Plan): Promise<void> {
  await writeWhole(join(folder.path, 'plan.yaml'), stringify(plan, { lineWidth: 0 }));
}

/** The plan of a run. Throws `run.unknown` when there is no such run. */
export async function loadPlan(folder: RunFolder): Promise<Plan> {
  const text = await readFile(join(folder.path, 'plan.yaml'), 'utf8').catch(() => null);
  if (text === null) throw unknownRun(folder.id);
  return planSchema.parse(parse(text));
}

/** When the run was made, as ISO time. */
export async function createdAt(folder: RunFolder): Promise<string> {
  return (await stat(folder.path)).birthtime.toISOString();
}

/** Ids of all runs, newest first. */
export async function listRuns(home: string): Promise<string[]> {
  const names = await readdir(join(home, 'runs')).catch(() => []);
  return names.filter((name) => ID.test(name)).sort((a, b) => b.localeCompare(a));
}

/** Removes the folder with everything in it. */
export async function removeRun(folder: RunFolder): Promise<void> {
  await rm(folder.path, { recursive: true, force: true });
}

function unknownRun(id: string): CasementError {
  return new CasementError({
    code: 'run.unknown',
    title: 'There is no such build',
    whatHappened: `No build is known under ${JSON.stringify(id.slice(0, 80))}.`,
    whatToDo: 'Look at the list of builds (casement runs) and choose one of them.',
  });
}
