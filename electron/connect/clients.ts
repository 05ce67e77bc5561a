// Which RDP clients this workstation has. Never rdesktop: it knows no NLA as Windows wants it today.
import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import type { RdpClientView } from '../../shared/views.ts';

export type ClientId = Exclude<NonNullable<Plan['connect']>['client'], 'auto'>;

interface Kind {
  readonly id: ClientId;
  readonly title: string;
  /** Names to look for along PATH. */
  readonly names: readonly string[];
}

/** In the order in which they are preferred. */
const KINDS: readonly Kind[] = [
  { id: 'xfreerdp3', title: 'FreeRDP 3 (xfreerdp3)', names: ['xfreerdp3'] },
  { id: 'xfreerdp', title: 'FreeRDP (xfreerdp)', names: ['xfreerdp'] },
  { id: 'sdl-freerdp', title: 'FreeRDP (sdl-freerdp)', names: ['sdl-freerdp3', 'sdl-freerdp'] },
  { id: 'wlfreerdp', title: 'FreeRDP for Wayland (wlfreerdp)', names: ['wlfreerdp3', 'wlfreerdp'] },
  { id: 'wfreerdp', title: 'FreeRDP (wfreerdp)', names: ['wfreerdp'] },
  { id: 'mstsc', title: 'Remote Desktop Connection (mstsc)', names: ['mstsc'] },
];
const VERSION_MS = 5000;

export interface Where {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Files that may be clients, best first. Pure. */
export function candidates(where: Where): { id: ClientId; title: string; path: string }[] {
  const windows = where.platform === 'win32';
  const { join, delimiter } = windows ? win32 : posix;
  const folders = (where.env.PATH ?? where.env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  if (windows && where.env.SystemRoot) folders.push(join(where.env.SystemRoot, 'System32'));
  // Homebrew and MacPorts: a program started from the Dock has a PATH without them.
  if (where.platform === 'darwin') folders.push('/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin');
  const kinds = windows ? KINDS : KINDS.filter(({ id }) => id !== 'mstsc' && id !== 'wfreerdp');
  const found = kinds.flatMap(({ id, title, names }) =>
    names.flatMap((name) =>
      folders.map((folder) => ({ id, title, path: join(folder, windows ? `${name}.exe` : name) })),
    ),
  );
  if (where.platform === 'darwin')
    for (const base of ['/Applications', join(where.home, 'Applications')])
      for (const app of ['Windows App.app', 'Microsoft Remote Desktop.app'])
        found.push({ id: 'windows-app', title: app.replace('.app', ''), path: join(base, app) });
  return found;
}

/** The clients of this workstation, the preferred one first; one entry a kind. */
export async function rdpClients(
  where: Where = { platform: process.platform, env: process.env, home: homedir() },
): Promise<RdpClientView[]> {
  const found = new Map<ClientId, RdpClientView>();
  for (const { id, title, path } of candidates(where)) {
    if (found.has(id) || !(await usable(path, id))) continue;
    found.set(id, { id, title, path, version: await versionOf(id, path) });
  }
  return [...found.values()];
}

/** The client a plan wants. Throws `connect.no-client` with what to install. */
export function chooseClient(clients: readonly RdpClientView[], wanted: ClientId | 'auto'): RdpClientView {
  const found = wanted === 'auto' ? clients[0] : clients.find(({ id }) => id === wanted);
  if (found) return found;
  throw new CasementError({
    code: 'connect.no-client',
    title: wanted === 'auto' ? 'There is no RDP client' : `${wanted} is not installed`,
    whatHappened:
      clients.length > 0
        ? `On this computer there is only: ${clients.map(({ title }) => title).join(', ')}.`
        : 'No program that opens a Windows desktop was found on this computer.',
    whatToDo:
      'Install FreeRDP (Debian, Ubuntu: freerdp2-x11 or freerdp3-x11; Fedora: freerdp; macOS: brew install freerdp), or choose another client.',
  });
}

/** Version in the text of `--version`; empty when there is none. Pure. */
export function parseVersion(text: string): string {
  return /FreeRDP version (\d+\.\d+\.\d+)/i.exec(text)?.[1] ?? '';
}

/** Major version of FreeRDP, which decides how it takes the password; 2 where it does not tell. Pure. */
export function freerdpMajor(client: Pick<RdpClientView, 'path' | 'version'>): number {
  const major = Number.parseInt(client.version, 10);
  return Number.isNaN(major) ? (/3(\.exe)?$/i.test(client.path) ? 3 : 2) : major;
}

async function usable(path: string, id: ClientId): Promise<boolean> {
  try {
    if (id === 'windows-app') return (await stat(path)).isDirectory();
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function versionOf(id: ClientId, path: string): Promise<string> {
  if (id === 'mstsc' || id === 'windows-app') return Promise.resolve('');
  return new Promise((resolve) => {
    // FreeRDP ends --version with a status of its own: what it printed counts.
    execFile(path, ['--version'], { timeout: VERSION_MS }, (_error, stdout, stderr) =>
      resolve(parseVersion(`${stdout}\n${stderr}`)),
    );
  });
}
