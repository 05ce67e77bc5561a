import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeypair, importKeypairFile, waitForServer } from '../../../electron/cloud/index.ts';
import type { Cloud, ServerRequest } from '../../../electron/cloud/types.ts';
import { decryptPassword } from '../../../electron/connect/decrypt.ts';
import { until } from '../../until.ts';
import { labEnv } from '../lab.ts';
import { activeImage, labCloud, removeKeypair } from './lab-cloud.ts';

const mark = `casement-test-${randomUUID()}`;
const dir = mkdtempSync(join(tmpdir(), 'casement-keys-'));
const { signal } = new AbortController();
let cloud: Cloud;
let image: string;
const wanted = (more: Partial<ServerRequest> = {}): ServerRequest => ({
  name: mark,
  image,
  flavor: 'm1.small',
  network: labEnv().network,
  keypair: null,
  adminPass: null,
  tag: `${mark}`.slice(0, 50),
  ...more,
});

beforeAll(async () => {
  cloud = await labCloud();
  image = await activeImage(cloud, mark);
});
afterAll(async () => {
  for (const server of await cloud.servers()) if (server.name === mark) await cloud.deleteServer(server.id);
  for (const { name } of await cloud.keypairs()) if (name.startsWith(mark)) await removeKeypair(name);
  await cloud.deleteImage(image);
  await cloud.close();
});

test('flavors that cannot carry the image say why, the others stand first', async () => {
  const flavors = await cloud.flavors({ minDiskGB: 10, minRamMB: 1024 });
  expect(flavors.map(({ name }) => name).sort()).toEqual([...labEnv().flavors].sort());
  expect(flavors.find(({ name }) => name === 'm1.nano')?.unfit).toMatch(/disk .* needs 10 GB/);
  expect(flavors[0]?.unfit).toBeNull();
});

test('networks show their subnets', async () => {
  const network = (await cloud.networks()).find(({ name }) => name === labEnv().network);
  expect(network?.subnets[0]).toMatch(/^198\.18\.\d+\.0\/24$/);
});

test('a made key pair keeps its private key to its owner and is never overwritten', async () => {
  const file = join(dir, 'made.pem');
  const made = await createKeypair(cloud, `${mark}-made`, file);
  expect(made).toMatchObject({ type: 'ssh-rsa', canReceivePassword: true, privateKey: file });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await cloud.keypairs()).map(({ name }) => name)).toContain(`${mark}-made`);
  const before = readFileSync(file, 'utf8');
  await expect(createKeypair(cloud, `${mark}-x`, file)).rejects.toMatchObject({ code: 'cloud.key-exists' });
  expect(readFileSync(file, 'utf8')).toBe(before);
  const other = join(dir, 'other.pem');
  await expect(createKeypair(cloud, `${mark}-made`, other)).rejects.toMatchObject({ code: 'cloud.conflict' });
  expect(() => statSync(other)).toThrow();
});

test('an imported key that is not RSA cannot receive a password', async () => {
  const file = join(dir, 'ed');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  const view = await importKeypairFile(cloud, `${mark}-ed`, `${file}.pub`);
  expect(view).toMatchObject({ type: 'ssh-ed25519', canReceivePassword: false });
  writeFileSync(join(dir, 'no'), 'hello');
  await expect(importKeypairFile(cloud, `${mark}-no`, join(dir, 'no'))).rejects.toMatchObject({
    code: 'cloud.not-a-key',
  });
});

test('a server is launched once, tells its address, and its generated password decrypts', async () => {
  const file = join(dir, 'launch.pem');
  const { name } = await createKeypair(cloud, `${mark}-launch`, file);
  const request = wanted({ keypair: name });
  const launched = await cloud.launch(request);
  expect((await cloud.launch(request)).id).toBe(launched.id);
  const said: string[] = [];
  const server = await waitForServer(cloud, launched.id, ({ message }) => said.push(message), signal);
  expect(server).toMatchObject({ status: 'ACTIVE', flavor: 'm1.small', keypair: name, fault: null, image });
  expect(server.addresses[0]).toMatchObject({ network: labEnv().network, floating: false });
  expect(said.at(-1)).toBe('Nova says ACTIVE');
  const facts = await cloud.passwordFacts(launched.id);
  expect(facts).toMatchObject({ keypair: name, keyType: 'ssh-rsa', status: 'ACTIVE', adminPassGiven: false });
  await until('the password', async () => (await cloud.encryptedPassword(launched.id)) !== null, 60_000);
  const encrypted = (await cloud.encryptedPassword(launched.id)) ?? '';
  expect(decryptPassword(encrypted, readFileSync(file, 'utf8'))).toMatch(/^[A-Za-z0-9]{20}$/);
  await cloud.deleteServer(launched.id);
  await until('the server to go', async () => (await cloud.server(launched.id)) === null, 30_000);
  await cloud.deleteServer(launched.id);
});

test('a chosen password travels as metadata and is known to have been given', async () => {
  const request = wanted({ adminPass: 'Some-Passw0rd', tag: `${mark}-2`.slice(0, 60), network: null });
  const { id } = await cloud.launch(request);
  await waitForServer(cloud, id, () => undefined, signal);
  expect(await cloud.passwordFacts(id)).toMatchObject({
    adminPassGiven: true,
    keypair: null,
    encrypted: null,
  });
  await cloud.deleteServer(id);
});

test('what Nova refuses is told in its own words', async () => {
  await expect(cloud.launch(wanted({ image: randomUUID(), tag: 'none-1' }))).rejects.toMatchObject({
    whatHappened: expect.stringMatching(/Nova answered: “.*image.*request req-/),
  });
  await expect(cloud.launch(wanted({ flavor: 'm1.none', tag: 'none-2' }))).rejects.toMatchObject({
    code: 'cloud.no-flavor',
    whatHappened: expect.stringContaining('m1.small'),
  });
  await expect(cloud.launch(wanted({ network: 'nowhere', tag: 'none-3' }))).rejects.toMatchObject({
    code: 'cloud.no-network',
    whatHappened: expect.stringContaining(labEnv().network),
  });
  await expect(cloud.launch(wanted({ keypair: 'nobody', tag: 'none-4' }))).rejects.toMatchObject({
    whatHappened: expect.stringMatching(/Nova answered: “.*key_name/),
  });
  expect(await cloud.server(randomUUID())).toBeNull();
  await expect(waitForServer(cloud, randomUUID(), () => undefined, signal)).rejects.toMatchObject({
    code: 'cloud.server-gone',
  });
});
