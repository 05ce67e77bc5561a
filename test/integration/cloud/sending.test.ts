// Ways into Glance beside the plain PUT, and what goes wrong on the way.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Glance } from '../../../electron/cloud/glance.ts';
import type { Session } from '../../../electron/cloud/session.ts';
import type { Cloud, ImageRequest } from '../../../electron/cloud/types.ts';
import { uploadImage } from '../../../electron/cloud/upload.ts';
import type { Host } from '../../../electron/host/types.ts';
import { fill, type Publication, register } from '../../../electron/run/publication.ts';
import { imageSchema } from '../../../shared/plan-image.ts';
import { until } from '../../until.ts';
import { type Disk, glanceAt, proxyTo, typedSource } from './lab-cloud.ts';
import { type OwnGlance, ownGlance } from './own-glance.ts';
import { openUploads, type Uploads } from './uploads.ts';

const MIB = 2 ** 20;
const tag = `casement-test-${randomUUID()}`;
let cloud: Cloud;
let host: Host;
let disk: Disk;
let session: Session;
let request: Uploads['request'];
let uploads: Uploads;

const wanted: ImageRequest = {
  name: `test ${tag}`,
  visibility: 'private',
  format: 'raw',
  minDiskGB: 1,
  minRamMB: 64,
  properties: {},
};

beforeAll(async () => {
  uploads = await openUploads(8 * MIB);
  ({ cloud, host, session, disk, request } = uploads);
});
afterAll(() => uploads.close(tag));

/** A web server with the disk at /disk, as somebody would put it where the cloud can fetch it. */
async function serveDisk(): Promise<{ url: string; close: () => void }> {
  const bytes = await host.files.read(disk.disk);
  const server = createServer((incoming, answer) => {
    const body = incoming.url === '/disk' ? bytes : Buffer.alloc(0);
    // Glance fetches nothing whose length it is not told.
    answer.writeHead(body.length > 0 ? 200 : 404, { 'content-length': body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

describe('import', () => {
  test('is offered', async () => {
    expect(await cloud.importMethods()).toEqual(expect.arrayContaining(['glance-direct', 'web-download']));
  });

  test.each(['host', 'workstation'] as const)(
    'of bytes staged by the %s gives the very disk',
    async (via) => {
      const made = await cloud.createImage(wanted, `${tag}-stage-${via}`);
      await cloud.uploadImage(request(made.id, { via, method: 'glance-direct' }));
      expect(await cloud.image(made.id)).toMatchObject({ status: 'active', hash: disk.sha512 });
      // A second start finds it imported and only proves it again.
      await cloud.uploadImage(request(made.id, { via, method: 'glance-direct' }));
      await cloud.deleteImage(made.id);
    },
  );

  test('from an address gives the very disk, and another file there is told and deleted', async () => {
    const server = await serveDisk();
    const method = 'web-download';
    const made = await cloud.createImage(wanted, `${tag}-web`);
    await cloud.uploadImage(request(made.id, { method, url: `${server.url}/disk` }));
    expect(await cloud.image(made.id)).toMatchObject({ status: 'active', hash: disk.sha512 });
    await cloud.deleteImage(made.id);

    const other = await cloud.createImage(wanted, `${tag}-web-other`);
    const wrong = request(other.id, { method, url: `${server.url}/disk`, sha512: 'ab'.repeat(64) });
    await expect(cloud.uploadImage(wrong)).rejects.toMatchObject({ code: 'cloud.hash-mismatch' });
    expect(await cloud.image(other.id)).toBeNull();

    const missing = await cloud.createImage(wanted, `${tag}-web-missing`);
    const nothing = request(missing.id, { method, url: `${server.url}/nothing` });
    await expect(cloud.uploadImage(nothing)).rejects.toMatchObject({
      code: 'cloud.import-failed',
      whatToDo: expect.stringContaining(`${server.url}/nothing`),
    });
    expect(await cloud.image(missing.id)).toBeNull();
    server.close();
  });
});

test('a token that ends during the upload does not spoil it', async () => {
  // Slower than the services remember a token, which is ten seconds.
  const slow = await proxyTo(await session.endpoint('image'), { bytesPerSecond: disk.bytes / 12 });
  const { id: token } = await session.token();
  const sent = (['host', 'workstation'] as const).map(async (via) => {
    const { id } = await cloud.createImage(wanted, `${tag}-token-${via}`);
    await uploadImage(glanceAt(session, slow.url), request(id, { via }));
    return id;
  });
  const all = Promise.all(sent);
  all.catch(() => undefined);
  await until('both uploads to begin', () => slow.seen() === 2, 30_000);
  await revoke(token);
  for (const id of await all) {
    expect(await cloud.image(id)).toMatchObject({ status: 'active', hash: disk.sha512 });
    await cloud.deleteImage(id);
  }
  expect((await session.token()).id).not.toBe(token);
  slow.close();
});

test('a shared image is offered to a project and says when it was accepted', async () => {
  const made = await cloud.createImage({ ...wanted, visibility: 'shared' }, `${tag}-shared`);
  const other = 'f'.repeat(32);
  expect(await cloud.shareImage(made.id, [other])).toEqual([{ project: other, status: 'pending' }]);
  // Offered twice is offered once.
  await cloud.shareImage(made.id, [other]);
  expect(await cloud.imageMembers(made.id)).toHaveLength(1);
  await cloud.deleteImage(made.id);
});

test('a relayed disk of any size never lies in memory', async () => {
  const bytes = 192 * MIB;
  const large = `${disk.dir}/sparse`;
  await host.run(['truncate', '--size', String(bytes), large]);
  const { stdout } = await host.run(['sha512sum', '--', large]);
  const made = await cloud.createImage(wanted, `${tag}-large`);
  const before = process.memoryUsage.rss();
  let most = 0;
  const onProgress = (): void => {
    most = Math.max(most, process.memoryUsage.rss() - before);
  };
  const sha512 = stdout.slice(0, 128);
  await cloud.uploadImage(request(made.id, { disk: large, bytes, sha512, via: 'workstation', onProgress }));
  expect(most).toBeLessThan(96 * MIB);
  expect((await cloud.image(made.id))?.hash).toBe(sha512);
  await cloud.deleteImage(made.id);
});

describe('a Glance with limits that is killed', () => {
  let own: OwnGlance;
  let glance: Glance;
  beforeAll(async () => {
    own = await ownGlance();
    await own.start({ image_size_cap: String(16 * MIB), enabled_import_methods: '[web-download]' });
    glance = glanceAt(session, own.url);
  });
  afterAll(() => own.close());

  test.each(['host', 'workstation'] as const)(
    'refuses by its cap (%s) with a sentence, and the image stays empty',
    async (via) => {
      const made = await cloud.createImage(wanted, `${tag}-cap-${via}`);
      const large = { disk: `${disk.dir}/too-large`, bytes: 24 * MIB };
      await host.run(['truncate', '--size', String(large.bytes), large.disk]);
      await expect(uploadImage(glance, request(made.id, { ...large, via }))).rejects.toMatchObject({
        code: 'cloud.too-large',
        whatHappened: expect.stringContaining('HTTP 413'),
      });
      expect((await cloud.image(made.id))?.status).toBe('queued');
      await cloud.deleteImage(made.id);
    },
  );

  test('is not asked for an import that it does not offer', async () => {
    const made = await cloud.createImage(wanted, `${tag}-no-import`);
    const staged = request(made.id, { method: 'glance-direct' });
    await expect(uploadImage(glance, staged)).rejects.toMatchObject({
      code: 'cloud.no-import',
      whatHappened: expect.stringContaining('web-download'),
    });
    await cloud.deleteImage(made.id);
  });

  test('in the middle of an upload is waited for, and the upload begins anew', async () => {
    const slow = await proxyTo(own.url, { bytesPerSecond: 4 * MIB });
    const ownCloud: Cloud = {
      ...cloud,
      image: (id) => glance.get(id),
      uploadImage: (one) => uploadImage(slow.seen() === 0 ? glanceAt(session, slow.url) : glance, one),
    };
    const notes: string[] = [];
    const publication: Publication = {
      cloud: ownCloud,
      image: imageSchema.parse({ name: wanted.name, upload: 'host' }),
      request: wanted,
      tag: `${tag}-killed`,
      noted: async (_image, message) => void notes.push(message),
    };
    const registered = await register(publication);
    const { image: _, via: __, ...sending } = request(registered.id);
    const filled = fill(publication, registered, sending);
    filled.catch(() => undefined);
    await until('the upload', async () => (await cloud.image(registered.id))?.status === 'saving', 30_000);
    const used = (await cloud.images()).reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    await own.kill();
    await own.start({ user_storage_quota: `${used + 12 * MIB}B` });
    const image = await filled;
    expect(image).toMatchObject({ status: 'active', bytes: disk.bytes });
    expect(notes.at(-1)).toContain('begins anew');
    slow.close();

    // The second disk is more than the quota leaves.
    const made = await cloud.createImage(wanted, `${tag}-quota`);
    await expect(uploadImage(glance, request(made.id))).rejects.toMatchObject({ code: 'cloud.quota' });
  });
});

/** Ends a token, as its lifetime would. */
async function revoke(token: string): Promise<void> {
  const url = `${typedSource().authUrl.replace(/\/v3\/?$/, '')}/v3/auth/tokens`;
  const answer = await fetch(url, {
    method: 'DELETE',
    headers: { 'x-auth-token': token, 'x-subject-token': token },
  });
  if (!answer.ok) throw new Error(`Keystone keeps the token: ${answer.status}`);
}
