import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { cloudChoices } from '../../../electron/cloud/cloud-files.ts';
import { searchPath } from '../../../electron/cloud/clouds-yaml.ts';
import { cloudTrust, resolveCloud } from '../../../electron/cloud/sources.ts';
import type { CloudSource } from '../../../shared/plan.ts';

let home: string;
let cwd: string;
const asked: string[] = [];
const secrets = {
  get: async (ref: string) => {
    asked.push(ref);
    return 'asked-for';
  },
  put: async () => ({ ref: '', kept: 'memory' as const }),
};
const at = (env: Record<string, string> = {}) => ({ cwd, home, platform: 'linux', env });
const put = (folder: string, name: string, text: string): string => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const config = () => join(home, '.config', 'openstack');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'casement-home-'));
  cwd = mkdtempSync(join(tmpdir(), 'casement-cwd-'));
  asked.length = 0;
});

const CLOUDS = `clouds:
  demo:
    auth:
      auth_url: https://k.example.org/v3
      username: eve
      project_id: 0123
      user_domain_name: Corp
    region_name: North
    interface: internalURL
    verify: false
    cacert: ca.pem
  robot:
    auth_type: v3applicationcredential
    auth: {auth_url: "https://k.example.org/v3", application_credential_id: abc}
`;

test('secure.yaml is laid over clouds.yaml key by key', async () => {
  put(config(), 'clouds.yaml', CLOUDS);
  put(config(), 'secure.yaml', 'clouds:\n  demo:\n    auth:\n      password: 007\n');
  const found = await resolveCloud({ kind: 'clouds.yaml', cloud: 'demo' }, secrets, at());
  expect(found).toEqual({
    authUrl: 'https://k.example.org/v3',
    proof: {
      kind: 'password',
      user: { name: 'eve', domain: { name: 'Corp' } },
      password: '007',
      passcode: false,
    },
    project: { id: '0123' },
    region: 'North',
    interface: 'internal',
    caFile: join(config(), 'ca.pem'),
    certFile: null,
    keyFile: null,
    verify: false,
  });
  expect(asked).toEqual([]);
});

test('a secret that stands in no file is asked for', async () => {
  put(config(), 'clouds.yaml', CLOUDS);
  const found = await resolveCloud({ kind: 'clouds.yaml', cloud: 'robot' }, secrets, at());
  expect(found.proof).toEqual({ kind: 'application-credential', id: 'abc', secret: 'asked-for' });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatch(/^ask:.*robot/);
});

test('the plan’s region and CA file win over those of the file', async () => {
  put(config(), 'clouds.yaml', CLOUDS);
  const source = { kind: 'clouds.yaml', cloud: 'demo', region: 'South', caFile: '/my/ca.pem' } as const;
  const found = await resolveCloud(source, secrets, at());
  expect([found.region, found.caFile]).toEqual(['South', '/my/ca.pem']);
});

test('the choices are all clouds of all usual places, OS_CLIENT_CONFIG_FILE first', async () => {
  const named = put(home, 'my.yaml', 'clouds:\n  named: {auth: {auth_url: http://n}}\n');
  const own = put(config(), 'clouds.yml', CLOUDS);
  const near = put(cwd, 'clouds.yaml', 'clouds:\n  near: {auth: {auth_url: http://c}}\n');
  const found = await cloudChoices(at({ OS_CLIENT_CONFIG_FILE: named, OS_CLOUD: 'demo' }));
  const rest = { project: null, region: null, chosen: false };
  expect(found).toEqual([
    { ...rest, cloud: 'named', file: named, authUrl: 'http://n' },
    { ...rest, cloud: 'near', file: near, authUrl: 'http://c' },
    { ...rest, cloud: 'demo', file: own, authUrl: 'https://k.example.org/v3', region: 'North', chosen: true },
    { ...rest, cloud: 'robot', file: own, authUrl: 'https://k.example.org/v3' },
  ]);
});

test('the only cloud is chosen without OS_CLOUD', async () => {
  put(config(), 'clouds.json', '{"clouds": {"one": {"auth": {"auth_url": "http://k"}}}}');
  expect(await cloudChoices(at())).toMatchObject([{ cloud: 'one', chosen: true }]);
  put(cwd, 'clouds.yaml', CLOUDS);
  expect((await cloudChoices(at())).filter(({ chosen }) => chosen)).toEqual([]);
});

test('the OS_ variables are a cloud of their own, called envvars', async () => {
  const env = { OS_AUTH_URL: 'http://e', OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_PROJECT_NAME: 'demo' };
  expect(await cloudChoices(at(env))).toMatchObject([
    { cloud: 'envvars', file: '', project: 'demo', chosen: true },
  ]);
  const found = await resolveCloud({ kind: 'clouds.yaml', cloud: 'envvars' }, secrets, at(env));
  expect(found).toMatchObject({ authUrl: 'http://e', project: { name: 'demo' }, proof: { password: 'p' } });
});

test('a profile of clouds-public.yaml lies below the cloud that names it', async () => {
  put(
    config(),
    'clouds-public.yaml',
    'public-clouds:\n  acme:\n    auth: {auth_url: "https://acme/v3", user_domain_name: Acme}\n    region_name: West\n',
  );
  put(
    config(),
    'clouds.yaml',
    'clouds:\n  mine:\n    profile: acme\n    region_name: East\n    auth: {username: u, password: p, project_name: x}\n',
  );
  expect(await cloudChoices(at())).toMatchObject([
    { cloud: 'mine', authUrl: 'https://acme/v3', region: 'East' },
  ]);
  const found = await resolveCloud({ kind: 'clouds.yaml', cloud: 'mine' }, secrets, at());
  expect(found).toMatchObject({
    authUrl: 'https://acme/v3',
    region: 'East',
    proof: { user: { name: 'u', domain: { name: 'Acme' } } },
  });
});

test('a profile that no file holds is named', async () => {
  put(config(), 'clouds.yaml', 'clouds:\n  mine:\n    profile: acme\n    auth: {username: u, password: p}\n');
  await expect(resolveCloud({ kind: 'clouds.yaml', cloud: 'mine' }, secrets, at())).rejects.toMatchObject({
    code: 'cloud.no-profile',
    whatHappened: expect.stringContaining('"acme"'),
  });
});

const AUTH = 'auth_url: http://k, username: u';
test.each([
  [`{auth_type: v3token, auth: {auth_url: "http://k", token: t}}`, { kind: 'token', token: 't' }],
  [`{auth_type: v3totp, auth: {${AUTH}}}`, { kind: 'totp', user: { name: 'u', domain: { id: 'default' } } }],
  [
    `{auth_type: v3multifactor, auth_methods: [v3password, v3totp], auth: {${AUTH}, password: p}}`,
    { kind: 'password', password: 'p', passcode: true },
  ],
  [
    `{auth_type: v3multifactor, auth_methods: [v3password], auth: {${AUTH}, password: p}}`,
    { passcode: false },
  ],
  [
    `{auth_type: v3websso, auth: {auth_url: "http://k", identity_provider: corp, protocol: openid}}`,
    { kind: 'websso', identityProvider: 'corp', protocol: 'openid', port: 9990 },
  ],
  [
    `{auth_type: v3websso, auth: {auth_url: "http://k", protocol: saml2, redirect_port: 9991}}`,
    { kind: 'websso', identityProvider: null, protocol: 'saml2', port: 9991 },
  ],
])('the proof of %s is understood', async (cloud, proof) => {
  put(config(), 'clouds.yaml', `clouds:\n  x: ${cloud}\n`);
  const found = await resolveCloud({ kind: 'clouds.yaml', cloud: 'x' }, secrets, at());
  expect(found.proof).toMatchObject(proof);
  expect(asked).toEqual([]);
});

test('a typed browser sign-in may name another port than the usual one', async () => {
  const typed = {
    kind: 'websso',
    authUrl: 'http://k',
    protocol: 'openid',
    projectDomain: 'Default',
  } as const;
  const port = async (more: object) => (await resolveCloud({ ...typed, ...more }, secrets, at())).proof;
  expect(await port({})).toMatchObject({ port: 9990 });
  expect(await port({ redirectPort: 9991 })).toMatchObject({ port: 9991 });
});

test('a passcode is never asked for before it is needed, a missing password is', async () => {
  put(config(), 'clouds.yaml', `clouds:\n  x: {auth_type: v3multifactor, auth: {${AUTH}}}\n`);
  await resolveCloud({ kind: 'clouds.yaml', cloud: 'x' }, secrets, at());
  expect(asked).toEqual(['ask:OpenStack password of u for x']);
});

test('another project than the file’s takes its place, but not with an application credential', async () => {
  put(config(), 'clouds.yaml', CLOUDS);
  const other = { kind: 'clouds.yaml', cloud: 'demo', project: 'other' } as const;
  expect((await resolveCloud(other, secrets, at())).project).toEqual({
    name: 'other',
    domain: { id: 'default' },
  });
  const id = 'f'.repeat(32);
  expect((await resolveCloud({ ...other, project: id }, secrets, at())).project).toEqual({ id });
  await expect(resolveCloud({ ...other, cloud: 'robot' }, secrets, at())).rejects.toMatchObject({
    code: 'cloud.fixed-project',
  });
});

test('broken YAML is reported with file and line', async () => {
  const file = put(config(), 'clouds.yaml', 'clouds:\n  demo:\n    auth:\n\tusername: x\n');
  await expect(cloudChoices(at())).rejects.toMatchObject({
    code: 'cloud.bad-yaml',
    whatHappened: expect.stringMatching(new RegExp(`${file}.*Line 4`)),
  });
});

test.each(['', 'clouds:\n', '# nothing yet\n'])(
  'a file that says nothing (%j) offers nothing',
  async (text) => {
    put(config(), 'clouds.yaml', text);
    expect(await cloudChoices(at())).toEqual([]);
  },
);

test('an unknown cloud is answered with the known ones', async () => {
  put(config(), 'clouds.yaml', CLOUDS);
  await expect(resolveCloud({ kind: 'clouds.yaml', cloud: 'dmeo' }, secrets, at())).rejects.toMatchObject({
    code: 'cloud.unknown',
    whatHappened: expect.stringContaining('demo, robot'),
  });
});

test('without a project the account’s own is taken', async () => {
  put(
    config(),
    'clouds.yaml',
    'clouds:\n  half:\n    auth: {auth_url: http://k, username: u, password: p}\n',
  );
  const found = await resolveCloud({ kind: 'clouds.yaml', cloud: 'half' }, secrets, at());
  expect(found.project).toBeNull();
});

test('what is missing is named', async () => {
  put(config(), 'clouds.yaml', 'clouds:\n  half:\n    auth: {auth_url: http://k, password: p}\n');
  await expect(resolveCloud({ kind: 'clouds.yaml', cloud: 'half' }, secrets, at())).rejects.toMatchObject({
    code: 'cloud.incomplete',
    whatHappened: expect.stringContaining('username'),
  });
});

test('a sign-in that Casement does not know is refused by name', async () => {
  put(
    config(),
    'clouds.yaml',
    'clouds:\n  sso: {auth_type: v3oidcpassword, auth: {auth_url: http://k, password: x}}\n',
  );
  await expect(resolveCloud({ kind: 'clouds.yaml', cloud: 'sso' }, secrets, at())).rejects.toMatchObject({
    code: 'cloud.auth-type',
    whatHappened: expect.stringContaining('v3oidcpassword'),
  });
});

test.each([
  ['linux', { XDG_CONFIG_HOME: '/x' }, ['/x/openstack', '/h/.config/openstack', '/etc/openstack']],
  [
    'darwin',
    {},
    [
      '/h/Library/Application Support/openstack',
      '/h/.config/openstack',
      '/Library/Application Support/openstack',
      '/etc/openstack',
    ],
  ],
])('%s looks in openstacksdk’s places, in its order', (platform, env, folders) => {
  const found = searchPath('secure', { cwd: '/c', home: '/h', platform, env });
  expect(found.filter((path) => path.endsWith('.yaml'))).toEqual(
    ['/c', ...folders].map((folder) => `${folder}/secure.yaml`),
  );
});

test('Windows looks below %APPDATA%', () => {
  const found = searchPath('clouds', {
    cwd: 'C:\\work',
    home: 'C:\\Users\\me',
    platform: 'win32',
    env: { APPDATA: 'C:\\Users\\me\\AppData\\Roaming' },
  });
  expect(found[0]).toBe('C:\\work\\clouds.yaml');
  expect(found).toContain('C:\\Users\\me\\AppData\\Roaming\\OpenStack\\clouds.yaml');
  expect(found).toContain('C:\\Users\\me\\.config\\openstack\\clouds.yaml');
});

test.each<[boolean, CloudSource, string]>([
  [false, { kind: 'clouds.yaml', cloud: 'demo' }, 'k.example.org'],
  [true, { kind: 'clouds.yaml', cloud: 'demo', verify: true }, 'k.example.org'],
  [true, { kind: 'clouds.yaml', cloud: 'robot' }, 'k.example.org'],
  [false, { kind: 'clouds.yaml', cloud: 'robot', verify: false }, 'k.example.org'],
  [
    false,
    {
      kind: 'application-credential',
      authUrl: 'https://t.example.org',
      id: 'x',
      secret: 'ask:x',
      verify: false,
    },
    't.example.org',
  ],
])(
  'whether the certificate is checked (%s) is told for %j without asking for a secret',
  async (checked, source, host) => {
    put(config(), 'clouds.yaml', CLOUDS);
    const trust = await cloudTrust(source, at());
    expect(trust.checked).toBe(checked);
    expect(new URL(trust.authUrl).host).toBe(host);
  },
);

test('an openrc file that asks for a password tells without it that nobody checks the certificate', async () => {
  const file = put(
    cwd,
    'openrc',
    'export OS_AUTH_URL=https://k.example.org\nexport OS_INSECURE=true\nread -sr OS_PASSWORD\n',
  );
  expect(await cloudTrust({ kind: 'openrc', file }, at())).toEqual({
    authUrl: 'https://k.example.org',
    checked: false,
  });
});
