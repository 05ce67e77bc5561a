// The state folder of Casement on this workstation.
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

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
