// The ways to sign in beside a password and an application credential, and what the account may do then.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCloud, type Person, projectsOf, resolveCloud } from '../../../electron/cloud/index.ts';
import { Session } from '../../../electron/cloud/session.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import type { CloudSource } from '../../../shared/plan.ts';
import { labEnv } from '../lab.ts';
import { type Account, Accounts } from './accounts.ts';
import { activeImage, labCloud, labSecrets, secretsOf, typedSource } from './lab-cloud.ts';
import { type Authority, makeAuthority, tlsProxy } from './tls-proxy.ts';

const { cloud: lab } = labEnv();
const accounts = new Accounts();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => accounts.clean());

/** A person who answers every question with `say`, and how often they were asked. */
function person(say: () => string | null) {
  const asked: string[] = [];
  const answering: Person = {
    tickets: new Map(),
    ask: {
      ask: async ({ title }) => {
        asked.push(title);
        const said = say();
        return said === null ? null : [said];
      },
    },
  };
  return { person: answering, asked };
}

async function open(source: CloudSource, who?: Person, secrets = labSecrets()): Promise<Cloud> {
  const cloud = await openCloud(source, { secrets, ...(who ? { person: who } : {}) });
  ends.push(() => cloud.close());
  return cloud;
}

async function tokenOf(account: Account, project?: string): Promise<string> {
  const source = typedSource({ username: account.name, password: 'env:OWN', project });
  const session = await Session.open(await resolveCloud(source, secretsOf({ OWN: account.password })));
  ends.push(() => session.http.close());
  return (await session.token()).id;
}

let two: Account;
let code: (at: number) => string;
beforeAll(async () => {
  two = await accounts.user(2);
  code = await accounts.totp(two.id);
});

const totp = (project: string | undefined): CloudSource => ({
  kind: 'totp',
  authUrl: lab.authUrl,
  username: two.name,
  userDomain: 'Default',
  projectDomain: 'Default',
  project,
});

test('a passcode signs in, and to another project without a second one', async () => {
  const { person: who, asked } = person(() => code(Date.now()));
  const [a = '', b = ''] = two.projects;
  expect(await (await open(totp(a), who)).view()).toMatchObject({ project: a, renewal: 'asks' });
  const other = await open(totp(b), who);
  expect((await other.view()).project).toBe(b);
  expect((await other.abilities(false)).projects.map(({ name }) => name)).toEqual(two.projects);
  expect(asked).toEqual(['One-time passcode']);
});

test('a wrong passcode and a declined one are told apart, and no passcode stands in the error', async () => {
  const wrong = String((Number(code(Date.now())) + 1) % 1_000_000).padStart(6, '0');
  const refused: unknown = await open(totp(two.projects[0]), person(() => wrong).person).catch((e) => e);
  expect(refused).toMatchObject({ code: 'cloud.wrong-passcode' });
  expect(JSON.stringify(refused)).not.toContain(wrong);
  await expect(open(totp(two.projects[0]), person(() => null).person)).rejects.toMatchObject({
    code: 'cloud.nobody',
  });
  await expect(open(totp(two.projects[0]))).rejects.toMatchObject({ code: 'cloud.nobody' });
});

test('an account that must show two factors is asked for the second one by itself', async () => {
  const strict = await accounts.user(1, {
    multi_factor_auth_enabled: true,
    multi_factor_auth_rules: [['password', 'totp']],
  });
  const own = await accounts.totp(strict.id);
  const { person: who, asked } = person(() => own(Date.now()));
  const secrets = secretsOf({ OWN: strict.password });
  const source = typedSource({ username: strict.name, password: 'env:OWN', project: strict.projects[0] });
  expect(await (await open(source, who, secrets)).view()).toMatchObject({
    user: strict.name,
    renewal: 'asks',
  });
  expect(asked).toHaveLength(1);
  await expect(
    open({ ...source, passcode: true }, person(() => '000000').person, secrets),
  ).rejects.toMatchObject({
    code: 'cloud.wrong-passcode',
    title: expect.stringContaining('Password or passcode'),
  });
});

test('a token signs in to its own project and to another one, and says that it cannot be renewed', async () => {
  const [a = '', b = ''] = two.projects;
  const secrets = secretsOf({ TOKEN: await tokenOf(two, a) });
  const source = {
    kind: 'token',
    authUrl: lab.authUrl,
    token: 'env:TOKEN',
    projectDomain: 'Default',
  } as const;
  expect(await (await open(source, undefined, secrets)).view()).toMatchObject({ project: a, renewal: 'no' });
  expect((await (await open({ ...source, project: b }, undefined, secrets)).view()).project).toBe(b);
});

test('a token that was withdrawn is said to have ended, at once and midway', async () => {
  const token = await tokenOf(two, two.projects[0]);
  const secrets = secretsOf({ TOKEN: token, NONSENSE: 'gAAAAAnonsense' });
  const source = {
    kind: 'token',
    authUrl: lab.authUrl,
    token: 'env:TOKEN',
    projectDomain: 'Default',
  } as const;
  const session = await Session.open(await resolveCloud(source, secrets));
  ends.push(() => session.http.close());
  await fetch(`${lab.authUrl}/auth/tokens`, {
    method: 'DELETE',
    headers: { 'x-auth-token': token, 'x-subject-token': token },
  });
  const projects = {
    service: 'identity',
    method: 'GET',
    url: `${lab.authUrl}/auth/projects`,
    doing: 'looking',
  } as const;
  await expect(session.call(projects)).rejects.toMatchObject({ code: 'cloud.token-ended' });
  for (const ref of ['env:TOKEN', 'env:NONSENSE'])
    await expect(open({ ...source, token: ref }, undefined, secrets)).rejects.toMatchObject({
      code: 'cloud.token-ended',
    });
});

test('without a project the only one is taken, and among several one is to be chosen', async () => {
  const one = await accounts.user(1);
  const secrets = secretsOf({ ONE: one.password, TWO: two.password });
  const free = { project: undefined };
  const only = await open(
    typedSource({ username: one.name, password: 'env:ONE', ...free }),
    undefined,
    secrets,
  );
  expect((await only.view()).project).toBe(one.projects[0]);
  const several = typedSource({ username: two.name, password: 'env:TWO', ...free });
  await expect(open(several, undefined, secrets)).rejects.toMatchObject({
    code: 'cloud.choose-project',
    whatHappened: expect.stringContaining(two.projects.join(', ')),
  });
  const found = await projectsOf(several, { secrets, person: person(() => null).person });
  expect(found.map(({ name }) => name)).toEqual(two.projects);
  const chosen = await open({ ...several, project: found[1]?.id }, undefined, secrets);
  expect((await chosen.view()).project).toBe(two.projects[1]);
});

test('an application credential goes into no other project and says why', async () => {
  const source = { kind: 'clouds.yaml', cloud: lab.appCredCloud, file: lab.cloudsYaml } as const;
  await expect(open({ ...source, project: 'other' })).rejects.toMatchObject({ code: 'cloud.fixed-project' });
  expect((await (await open(source)).abilities(false)).tied).toContain('application credential');
});

test('the account’s abilities are those that Glance and Nova really grant, and asking leaves nothing behind', async () => {
  const cloud = await labCloud();
  ends.push(() => cloud.close());
  const image = await activeImage(cloud, `abilities-${randomUUID()}`);
  ends.push(() => cloud.deleteImage(image));
  const before = (await cloud.images()).length;
  const member = await cloud.abilities(false);
  expect(member).toMatchObject({ publicImages: false, communityImages: true, tied: null });
  expect(member.limits.instances?.limit).toBeGreaterThan(0);
  expect(member.networks).toContainEqual({ name: labEnv().network, kind: 'own' });
  const { username, password, project } = labEnv().admin;
  const admin = await open(
    typedSource({ username, project, password: 'env:ADMIN' }),
    undefined,
    secretsOf({ ADMIN: password }),
  );
  // The administrator sees no image of demo: only trying tells.
  expect(await admin.abilities(true)).toMatchObject({ publicImages: true, communityImages: true });
  expect(await cloud.images()).toHaveLength(before);
  expect(await admin.images({ hidden: true })).toEqual([]);
});

let authority: Authority;
test('a certificate of an unknown authority is refused, trusted with its CA file, and unchecked only when told so', async () => {
  authority = makeAuthority();
  const proxy = await tlsProxy(lab.authUrl, authority, false);
  ends.push(proxy.close);
  const source = typedSource({ authUrl: proxy.url });
  await expect(open(source)).rejects.toMatchObject({
    code: 'cloud.tls',
    whatToDo: expect.stringContaining('CA file'),
  });
  expect(await (await open({ ...source, caFile: authority.ca })).view()).toMatchObject({
    certificateChecked: true,
  });
  expect(await (await open({ ...source, verify: false })).view()).toMatchObject({
    certificateChecked: false,
  });
});

test('a cloud that wants a client certificate gets it, and says so when it does not', async () => {
  const proxy = await tlsProxy(lab.authUrl, authority, true);
  ends.push(proxy.close);
  const source = typedSource({ authUrl: proxy.url, caFile: authority.ca });
  await expect(open(source)).rejects.toMatchObject({ code: 'cloud.client-certificate' });
  const { cert, key } = authority.client;
  expect((await (await open({ ...source, certFile: cert, keyFile: key })).view()).project).toBe(lab.project);
  await expect(open({ ...source, certFile: cert, keyFile: authority.server.key })).rejects.toMatchObject({
    code: 'cloud.bad-client-certificate',
    whatHappened: expect.stringContaining('does not belong'),
  });
});
