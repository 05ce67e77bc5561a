import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { searchPath } from '../../../electron/cloud/clouds-yaml.ts';
import { cloudChoices, resolveCloud } from '../../../electron/cloud/sources.ts';

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
      project: { id: '0123' },
    },
    region: 'North',
    interface: 'internal',
    caFile: join(config(), 'ca.pem'),
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
  expect(await cloudChoices(at({ OS_CLIENT_CONFIG_FILE: named }))).toEqual([
    { cloud: 'named', file: named, authUrl: 'http://n' },
    { cloud: 'near', file: near, authUrl: 'http://c' },
    { cloud: 'demo', file: own, authUrl: 'https://k.example.org/v3' },
    { cloud: 'robot', file: own, authUrl: 'https://k.example.org/v3' },
  ]);
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

test('what is missing is named', async () => {
  put(
    config(),
    'clouds.yaml',
    'clouds:\n  half:\n    auth: {auth_url: http://k, username: u, password: p}\n',
  );
  await expect(resolveCloud({ kind: 'clouds.yaml', cloud: 'half' }, secrets, at())).rejects.toMatchObject({
    code: 'cloud.incomplete',
    whatHappened: expect.stringContaining('project_name'),
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

test('Windows looks below %APPDATA%', () => {
  const found = searchPath('clouds', {
    cwd: 'C:\\work',
    home: 'C:\\Users\\me',
    platform: 'win32',
    env: { APPDATA: 'C:\\Users\\me\\AppData\\Roaming' },
  });
  expect(found[0]).toBe('C:\\work\\clouds.yaml');
  expect(found).toContain('C:\\Users\\me\\AppData\\Roaming\\openstack\\clouds.yaml');
  expect(found).toContain('C:\\Users\\me\\.config\\openstack\\clouds.yaml');
});
