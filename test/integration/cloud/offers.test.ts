// Two projects of the laboratory: one offers images, the other answers.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('the command line lists, accepts and rejects it', async () => {
  await giver.shareImage(image, [await taker.cloud.projectId()]);
  const folder = mkdtempSync(join(tmpdir(), 'casement-offers-'));
  const file = join(folder, 'clouds.yaml');
  const { authUrl, username, userDomain, projectDomain } = labEnv().cloud;
  const auth = {
    ...{ auth_url: authUrl, username, password: labEnv().cloud.password, project_name: taker.name },
    ...{ user_domain_name: userDomain, project_domain_name: projectDomain },
  };
  writeFileSync(file, JSON.stringify({ clouds: { taker: { auth } } }), { mode: 0o600 });
  const images = (...words: string[]): unknown =>
    JSON.parse(
      execFileSync(
        process.execPath,
        ['electron/cli.ts', 'images', ...words, '--json', '--cloud', 'taker', '--clouds-file', file],
        { encoding: 'utf8', env: { ...process.env, CASEMENT_HOME: folder } },
      ),
    );
  // The earlier test rejected it.
  expect(images('--offered')).toMatchObject([{ id: image, name, offer: 'rejected' }]);
  expect(images(name)).toEqual([]);
  expect(images('--accept', image)).toMatchObject([{ id: image, offer: 'accepted' }]);
  expect(images(name)).toMatchObject([{ id: image, name }]);
  expect(images('--reject', image)).toMatchObject([{ id: image, offer: 'rejected' }]);
  expect(await answers()).toContain('rejected');
  expect(images(name)).toEqual([]);
});
