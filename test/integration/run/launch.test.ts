// Launching servers against the laboratory's real Nova, with the stand-in that plays Windows in each of them.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeypair, importKeypairFile, removeServers } from '../../../electron/cloud/index.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { serverPassword } from '../../../electron/connect/index.ts';
import { launchServers } from '../../../electron/run/launch/index.ts';
import { LAUNCH_TIMES } from '../../../electron/run/launch/times.ts';
import { factsOf } from '../../../electron/run/password.ts';
import type { ServerSpec } from '../../../shared/plan-server.ts';
import type { ImageView } from '../../../shared/views.ts';
import { until } from '../../until.ts';
import { activeImage, labCloud, removeKeypair } from '../cloud/lab-cloud.ts';
import { labProject, labQuota } from '../cloud/lab-project.ts';
import { wishOf } from './launch-wish.ts';

const mark = `casement:${randomUUID().slice(0, 8)}`;
const dir = mkdtempSync(join(tmpdir(), 'casement-launch-'));
const privateKey = join(dir, 'key.pem');
const keys = mark.replace(':', '-');
const keypair = `${keys}-key`;
const { signal } = new AbortController();
let cloud: Cloud;
let image: ImageView;
let quota: Record<string, number>;

const launch = (
  tag: string,
  more: Partial<ServerSpec>,
  password: string | null = null,
  times = LAUNCH_TIMES,
  by = cloud,
) =>
  launchServers(by, wishOf(image, `${mark}-${tag}`, more, password), {
    onChange: async () => {},
    signal,
    times,
  });
const standing = async (tag: string) => (await cloud.launched(`${mark}-${tag}`)).map(({ view }) => view);

beforeAll(async () => {
  cloud = await labCloud();
  const found = await cloud.image(await activeImage(cloud, mark));
  if (!found) throw new Error('no image');
  image = found;
  await createKeypair(cloud, keypair, privateKey);
  quota = await labQuota({ instances: 50, cores: -1, ram: -1 });
});
afterAll(async () => {
  const own = (await cloud.servers()).filter(({ name }) => name.startsWith(mark.split(':')[1] ?? mark));
  await removeServers(cloud, own);
  for (const { name } of await cloud.keypairs()) if (name.startsWith(keys)) await removeKeypair(name);
  await labQuota(quota);
  await cloud.deleteImage(image.id);
  await cloud.close();
}, 300_000);

test('one server is followed to its desktop, and its generated password is known', async () => {
  const seen: string[] = [];
  const { servers } = await launchServers(cloud, wishOf(image, `${mark}-one`, { keypair, privateKey }), {
    onChange: async ([server]) => void seen.push(server?.state ?? ''),
    signal,
  });
  expect(servers).toMatchObject([
    { state: 'ready', error: null, address: expect.stringMatching(/^198\.18\./) },
  ]);
  // "building" may be over before the first look; all else is told, however fast the server is.
  expect(seen.filter((state, i) => state !== 'building' && seen.indexOf(state) === i)).toEqual([
    'ordered',
    'starting',
    'password',
    'ready',
  ]);
  const password = await serverPassword(await factsOf(cloud, servers[0]?.id ?? ''), privateKey);
  expect(password).toMatchObject({ state: 'known', password: expect.stringMatching(/^\w{20}$/) });
});

test('a chosen password needs no key pair, and a group that lets this computer in is made and goes again', async () => {
  const more = { securityGroup: { create: { from: '198.18.0.0/15' } } } as const;
  const { servers } = await launch('chosen', more, 'Chosen-Passw0rd');
  expect(servers).toMatchObject([{ state: 'ready' }]);
  const group = async () =>
    (await cloud.securityGroups()).find(({ description }) => description === `${mark}-chosen`);
  expect(await group()).toMatchObject({ rdpFrom: ['198.18.0.0/15'] });
  const said = await removeServers(cloud, await standing('chosen'));
  expect(said.join(' ')).toMatch(/The server .* was deleted\. The security group .* was deleted\./);
  expect(await group()).toBeUndefined();
});

test('a weak password, an ed25519 key, a foreign key and a config drive are refused before anything is launched', async () => {
  const refused = async (
    tag: string,
    words: RegExp,
    more: Partial<ServerSpec>,
    password: string | null = null,
  ) => {
    await expect(launch(tag, more, password)).rejects.toMatchObject({
      code: expect.stringMatching(/^launch\.(password-)?refused$/),
      whatHappened: expect.stringMatching(words),
    });
    expect(await standing(tag)).toEqual([]);
  };
  await refused('weak', /Windows would ignore the chosen password/, {}, 'administrator');
  const ed = join(dir, 'ed');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', ed]);
  await importKeypairFile(cloud, `${keys}-ed`, `${ed}.pub`);
  await refused('ed', /ssh-ed25519.*RSA keys only/, { keypair: `${keys}-ed`, privateKey: ed });
  const other = join(dir, 'other.pem');
  await createKeypair(cloud, `${keys}-other`, other);
  await refused('other', /does not belong to the key pair/, { keypair, privateKey: other });
  await refused('drive', /cannot report the password/, { keypair, privateKey, configDrive: true });
  await refused('flavor', /m1\.nano cannot carry|There is no flavor/, {
    keypair,
    privateKey,
    flavor: 'm1.none',
  });
});

test('a quota that is too small is told before anything is launched', async () => {
  const project = await labProject();
  try {
    await project.quota({ instances: 2 });
    const found = await project.cloud.image(await activeImage(project.cloud, mark, project.name));
    if (!found) throw new Error('no image');
    const more = {
      count: 3,
      network: project.network,
      securityGroup: { create: { from: '198.51.100.7/32' } },
    };
    const wish = wishOf(found, `${mark}-quota`, more, 'Chosen-Passw0rd');
    await expect(
      launchServers(project.cloud, wish, { onChange: async () => {}, signal }),
    ).rejects.toMatchObject({
      code: 'launch.refused',
      whatHappened: expect.stringMatching(/needs 3 servers, and the project may have only 2 more/),
    });
    expect(await project.cloud.servers()).toEqual([]);
    await project.cloud.deleteImage(found.id);
  } finally {
    await project.close();
  }
});

test('a password that does not come in time is told, and the other server gets ready all the same', async () => {
  // The stand-in may be faster than any look: what it has posted stays unseen during the first launch.
  const unseen: Cloud = { ...cloud, encryptedPassword: async () => null };
  const short = { ...LAUNCH_TIMES, passwordMs: 0 };
  const late = await launch('late', { keypair, privateKey }, null, short, unseen);
  expect(late.servers).toMatchObject([{ state: 'failed', error: { code: 'launch.password-late' } }]);
  const again = await launch('late', { keypair, privateKey, count: 2 });
  expect(again.servers).toMatchObject([{ state: 'ready', id: late.servers[0]?.id }, { state: 'ready' }]);
});

test('five servers whose launch is killed in the middle are still five when it goes on', async () => {
  const script = new URL('./launch-children.ts', import.meta.url).pathname;
  const words = [script, image.id, `${mark}-five`, privateKey, keypair];
  const child: ChildProcess = spawn(process.execPath, words, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until('the first of five servers', async () => (await standing('five')).length > 0, 120_000);
  child.kill('SIGKILL');
  await ended;
  const { servers } = await launch('five', { keypair, privateKey, count: 5 });
  expect(servers.map(({ state }) => state)).toEqual(Array(5).fill('ready'));
  const names = (await standing('five')).map(({ name }) => name).sort();
  expect(names).toEqual(servers.map(({ name }) => name).sort());
  expect(new Set(servers.map(({ address }) => address)).size).toBe(5);
}, 600_000);

test('thirty servers are launched with one question for all of them', async () => {
  const begin = performance.now();
  const { servers, polls } = await launch('many', { count: 30 }, 'Chosen-Passw0rd');
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(`30 servers ready in ${seconds} s, ${polls} polls`);
  expect(servers.map(({ state, error }) => error?.whatHappened ?? state)).toEqual(Array(30).fill('ready'));
}, 600_000);
