// The state folder of Casement on this workstation, and small JSON files in it.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** CASEMENT_HOME, or where this system keeps such things: Linux `~/.casement`, macOS Application Support, Windows %APPDATA%. */
export function defaultHome(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = env.CASEMENT_HOME;
  if (chosen) return chosen;
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Casement');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Casement');
  return join(homedir(), '.casement');
}

/** Makes the folder (readable for its owner only) and gives its path back. */
export async function openHome(home: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  return home;
}

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
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}
