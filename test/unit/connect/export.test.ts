import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { exportServers } from '../../../electron/connect/export.ts';
import { desktopOptions } from '../../../shared/plan-connect.ts';

const HOSTILE = '../../etc/"<&>\u0000\r\nfull address:s:evil\u2028 wéb';
const servers = [
  { id: '0a1b2c3d-0000-4000-8000-000000000001', name: HOSTILE, address: '192.0.2.7' },
  { id: 'ffffffff-0000-4000-8000-000000000002', name: 'web', address: '2001:db8::7' },
];
const settings = { user: 'Administrator', group: 'demo' };

test('a name decides neither the path of a file nor a line in it', () => {
  for (const format of ['rdp', 'remmina'] as const) {
    const files = exportServers(format, servers, settings);
    for (const { name } of files) expect(name).toMatch(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u);
    expect(new Set(files.map(({ name }) => name)).size).toBe(2);
    for (const { text } of files) expect(text.split(/[\r\n\u2028]+/)).not.toContain('full address:s:evil');
    expect(files[1]?.text).toContain('[2001:db8::7]:3389');
  }
});

test('Remmina gets the tunnel and the options, and no password', () => {
  const [file] = exportServers('remmina', servers.slice(1), {
    ...settings,
    via: { kind: 'ssh', address: 'ssh://admin@kvm1:2222', identity: '/keys/id' },
    options: desktopOptions.parse({ size: '1600x900', sound: 'here', clipboard: false }),
  });
  const lines = file?.text.split('\n') ?? [];
  for (const line of [
    ...['name=web', 'group=demo', 'protocol=RDP', 'username=Administrator', 'disableclipboard=1'],
    ...['resolution_width=1600', 'resolution_height=900', 'sound=local', 'ssh_tunnel_enabled=1'],
    ...['ssh_tunnel_server=kvm1:2222', 'ssh_tunnel_username=admin', 'ssh_tunnel_privatekey=/keys/id'],
  ])
    expect(lines).toContain(line);
  expect(file?.text).not.toMatch(/password/i);
});

test('Remmina gets a domain and the name in it each in its own line', () => {
  const options = desktopOptions.parse({ gateway: { address: 'gw.example', user: 'GW\\me' } });
  const [file] = exportServers('remmina', servers.slice(1), { ...settings, user: 'CORP\\jo', options });
  const lines = file?.text.split('\n') ?? [];
  for (const line of ['username=jo', 'domain=CORP', 'gateway_username=me', 'gateway_domain=GW'])
    expect(lines).toContain(line);
  const [local] = exportServers('remmina', servers.slice(1), settings);
  expect(local?.text).not.toMatch(/domain=/);
});

test('mRemoteNG gets one file that it takes for unprotected, with every server in it', () => {
  const [file] = exportServers('mremoteng', servers, settings);
  const read = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(file?.text ?? '');
  const root = read['mrng:Connections'];
  expect(root).toMatchObject({ Name: 'demo', ConfVersion: '2.6', FullFileEncryption: 'false' });
  expect(root.Node).toMatchObject([
    { Hostname: '192.0.2.7', Protocol: 'RDP', Password: '', Username: 'Administrator' },
    { Hostname: '2001:db8::7', Name: 'web', Port: '3389' },
  ]);
  const sealed = Buffer.from(root.Protected, 'base64');
  const salt = sealed.subarray(0, 16);
  const key = pbkdf2Sync('mR3m', salt, 1000, 32, 'sha1');
  const open = createDecipheriv('aes-256-gcm', key, sealed.subarray(16, 32));
  open.setAAD(salt).setAuthTag(sealed.subarray(-16));
  expect(open.update(sealed.subarray(32, -16), undefined, 'utf8') + open.final('utf8')).toBe(
    'ThisIsNotProtected',
  );
});
