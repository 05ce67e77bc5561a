// What is done to servers that exist, against the laboratory's real Nova.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitForServer } from '../../../electron/cloud/index.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { until } from '../../until.ts';
import { labEnv } from '../lab.ts';
import { activeImage, labCloud } from './lab-cloud.ts';

const mark = `casement-acts-${randomUUID()}`;
let cloud: Cloud;
let image: string;
let id: string;
const state = async () => (await cloud.server(id))?.status;

beforeAll(async () => {
  cloud = await labCloud();
  image = await activeImage(cloud, mark);
  const request = { name: mark, image, flavor: 'm1.small', network: labEnv().network };
  ({ id } = await cloud.launch({
    ...request,
    keypair: null,
    adminPass: 'Some-Passw0rd',
    tag: mark.slice(0, 50),
  }));
  await waitForServer(cloud, id, () => undefined, new AbortController().signal);
});
afterAll(async () => {
  await cloud.deleteServer(id);
  await cloud.deleteImage(image);
  await cloud.close();
});

test('a server is stopped, started and rebooted, and one that is stopped already says so', async () => {
  await cloud.serverAction(id, 'stop');
  await until('the server to stop', async () => (await state()) === 'SHUTOFF', 30_000);
  await expect(cloud.serverAction(id, 'stop')).rejects.toMatchObject({
    code: 'cloud.wrong-state',
    whatHappened: expect.stringMatching(/stopping the server, Nova answered/),
  });
  await cloud.serverAction(id, 'start');
  await until('the server to start', async () => (await state()) === 'ACTIVE', 30_000);
  await cloud.serverAction(id, 'reboot');
  await until('the server to come back', async () => (await state()) === 'ACTIVE', 30_000);
});

test('the console log and the console of the kind this cloud offers are there', async () => {
  expect(await cloud.consoleLog(id, 50)).toMatch(/\S/);
  expect(await cloud.consoleUrl(id)).toEqual({ kind: 'novnc', url: expect.stringMatching(/^https?:/) });
  await expect(cloud.consoleLog(randomUUID(), 5)).rejects.toMatchObject({ code: 'cloud.not-found' });
});

test('a chosen password is taken out of the metadata, once or twice', async () => {
  expect((await cloud.passwordFacts(id))?.adminPassGiven).toBe(true);
  await cloud.deleteMetadata(id, 'admin_pass');
  await cloud.deleteMetadata(id, 'admin_pass');
  expect((await cloud.passwordFacts(id))?.adminPassGiven).toBe(false);
});
