// Whether the practice laboratory can run on this computer. The laboratory itself is a program of its own
// (test/lab/lab.ts); nothing here imports it.
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PracticeInfo } from '../../shared/views.ts';

const run = promisify(execFile);

/** The laboratory's program, searched upwards from this file; null in a packaged app, which does not carry it. */
export async function labProgram(): Promise<string | null> {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (dirname(folder) !== folder) {
    const program = join(folder, 'test/lab/lab.ts');
    if (await exists(program)) return program;
    folder = dirname(folder);
  }
  return null;
}

/** The Node that runs the laboratory: ours, or the checkout's own where this program is Electron. */
export function nodeFor(program: string): string {
  return process.versions.electron === undefined
    ? process.execPath
    : join(dirname(program), '../../node_modules/node/bin/node');
}

/** Whether practising is possible here, running, or what it needs (one sentence). */
export async function practiceInfo(): Promise<PracticeInfo> {
  const needs = await missing();
  if (needs !== null) return { available: false, running: false, needs };
  return { available: true, running: await isRunning(), needs: null };
}

async function missing(): Promise<string | null> {
  if (process.platform !== 'linux')
    return 'Practice needs a Linux computer; Debian 12 is the one it was made for.';
  if (process.getuid?.() !== 0)
    return 'Practice needs root rights: start Casement as root on a Linux test machine.';
  if (!(await exists('/usr/bin/apt-get')))
    return 'Practice installs Debian packages; this Linux has no apt-get (use Debian 12).';
  if ((await labProgram()) === null)
    return 'Practice is part of the source checkout; this installation does not carry the laboratory.';
  return null;
}

async function isRunning(): Promise<boolean> {
  const program = await labProgram();
  if (program === null) return false;
  try {
    // The laboratory's status answers within a second; it exits 1 when anything is down.
    await run(nodeFor(program), [program, 'status', '--json'], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
