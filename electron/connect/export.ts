// Lists of servers for other programs: .rdp files, Remmina, mRemoteNG. No passwords are in them, and what a server is
// called is data: it decides neither a path nor a line. Pure but for random bytes.
import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { create } from 'xmlbuilder2';
import type { HostSpec } from '../../shared/plan.ts';
import type { DesktopOptions } from '../../shared/plan-connect.ts';
import type { ExportedFile, ExportFormat } from '../../shared/views-servers.ts';
import { parseAddress } from '../host/address.ts';
import { accountOf } from './freerdp-options.ts';
import { hostPort, oneLine, rdpFile } from './rdp-file.ts';

export interface ExportedServer {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

export interface ExportSettings {
  readonly user: string;
  /** What the list is called: the cloud. */
  readonly group: string;
  readonly options?: DesktopOptions;
  /** The SSH host of the way; Remmina makes the tunnel itself. */
  readonly via?: Extract<HostSpec, { kind: 'ssh' }>;
}

const RDP_PORT = 3389;

/** The files for a list of servers; mRemoteNG takes one for all. */
export function exportServers(
  format: ExportFormat,
  servers: readonly ExportedServer[],
  settings: ExportSettings,
): ExportedFile[] {
  switch (format) {
    case 'rdp':
      return servers.map((server) => ({
        name: `${fileName(server)}.rdp`,
        text: rdpFile({ ...settings, address: server.address, port: RDP_PORT }),
      }));
    case 'remmina':
      return servers.map((server) => ({
        name: `${fileName(server)}.remmina`,
        text: remmina(server, settings),
      }));
    case 'mremoteng':
      return [{ name: 'confCons.xml', text: mremoteng(servers, settings) }];
  }
}

/** A name that no file system and no shell takes for more than a name; part of the id keeps equal ones apart. */
function fileName({ name, id }: ExportedServer): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 60);
  return `${plain || 'server'}-${id.replace(/[^A-Za-z0-9]/g, '').slice(0, 8)}`;
}

function remmina(server: ExportedServer, { user, group, options, via }: ExportSettings): string {
  const { size, fullScreen, allMonitors, clipboard = true, drive, sound = 'off', gateway } = options ?? {};
  const [width, height] = size?.split('x') ?? [];
  const ssh = via && parseAddress(via.address);
  // Remmina hands both on as they are.
  const account = accountOf(user);
  const there = gateway?.user === undefined ? undefined : accountOf(gateway.user);
  const settings: Readonly<Record<string, string | number | undefined>> = {
    name: server.name,
    group,
    protocol: 'RDP',
    server: hostPort(server.address, RDP_PORT),
    username: account.name,
    domain: account.domain || undefined,
    // 1: a window that scrolls; 4: full screen.
    viewmode: fullScreen || allMonitors ? 4 : 1,
    // 0: a size of its own; 2: that of the window.
    resolution_mode: size === undefined ? 2 : 0,
    resolution_width: width,
    resolution_height: height,
    multimon: allMonitors ? 1 : 0,
    disableclipboard: clipboard ? 0 : 1,
    sharefolder: drive,
    sound: { here: 'local', server: 'remote', off: 'off' }[sound],
    cert_ignore: 0,
    gateway_server: gateway?.address,
    gateway_username: there?.name,
    gateway_domain: there?.domain || undefined,
    ssh_tunnel_enabled: ssh ? 1 : 0,
    ssh_tunnel_server: ssh && hostPort(ssh.host, ssh.port ?? 22),
    ssh_tunnel_username: ssh?.user,
    // 1: a key file; 3: the agent or a key that is found.
    ssh_tunnel_auth: ssh && (via?.identity === undefined ? 3 : 1),
    ssh_tunnel_privatekey: via?.identity,
  };
  const lines = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${oneLine(String(value)).trim()}`],
  );
  return ['[remmina]', ...lines, ''].join('\n');
}

function mremoteng(servers: readonly ExportedServer[], settings: ExportSettings): string {
  const { user, group, options } = settings;
  const { fullScreen, allMonitors, clipboard = true, drive, sound = 'off', gateway, size } = options ?? {};
  const root = create({ version: '1.0', encoding: 'utf-8' }).ele('http://mremoteng.org', 'mrng:Connections', {
    Name: oneLine(group),
    Export: 'false',
    EncryptionEngine: 'AES',
    BlockCipherMode: 'GCM',
    KdfIterations: String(ITERATIONS),
    FullFileEncryption: 'false',
    Protected: notProtected(),
    ConfVersion: '2.6',
  });
  for (const { id, name, address } of servers)
    root.ele('', 'Node', {
      Name: xmlText(name),
      Type: 'Connection',
      Descr: '',
      Icon: 'Windows',
      Panel: 'General',
      Id: xmlText(id),
      Username: xmlText(user),
      Domain: '',
      Password: '',
      Hostname: xmlText(address),
      Protocol: 'RDP',
      Port: String(RDP_PORT),
      Resolution: fullScreen || allMonitors ? 'Fullscreen' : size === undefined ? 'FitToWindow' : 'SmartSize',
      RDPAuthenticationLevel: 'WarnOnFailedAuth',
      RedirectClipboard: String(clipboard),
      RedirectDiskDrives: String(drive !== undefined),
      RedirectSound: { here: 'BringToThisComputer', server: 'LeaveAtRemoteComputer', off: 'DoNotPlay' }[
        sound
      ],
      RDGatewayUsageMethod: gateway === undefined ? 'Never' : 'Always',
      RDGatewayHostname: xmlText(gateway?.address ?? ''),
      RDGatewayUseConnectionCredentials: gateway?.user === undefined ? 'Yes' : 'No',
      RDGatewayUsername: xmlText(gateway?.user ?? ''),
    });
  return `${root.end({ prettyPrint: true })}\n`;
}

/** Characters that XML 1.0 cannot hold, and half characters, are left out. */
function xmlText(text: string): string {
  return oneLine(text).replace(/[\uFFFE\uFFFF]|\p{Cs}/gu, '');
}

const ITERATIONS = 1000;

/**
 * How mRemoteNG marks a file without a password of its own: these words under its public standard password. Form:
 * salt, nonce, text, tag; the salt is authenticated too (AeadCryptographyProvider of mRemoteNG 1.76).
 */
function notProtected(): string {
  const salt = randomBytes(16);
  const nonce = randomBytes(16);
  const cipher = createCipheriv('aes-256-gcm', pbkdf2Sync('mR3m', salt, ITERATIONS, 32, 'sha1'), nonce);
  cipher.setAAD(salt);
  const text = Buffer.concat([cipher.update('ThisIsNotProtected'), cipher.final()]);
  return Buffer.concat([salt, nonce, text, cipher.getAuthTag()]).toString('base64');
}
