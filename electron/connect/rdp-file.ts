// The .rdp file for mstsc and Windows App. It never holds a password: no form of it is portable. Pure.
import type { DesktopOptions } from '../../shared/plan-connect.ts';

/** Text of a .rdp file; CRLF line ends, as mstsc writes them. IPv6 addresses get their brackets here. */
export function rdpFile(desktop: {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly options?: DesktopOptions;
}): string {
  const lines = [
    `full address:s:${oneLine(hostPort(desktop.address, desktop.port))}`,
    `username:s:${oneLine(desktop.user)}`,
    // 2: warn about a certificate that is not trusted, do not refuse it; new servers sign their own.
    'authentication level:i:2',
    'enablecredsspsupport:i:1',
    'prompt for credentials:i:0',
    'autoreconnection enabled:i:1',
    'redirectprinters:i:0',
    ...optionLines(desktop.options),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** Settings as mstsc writes them: `audiomode` 0 plays here, 1 on the server, 2 not at all. */
function optionLines(options: DesktopOptions | undefined): string[] {
  const { size, fullScreen, allMonitors, clipboard = true, drive, sound = 'off', gateway } = options ?? {};
  const [width, height] = size?.split('x') ?? [];
  return [
    `redirectclipboard:i:${clipboard ? 1 : 0}`,
    `drivestoredirect:s:${drivesOf(drive)}`,
    `screen mode id:i:${fullScreen || allMonitors ? 2 : 1}`,
    `use multimon:i:${allMonitors ? 1 : 0}`,
    ...(size === undefined ? [] : [`desktopwidth:i:${width}`, `desktopheight:i:${height}`]),
    'dynamic resolution:i:1',
    `audiomode:i:${{ here: 0, server: 1, off: 2 }[sound]}`,
    ...(gateway === undefined
      ? []
      : [
          `gatewayhostname:s:${oneLine(gateway.address)}`,
          // 1: always through the gateway; the profile says so, not the system's own settings.
          'gatewayusagemethod:i:1',
          'gatewayprofileusagemethod:i:1',
          // 4: it asks which account; 1 below: the answer counts for the server too.
          'gatewaycredentialssource:i:4',
          `promptcredentialonce:i:${gateway.user === undefined ? 1 : 0}`,
        ]),
  ];
}

/** mstsc shares whole drives only: the one on which the folder lies. */
function drivesOf(folder: string | undefined): string {
  if (folder === undefined) return '';
  const drive = /^([A-Za-z]:)[\\/]/.exec(folder)?.[1];
  return drive === undefined ? oneLine(folder) : `${drive}\\;`;
}

/** `host:port` with brackets around an IPv6 address. */
export function hostPort(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** A text without line breaks and other control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
