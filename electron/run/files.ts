// Small files that are written whole or not at all, so that a killed process leaves the old or the new one.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Parsed JSON of a file; null when it is missing or torn. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Writes a file whole or not at all: temporary file, fsync, rename. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameOver(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** Pauses between attempts to rename, in ms: a virus scanner lets go of a file within a few of them. */
const PAUSES_MS = [5, 10, 20, 50, 100];
const HELD = new Set(['EPERM', 'EBUSY', 'EACCES']);

/** Renames over an existing file. On Windows somebody who reads the old one (a virus scanner) refuses it for a moment. */
export async function renameOver(from: string, to: string, move = rename): Promise<void> {
  for (const ms of PAUSES_MS) {
    try {
      return await move(from, to);
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && HELD.has(String(thrown.code)))) throw thrown;
      await pause(ms);
    }
  }
  await move(from, to);
}
