// A plan that is opened in the wizard and kept there is the same plan: no field of it is lost.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { blankDraft, readDraft } from '../../../../renderer/state/draft.ts';
import { draftOfPlan, planOf } from '../../../../renderer/state/draft-plan.ts';
import { type Plan, planSchema } from '../../../../shared/plan.ts';
import { filledDraft } from './filled.ts';

const minimal = {
  casement: 1,
  name: 'Small',
  windows: '2019',
  host: { kind: 'local' },
  media: {
    windows: { path: '/iso/windows.iso' },
    virtio: { path: '/iso/virtio-win.iso' },
    cloudbaseInit: { path: '/iso/CloudbaseInitSetup_x64.msi' },
  },
  disk: { sizeGB: 41 },
  machine: {
    ...{ memoryMB: 3072, cores: 3, firmware: 'bios', type: 'pc' },
    ...{ diskBus: 'virtio-scsi', network: true },
  },
};

const server = {
  name: 'web',
  count: 7,
  flavor: 'm1.medium',
  networks: ['backup', 'practice', '11111111-2222-4333-8444-555555555555'],
  keypair: 'key',
  privateKey: '/home/me/.ssh/id_rsa',
  privateKeyPassphrase: 'ask:key',
  adminPass: 'keyring:web',
  securityGroup: { create: { from: '198.51.100.0/24' } },
  floatingIp: { pool: 'public' },
  volume: { sizeGB: 77, keep: true },
  zone: 'zone-2',
  configDrive: true,
  metadata: { plain: 'a = b', lines: 'one\ntwo ', quoted: '"x"', empty: '', 'with space': 'ü' },
  userData: { file: '/home/me/first start.ps1' },
  tags: ['team a', 'test'],
};

const image = {
  name: 'Windows, mine',
  visibility: 'shared',
  members: ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'],
  protected: true,
  tags: ['golden image', 'tested'],
  replace: true,
  upload: 'workstation',
  method: 'web-download',
  url: 'https://files.example/w.raw',
  format: 'raw',
  tpm: true,
  properties: { hw_disk_bus: 'scsi', min_disk: '99' },
  without: ['hw_qemu_guest_agent'],
};

const cloud = {
  ...{ kind: 'password', authUrl: 'https://cloud.example/v3', username: 'me', userDomain: 'Users' },
  ...{ project: 'mine', projectDomain: 'Projects', password: 'keyring:cloud', passcode: true },
  ...{ region: 'R1', caFile: '/ca.pem', certFile: '/c.pem', keyFile: '/k.pem', verify: false },
};

const via = {
  ...{ kind: 'ssh', address: 'ssh://me@bastion:2022', identity: '/id', jump: ['first', 'second'] },
  ...{ knownHosts: '/known', agent: false, password: 'ask:bastion', passphrase: 'ask:key' },
};

const full = {
  casement: 1,
  name: 'Everything',
  windows: '2025',
  host: { ...via, address: 'ssh://admin@[2001:db8::1]:2222' },
  media: {
    windows: { path: '/iso/windows.iso', sha256: 'a'.repeat(64) },
    virtio: { file: 'C:\\iso\\virtio-win.iso', sha256: 'b'.repeat(64) },
    cloudbaseInit: { url: 'https://files.example/cloudbase.msi', sha256: 'c'.repeat(64) },
  },
  disk: { sizeGB: 99 },
  machine: {
    ...{ memoryMB: 5120, cores: 5, firmware: 'uefi', type: 'q35', diskBus: 'virtio-scsi', network: true },
    ...{ secureBoot: true, tpm: true, accel: 'tcg' },
  },
  setup: {
    ...{ mode: 'hands-free', edition: 3, keyboard: '0407:00000407', systemLocale: 'de-DE' },
    ...{ userLocale: 'fr-FR', timeZone: 'W. Europe Standard Time', productKey: 'env:KEY' },
  },
  scripts: [{ file: '/home/me/a.ps1' }, { path: '/srv/b.cmd' }],
  updates: '/srv/updates',
  cloudbaseInit: { username: 'Admin', settings: { mtu_use_dhcp_config: 'false', groups: ' "Power Users"' } },
  acceptDisk: 'the disk is good enough for a test',
  cloud,
  image,
  server,
  proof: { login: false, flavor: 'm1.large', network: 'practice' },
  connect: {
    ...{ open: false, client: 'xfreerdp3', user: 'Admin', via },
    desktop: {
      ...{ size: '1600x900', fullScreen: true, allMonitors: true, clipboard: false, drive: '/home/me' },
      sound: 'here',
      gateway: { address: 'gw.example:8443', user: 'DOM\\me', password: 'keyring:gw' },
    },
  },
};

const more: Readonly<Record<string, object>> = {
  'as little as a plan needs': minimal,
  'answers for a build by hand': { ...minimal, setup: { mode: 'by-hand', keyboard: 'de-DE', edition: 2 } },
  'all defaults by themselves': { ...minimal, setup: { mode: 'hands-free' } },
  'another account, and nothing said of connecting': (() => {
    const { connect: _, ...rest } = full;
    return rest;
  })(),
  'another account than the one that signs in': {
    ...full,
    connect: { user: 'Administrator' },
  },
  'a proof with another flavor only': { ...full, proof: { flavor: 'm1.large' } },
  'one network, and user data as text': {
    ...full,
    server: {
      ...{ name: 'one', flavor: 'f', keypair: 'k', network: 'practice', floatingIp: 'none' },
      ...{ securityGroup: 'rdp', userData: '#ps1_sysnative\r\nWrite-Host "a"\n', volume: { sizeGB: 50 } },
    },
  },
  'a server and nothing else of it': {
    ...{ ...minimal, cloud: { kind: 'clouds.yaml', cloud: 'demo' }, image: { name: 'W' } },
    server: { name: 'one', flavor: 'f', keypair: 'k' },
  },
  ...Object.fromEntries(
    [
      { kind: 'clouds.yaml', cloud: 'demo', file: '/c.yaml', project: 'other' },
      { kind: 'openrc', file: '/openrc.sh', password: 'ask:cloud', project: 'other' },
      { kind: 'application-credential', authUrl: 'https://c.example/v3', id: 'i', secret: 'env:S' },
      { kind: 'token', authUrl: 'https://c.example/v3', token: 'env:T', project: 'p', projectDomain: 'D' },
      {
        ...{ kind: 'totp', authUrl: 'https://c.example/v3', username: 'me', userDomain: 'U' },
        ...{ project: 'p', projectDomain: 'D' },
      },
      {
        ...{ kind: 'websso', authUrl: 'https://c.example/v3', identityProvider: 'idp', protocol: 'saml2' },
        ...{ project: 'p', projectDomain: 'D' },
      },
    ].map((source) => [`a cloud by ${source.kind}`, { ...full, cloud: { ...source, region: 'R' } }]),
  ),
  ...Object.fromEntries(
    ['kvm01', 'me@kvm01', 'ssh://kvm01', 'me@kvm01:2222', 'ssh://me@kvm01:2222', '2001:db8::1'].map(
      (address) => [`the host ${address}`, { ...minimal, host: { kind: 'ssh', address } }],
    ),
  ),
};

const kept = (plan: Plan) => planOf(draftOfPlan(blankDraft(filledDraft()), plan));

describe('a plan that is opened in the wizard and kept there', () => {
  it('loses no field of a plan that uses every one', () => {
    expect(unused(planSchema, full)).toEqual(['server.network']);
    expect(kept(planSchema.parse(full))).toEqual({ plan: planSchema.parse(full), problems: null });
  });

  it.each(Object.entries(more))('stays what it was with %s', (_, written) => {
    const plan = planSchema.parse(written);
    expect(kept(plan)).toEqual({ plan, problems: null });
  });

  it('brings nothing of the build that was shown before', () => {
    const draft = blankDraft(draftOfPlan(readDraft(null), planSchema.parse(full)));
    expect(planOf(draftOfPlan(draft, planSchema.parse(minimal))).plan).toEqual(planSchema.parse(minimal));
  });

  it('takes the one network of a list as the network', () => {
    const one = { ...full, server: { ...server, networks: ['practice'] } };
    const { networks: _, ...rest } = server;
    expect(kept(planSchema.parse(one)).plan?.server).toEqual({ ...rest, network: 'practice' });
  });
});

/** The fields of the schema's objects that a value does not use, by their paths. */
function unused(schema: z.ZodType, value: unknown, path = ''): string[] {
  let inner: unknown = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)
    inner = inner.def.innerType;
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape).flatMap(([key, field]) => {
    const at = path ? `${path}.${key}` : key;
    const used = Object.entries(value ?? {}).find(([name]) => name === key);
    return used ? unused(field as z.ZodType, used[1], at) : [at];
  });
}
