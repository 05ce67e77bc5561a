// Two projects of the laboratory: one offers images, the other answers.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCloud } from '../../../electron/cloud/index.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { labEnv } from '../lab.ts';
import { labCloud, secretsOf, typedSource } from './lab-cloud.ts';
import { type LabProject, labProject } from './lab-project.ts';

const name = `casement-offer-${randomUUID().slice(0, 8)}`;
let giver: Cloud;
let taker: LabProject;
let image: string;

beforeAll(async () => {
  giver = await labCloud();
  taker = await labProject();
  const request = { name, format: 'qcow2', minDiskGB: 1, minRamMB: 64, properties: {} } as const;
  image = (await giver.createImage({ ...request, visibility: 'shared' }, name)).id;
}, 120_000);
afterAll(async () => {
  await giver.deleteImage(image);
  await giver.close();
  await taker.close();
});

const offered = async () => (await taker.cloud.imageOffers()).map(({ id, offer }) => [id, offer]);
const listed = async () => (await taker.cloud.images()).some(({ id }) => id === image);
const answers = async () => (await giver.imageMembers(image)).map(({ status }) => status);

test('an image is listed in another project once that project has accepted it, until it rejects it', async () => {
  await expect(taker.cloud.answerOffer(image, 'accepted')).rejects.toMatchObject({
    code: 'cloud.not-offered',
  });
  await giver.shareImage(image, [await taker.cloud.projectId()]);
  expect(await offered()).toEqual([[image, 'pending']]);
  expect(await listed()).toBe(false);

  await taker.cloud.answerOffer(image, 'accepted');
  // Answered twice is answered once.
  await taker.cloud.answerOffer(image, 'accepted');
  expect(await offered()).toEqual([[image, 'accepted']]);
  expect(await listed()).toBe(true);
  expect(await answers()).toEqual(['accepted']);

  await taker.cloud.answerOffer(image, 'rejected');
  expect(await offered()).toEqual([[image, 'rejected']]);
  expect(await listed()).toBe(false);
});

test('the project that shares an image is not offered it', async () => {
  expect((await giver.imageOffers()).map(({ id }) => id)).not.toContain(image);
  await expect(giver.answerOffer(image, 'accepted')).rejects.toMatchObject({ code: 'cloud.not-offered' });
});

test('an administrator, who sees the images of all projects, is offered only those of the own one', async () => {
  const { username, password, project } = labEnv().admin;
  const admin = await openCloud(typedSource({ username, project }), {
    secrets: secretsOf({ RIGHT: password }),
  });
  expect((await admin.imageOffers()).map(({ id }) => id)).not.toContain(image);
  await giver.shareImage(image, [await admin.projectId()]);
  expect((await admin.imageOffers()).find(({ id }) => id === image)?.offer).toBe('pending');
  await admin.close();
});
