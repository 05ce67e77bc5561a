// One process a run. The lock has generations: `lock.1`, `lock.2`, … each made once and never again, so that two
// processes that find the newest one stale cannot both take it over. Each names its process by pid and start time.
import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { basename, dirname } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import { renameOver } from './files.ts';

export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** Start time of the process in clock ticks since boot (Linux); null where it cannot be asked. */
  readonly start: string | null;
}

/** What a released generation holds: it keeps its number, so that a slow rival cannot make it again. */
const RELEASED = '{}';

/** How far a time of a file and the time of the boot may be apart by rounding, in ms. */
const CLOCK_SLACK_MS = 5000;

/** Takes the lock; `path` is its name without the generation. Throws `run.busy` when a living process holds it. */
export async function takeLock(path: string): Promise<Lock> {
  const mine = JSON.stringify({ pid: process.pid, start: await startTime(process.pid) });
  const temporary = temporaryName(path);
  await writeFile(temporary, mine, { mode: 0o600 });
  try {
    for (;;) {
      const newest = (await generations(path)).at(-1) ?? 0;
      const holder = await livingHolder(path, newest);
      if (holder !== null) throw busy(holder.pid);
      const own = newest + 1;
      // `link` fails when the generation exists: taking it is one atomic step, with its content already inside.
      if (!(await tryLink(temporary, `${path}.${own}`))) continue;
      const all = await generations(path);
      if (all.at(-1) === own) {
        await Promise.all(all.slice(0, -1).map((old) => rm(`${path}.${old}`, { force: true })));
        return { release: () => release(path, own) };
      }
      // So slow that others came and went meanwhile: this generation was already over.
      await rm(`${path}.${own}`, { force: true });
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Who holds the lock now; null when nobody alive does. */
export async function lockHolder(path: string): Promise<number | null> {
  return (await livingHolder(path, (await generations(path)).at(-1) ?? 0))?.pid ?? null;
}

async function release(path: string, generation: number): Promise<void> {
  const own = `${path}.${generation}`;
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, RELEASED, { mode: 0o600 });
    await renameOver(temporary, own);
  } catch {
    // A full disk has no room for the new file, but it can always empty the old one; empty is free, too.
    await rm(temporary, { force: true });
    await truncate(own);
  }
}

/** Generations there are, ascending. */
async function generations(path: string): Promise<number[]> {
  const start = `${basename(path)}.`;
  return (await readdir(dirname(path)))
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)))
    .sort((a, b) => a - b);
}

async function livingHolder(path: string, generation: number): Promise<Holder | null> {
  const holder = parseHolder(await readText(`${path}.${generation}`));
  if (!holder || !(await isAlive(holder))) return null;
  // Without a start time the pid may be another program's by now; nobody outlives the system they ran on.
  if (holder.start === null && (await isOlderThanBoot(`${path}.${generation}`))) return null;
  return holder;
}

async function isOlderThanBoot(file: string): Promise<boolean> {
  const made = (await stat(file).catch(() => null))?.mtimeMs ?? Number.POSITIVE_INFINITY;
  return made < Date.now() - uptime() * 1000 - CLOCK_SLACK_MS;
}

const temporaryName = (path: string): string => `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
  return holder.start === null || holder.start === (await startTime(holder.pid));
}

async function startTime(pid: number): Promise<string | null> {
  const stat = await readText(`/proc/${pid}/stat`);
  // Field 22 of proc(5) stat; the second field may hold spaces and brackets, so count from its end.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function parseHolder(text: string | null): Holder | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('start' in value)) return null;
    const { pid, start } = value;
    return typeof pid === 'number' ? { pid, start: typeof start === 'string' ? start : null } : null;
  } catch {
    return null;
  }
}

const readText = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

function busy(pid: number): CasementError {
  return new CasementError({
    code: 'run.busy',
    title: 'Another Casement works on this build',
    whatHappened: `The program with process number ${pid} is working on it.`,
    whatToDo: 'Go on there, or close that program first and try again.',
  });
}
