// Windows App (formerly Microsoft Remote Desktop) on macOS. It opens .rdp files and takes no password from outside:
// the admin pastes it.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import { startClient } from './client-process.ts';
import { sessionOf } from './desktop-session.ts';
import { firstHop } from './gateway.ts';
import { hostPort, rdpFile } from './rdp-file.ts';
import type { DesktopRequest, DesktopSession } from './types.ts';
import { inTheWay } from './unopened.ts';

const LSOF_MS = 5000;

/** Words that open a .rdp file and stay until the app is closed. Pure. */
export function windowsAppWords(client: string, file: string): string[] {
  return ['open', '-n', '-W', '-a', client, file];
}

/** Words that succeed while a connection to the server is held. Pure. */
export function connectionWords(address: string, port: number): string[] {
  return ['lsof', '-n', '-P', '-t', `-iTCP@${hostPort(address, port)}`, '-sTCP:ESTABLISHED'];
}

/** Opens the desktop in Windows App. `folder` is this session's own. */
export function openWithWindowsApp(request: DesktopRequest, folder: string): DesktopSession {
  const { address, port } = firstHop(request);
  const file = join(folder, 'desktop.rdp');
  writeFileSync(file, rdpFile(request), { mode: 0o600 });
  const client = startClient(windowsAppWords(request.client.path, file), '', {}, folder);
  let wasOpen = false;
  return sessionOf({
    request,
    client,
    folder,
    isOpen: async () => {
      wasOpen ||= await succeeds(connectionWords(address, port));
      return wasOpen;
    },
    judge: async (code) => {
      if (wasOpen) return null;
      return (await inTheWay(request)) ?? notOpened(code);
    },
  });
}

function succeeds(words: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(words[0] ?? '', words.slice(1), { timeout: LSOF_MS }, (error) => resolve(error === null));
  });
}

function notOpened(code: number | null): CasementError {
  return new CasementError({
    code: 'connect.failed',
    title: 'The desktop could not be opened',
    whatHappened: 'Windows App was closed before it connected.',
    whatToDo: 'Connect again and paste the password when it asks.',
    detail: `status ${code ?? 'none'}`,
  });
}
