// One process a run: a lock file with pid and start time. A lock whose process is gone is taken over.
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { CasementError } from '../../shared/errors.ts';

export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** Start time of the process in clock ticks since boot (Linux); null where it cannot be asked. */
  readonly start: string | null;
}

/** Takes the lock. Throws `run.busy` when a living process holds it. */
export async function takeLock(path: string): Promise<Lock> {
  const mine = JSON.stringify({ pid: process.pid, start: await startTime(process.pid) });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, mine, { mode: 0o600 });
  try {
    // `link` fails when the lock exists: taking it is one atomic step, with its content already inside.
    while (!(await tryLink(temporary, path))) await removeStale(path);
  } finally {
    await rm(temporary, { force: true });
  }
  return {
    async release() {
      if ((await readText(path)) === mine) await rm(path, { force: true });
    },
  };
}

/** Who holds the lock now; null when nobody alive does. */
export async function lockHolder(path: string): Promise<number | null> {
  const holder = parseHolder(await readText(path));
  return holder && (await isAlive(holder)) ? holder.pid : null;
}

async function removeStale(path: string): Promise<void> {
  const seen = await readText(path);
  if (seen === null) return;
  const holder = parseHolder(seen);
  if (holder && (await isAlive(holder))) throw busy(holder.pid);
  const aside = `${path}.stale.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  // Between reading and renaming, another process may have taken over: then give its lock back.
  if ((await readText(aside)) !== seen) await tryLink(aside, path);
  await rm(aside, { force: true });
}

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
