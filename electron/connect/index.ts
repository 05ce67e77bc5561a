// The entry of this folder: opens the desktop of a server in an RDP client. May touch shared and the host's types.
// The password goes to FreeRDP on its standard input, to mstsc through the Windows credential store, to nobody else.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openWithFreerdp } from './freerdp-session.ts';
import { openWithMstsc } from './mstsc.ts';
import type { DesktopRequest, DesktopSession } from './types.ts';
import { openWithWindowsApp } from './windows-app.ts';

export { chooseClient, rdpClients } from './clients.ts';
export { exportServers } from './export.ts';
export { gatewayHost, gatewayWay, untilLed } from './gateway.ts';
export { passwordFrom, serverPassword } from './password.ts';
export { askRdp, probeRdp } from './reach.ts';
export { checkCertificate, forgetCertificate } from './trust.ts';
export { findWay, type Way, type WayHost, type WayOptions } from './way.ts';

/** Opens the desktop; `home` is Casement's folder, where trusted certificates and logs of sessions live. */
export function openDesktop(request: DesktopRequest, home: string): DesktopSession {
  const sessions = join(home, 'rdp-sessions');
  mkdirSync(sessions, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(sessions, 's-'));
  switch (request.client.id) {
    case 'mstsc':
      return openWithMstsc(request, folder);
    case 'windows-app':
      return openWithWindowsApp(request, folder);
    default:
      return openWithFreerdp(request, folder, home);
  }
}
