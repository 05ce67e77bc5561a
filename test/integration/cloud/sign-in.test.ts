import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Glance } from '../../../electron/cloud/glance.ts';
import { cloudChoices, openCloud, resolveCloud } from '../../../electron/cloud/index.ts';
import { Session } from '../../../electron/cloud/session.ts';
import { here } from '../../../electron/cloud/sources.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import type { CloudSource } from '../../../shared/plan.ts';
import { labEnv } from '../lab.ts';
import { labSecrets, secretsOf, typedSource } from './lab-cloud.ts';

const opened: Cloud[] = [];
const open = async (source: CloudSource, secrets = labSecrets()): Promise<Cloud> => {
  const cloud = await openCloud(source, { secrets });
  opened.push(cloud);
  return cloud;
};
afterEach(async () => {
  for (const cloud of opened.splice(0)) await cloud.close();
});
const { cloud: lab } = labEnv();

test.each<[string, CloudSource]>([
  ['clouds.yaml with a password', { kind: 'clouds.yaml', cloud: lab.cloud, file: lab.cloudsYaml }],
  [
    'clouds.yaml with an application credential',
    { kind: 'clouds.yaml', cloud: lab.appCredCloud, file: lab.cloudsYaml },
  ],
  ['openrc', { kind: 'openrc', file: lab.openrc }],
  ['typed values', typedSource()],
  ['an address without a version', typedSource({ authUrl: lab.authUrl.replace(/\/v3$/, '') })],
])('%s signs in', async (_name, source) => {
  const view = await (await open(source)).view();
  expect(view).toMatchObject({ user: lab.username, project: lab.project, region: lab.region });
  expect(view.services.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['image', 'compute', 'network']),
  );
  expect(Date.parse(view.tokenExpires)).toBeGreaterThan(Date.now());
});

test('the clouds of the laboratory are found by their variable', async () => {
  const at = { ...here(), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } };
  expect((await cloudChoices(at)).map(({ cloud }) => cloud)).toEqual(
    expect.arrayContaining([lab.cloud, lab.appCredCloud]),
  );
});

test('a wrong password is told from an unknown project', async () => {
  await expect(open(typedSource({ password: 'env:WRONG' }))).rejects.toMatchObject({
    code: 'cloud.wrong-password',
  });
  await expect(open(typedSource({ username: 'nobody' }))).rejects.toMatchObject({
    code: 'cloud.wrong-password',
  });
  await expect(open(typedSource({ project: 'nowhere' }))).rejects.toMatchObject({
    code: 'cloud.unknown-project',
    whatHappened: expect.stringContaining(lab.project),
  });
});

test('an unknown application credential is told from a wrong secret', async () => {
  const clouds = parse(readFileSync(lab.cloudsYaml, 'utf8')) as {
    clouds: Record<string, { auth: { application_credential_id: string } }>;
  };
  const id = clouds.clouds[lab.appCredCloud]?.auth.application_credential_id ?? '';
  const source = { kind: 'application-credential', authUrl: lab.authUrl, id, secret: 'env:WRONG' } as const;
  await expect(open(source)).rejects.toMatchObject({
    code: 'cloud.wrong-credential',
    whatHappened: expect.stringContaining('secret'),
  });
  await expect(open({ ...source, id: 'f'.repeat(32) })).rejects.toMatchObject({
    code: 'cloud.wrong-credential',
    whatHappened: expect.stringContaining('id'),
  });
});

test('an unknown region, a closed port and another service are told apart', async () => {
  await expect(open(typedSource({ region: 'Mars' }))).rejects.toMatchObject({
    code: 'cloud.no-region',
    whatHappened: expect.stringContaining(lab.region),
  });
  await expect(open(typedSource({ authUrl: 'http://127.0.0.1:1/v3' }))).rejects.toMatchObject({
    code: 'cloud.unreachable',
  });
  const glance = await (await open(typedSource())).endpoint('image');
  await expect(open(typedSource({ authUrl: glance }))).rejects.toMatchObject({ code: 'cloud.not-keystone' });
});

test('a token revoked midway is replaced without anybody noticing', async () => {
  const session = await Session.open(await resolveCloud(typedSource(), labSecrets()));
  const glance = new Glance(session);
  await glance.list();
  const before = await session.token();
  const answer = await fetch(`${lab.authUrl}/auth/tokens`, {
    method: 'DELETE',
    headers: { 'x-auth-token': before.id, 'x-subject-token': before.id },
  });
  expect(answer.status).toBe(204);
  // Services keep a token's verdict for some seconds: force the matter with Keystone itself, which does not.
  const projects = await session.call({
    service: 'identity',
    method: 'GET',
    url: `${lab.authUrl}/auth/projects`,
    doing: 'listing the projects',
  });
  expect(projects.status).toBe(200);
  expect((await session.token()).id).not.toBe(before.id);
  expect(await glance.list()).toBeInstanceOf(Array);
  await session.http.close();
});

test('two requests at the end of a token sign in once', async () => {
  const session = await Session.open(await resolveCloud(typedSource(), labSecrets()));
  session.forget(await session.token());
  const [one, two] = await Promise.all([session.token(), session.token()]);
  expect(one.id).toBe(two.id);
  await session.http.close();
});

test('no secret stands in an error', async () => {
  const secret = 'Very-S3cret-Word';
  const error: unknown = await open(typedSource({ password: 'env:X' }), secretsOf({ X: secret })).catch(
    (e) => e,
  );
  expect(JSON.stringify(error) + String(error)).not.toContain(secret);
});
