import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { activeImage, labCloud } from './lab-cloud.ts';

const name = `test changes ${randomUUID()}`;
let cloud: Cloud;
let id: string;

beforeAll(async () => {
  cloud = await labCloud();
  id = await activeImage(cloud, name);
});
afterAll(async () => {
  await cloud.updateImage(id, { protected: false });
  await cloud.deleteImage(id);
  await cloud.close();
});

test('name, protection, tags and properties of an image change, and asking twice changes nothing more', async () => {
  const changes = {
    name: `${name} (2026-11-27)`,
    protected: true,
    tags: [name, 'proven'],
    set: { casement_verified_at: '2026-11-27T10:00:00Z', 'own/name~1': 'x' },
    remove: ['never_there'],
  };
  const changed = await cloud.updateImage(id, changes);
  expect(changed).toMatchObject({
    name: changes.name,
    protected: true,
    properties: { casement_verified_at: '2026-11-27T10:00:00Z', 'own/name~1': 'x' },
  });
  expect([...changed.tags].sort()).toEqual([...changes.tags].sort());
  expect((await cloud.updateImage(id, changes)).properties).toEqual(changed.properties);
  await cloud.updateImage(id, { remove: ['own/name~1'], set: { casement_verified_at: 'later' } });
  const after = await cloud.image(id);
  expect(after?.properties).toMatchObject({ casement_verified_at: 'later' });
  expect(after?.properties).not.toHaveProperty('own/name~1');
  await expect(cloud.deleteImage(id)).rejects.toMatchObject({
    whatHappened: expect.stringContaining('protected'),
  });
});

test('a hidden image leaves the list and comes back', async () => {
  const listed = async () => (await cloud.images()).some((image) => image.id === id);
  expect(await listed()).toBe(true);
  expect((await cloud.updateImage(id, { hidden: true })).hidden).toBe(true);
  expect(await listed()).toBe(false);
  await cloud.updateImage(id, { hidden: false });
  expect(await listed()).toBe(true);
});

test('publishing to everybody later is refused with a sentence, and an image that is gone is told', async () => {
  await expect(cloud.updateImage(id, { visibility: 'public' })).rejects.toMatchObject({
    code: 'cloud.public-refused',
  });
  expect((await cloud.image(id))?.visibility).toBe('private');
  await expect(cloud.updateImage(randomUUID(), { name: 'x' })).rejects.toMatchObject({
    code: 'cloud.image-gone',
  });
});
