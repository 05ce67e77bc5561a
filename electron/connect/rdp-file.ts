// The .rdp file for mstsc and Windows App. It never holds a password: no form of it is portable. Pure.

/** Text of a .rdp file; CRLF line ends, as mstsc writes them. IPv6 addresses get their brackets here. */
export function rdpFile(desktop: { address: string; port: number; user: string }): string {
  const lines = [
    `full address:s:${hostPort(desktop.address, desktop.port)}`,
    `username:s:${oneLine(desktop.user)}`,
    // 2: warn about a certificate that is not trusted, do not refuse it; new servers sign their own.
    'authentication level:i:2',
    'enablecredsspsupport:i:1',
    'prompt for credentials:i:0',
    'autoreconnection enabled:i:1',
    'redirectclipboard:i:1',
    'redirectprinters:i:0',
    'drivestoredirect:s:',
    'screen mode id:i:1',
    'dynamic resolution:i:1',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** `host:port` with brackets around an IPv6 address. */
export function hostPort(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
