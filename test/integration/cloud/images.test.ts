import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Glance } from '../../../electron/cloud/glance.ts';
import { resolveCloud, uploadJob } from '../../../electron/cloud/index.ts';
import { Session } from '../../../electron/cloud/session.ts';
import type { Cloud, ImageRequest } from '../../../electron/cloud/types.ts';
import { uploadImage } from '../../../electron/cloud/upload.ts';
import type { Host } from '../../../electron/host/types.ts';
import type { Progress } from '../../../shared/stages.ts';
import { until } from '../../until.ts';
import { type Disk, glanceAt, labSecrets, proxyTo, type Spoil, typedSource } from './lab-cloud.ts';
import { makeAuthority, tlsProxy } from './tls-proxy.ts';
import { openUploads, type Uploads } from './uploads.ts';

const MIB = 2 ** 20;
let cloud: Cloud;
let host: Host;
let disk: Disk;
let session: Session;
let request: Uploads['request'];
let uploads: Uploads;
const tag = `casement-test-${randomUUID()}`;
const wanted = (more: Partial<ImageRequest> = {}): ImageRequest => ({
  name: `test ${tag}`,
  visibility: 'private',
  format: 'qcow2',
  minDiskGB: 1,
  minRamMB: 64,
  properties: { os_type: 'windows', hw_disk_bus: 'virtio' },
  ...more,
});
/** A Glance that is reached through a proxy, by the host and by this workstation. */
async function through(spoil: Spoil): Promise<{ glance: Glance; seen: () => number; close: () => void }> {
  const proxy = await proxyTo(await session.endpoint('image'), spoil);
  return { glance: glanceAt(session, proxy.url), seen: proxy.seen, close: proxy.close };
}

beforeAll(async () => {
  uploads = await openUploads(24 * MIB);
  ({ cloud, host, session, disk, request } = uploads);
});
afterAll(() => uploads.close(tag));

test.each(['host', 'workstation'] as const)(
  'the disk arrives through the %s, proven by its hash',
  async (via) => {
    const own = `${tag}-${via}`;
    const made = await cloud.createImage(wanted(), own);
    expect(made.status).toBe('queued');
    expect((await cloud.imageByTag(own))?.id).toBe(made.id);
    const progress: Progress[] = [];
    await cloud.uploadImage(request(made.id, { via, onProgress: (one) => progress.push(one) }));
    const image = await cloud.image(made.id);
    expect(image).toMatchObject({
      status: 'active',
      bytes: disk.bytes,
      hash: disk.sha512,
      hashAlgo: 'sha512',
      minDiskGB: 1,
      tags: [own],
    });
    if (via === 'workstation') expect(progress.at(-1)).toMatchObject({ done: disk.bytes, total: disk.bytes });
    const ran = await host.jobs.status(disk.dir, uploadJob(made.id));
    expect(ran.state).toBe(via === 'host' ? 'ended' : 'absent');
    // A second start finds it done and only proves it again.
    await cloud.uploadImage(request(made.id, { via }));
    await cloud.deleteImage(made.id);
    expect(await cloud.image(made.id)).toBeNull();
    await cloud.deleteImage(made.id);
  },
);

test.each(['host', 'workstation'] as const)(
  'a bit changed on the way (%s) deletes the image',
  async (via) => {
    const { glance, close } = await through({ flip: true });
    const made = await cloud.createImage(wanted(), `${tag}-flip-${via}`);
    await expect(uploadImage(glance, request(made.id, { via }))).rejects.toMatchObject({
      code: 'cloud.hash-mismatch',
      whatHappened: expect.stringContaining('deleted'),
    });
    expect(await cloud.image(made.id)).toBeNull();
    close();
  },
);

test.each(['host', 'workstation'] as const)(
  'a broken line (%s) keeps the empty image for the next try',
  async (via) => {
    const { glance, close } = await through({ dropAfter: 4 * MIB });
    const made = await cloud.createImage(wanted(), `${tag}-drop-${via}`);
    await expect(uploadImage(glance, request(made.id, { via }))).rejects.toMatchObject({
      code: 'cloud.upload-broken',
    });
    close();
    await cloud.uploadImage(request(made.id, { via }));
    expect(await cloud.image(made.id)).toMatchObject({ status: 'active', hash: disk.sha512 });
    await cloud.deleteImage(made.id);
  },
);

test('an upload on the host survives the one who started it, and no token can be seen there', async () => {
  const slow = await through({ bytesPerSecond: 6 * MIB });
  const made = await cloud.createImage(wanted(), `${tag}-slow`);
  const first = uploadImage(slow.glance, request(made.id, { via: 'host' }));
  // Nobody looks at the first one again: as after a kill, only the job on the host goes on.
  first.catch(() => undefined);
  await until('the upload to begin', () => slow.seen() === 1, 15_000);
  const { id: token } = await session.token();
  expect(argumentLists().filter((words) => words.includes(token))).toEqual([]);
  expect(argumentLists().filter((words) => words.includes('curl') && words.includes(made.id))).not.toEqual(
    [],
  );
  const progress: Progress[] = [];
  await uploadImage(slow.glance, request(made.id, { via: 'host', onProgress: (one) => progress.push(one) }));
  expect(slow.seen()).toBe(1);
  expect(await cloud.image(made.id)).toMatchObject({ status: 'active', hash: disk.sha512 });
  const counts = progress.map(({ done }) => done);
  expect(counts.length).toBeGreaterThan(1);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  await first;
  slow.close();
  await cloud.deleteImage(made.id);
});

test.each(['host', 'workstation'] as const)('a cancelled upload (%s) stops', async (via) => {
  const slow = await through({ bytesPerSecond: MIB });
  const made = await cloud.createImage(wanted(), `${tag}-cancel-${via}`);
  const abort = new AbortController();
  const upload = uploadImage(slow.glance, request(made.id, { via, signal: abort.signal }));
  upload.catch(() => undefined);
  await until('the upload to begin', () => slow.seen() === 1, 15_000);
  abort.abort();
  await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
  expect((await host.jobs.status(disk.dir, uploadJob(made.id))).state).not.toBe('running');
  slow.close();
  await until('Glance to notice', async () => (await cloud.image(made.id))?.status !== 'saving', 20_000);
  await cloud.deleteImage(made.id);
});

test('a host that cannot reach Glance makes this workstation relay, unless the plan forbids it', async () => {
  const real = new Glance(session);
  class Unreachable extends Glance {
    override async url(path: string): Promise<string> {
      // Only the probe asks for the root: there the host sees a closed port.
      return path === '/' ? 'http://127.0.0.1:1/' : await real.url(path);
    }
  }
  const glance = new Unreachable(session);
  const made = await cloud.createImage(wanted(), `${tag}-relay`);
  await expect(uploadImage(glance, request(made.id, { via: 'host' }))).rejects.toMatchObject({
    code: 'cloud.host-cannot-reach-glance',
  });
  await uploadImage(glance, request(made.id, { via: 'auto' }));
  expect((await host.jobs.status(disk.dir, uploadJob(made.id))).state).toBe('absent');
  expect((await cloud.image(made.id))?.status).toBe('active');
  await cloud.deleteImage(made.id);
});

test('a client certificate stays on this workstation, which relays then', async () => {
  const authority = makeAuthority();
  const front = await tlsProxy(await session.endpoint('image'), authority, true);
  const { cert, key } = authority.client;
  const own = await Session.open(
    await resolveCloud(typedSource({ caFile: authority.ca, certFile: cert, keyFile: key }), labSecrets()),
  );
  const glance = glanceAt(own, new URL(front.url).origin);
  const made = await cloud.createImage(wanted(), `${tag}-certificate`);
  await expect(uploadImage(glance, request(made.id, { via: 'host' }))).rejects.toMatchObject({
    code: 'cloud.host-has-no-certificate',
  });
  await uploadImage(glance, request(made.id));
  expect((await host.jobs.status(disk.dir, uploadJob(made.id))).state).toBe('absent');
  expect((await cloud.image(made.id))?.status).toBe('active');
  front.close();
  await own.http.close();
  await cloud.deleteImage(made.id);
});

test('a public image is refused before anything is made', async () => {
  const before = (await cloud.images()).length;
  await expect(cloud.createImage(wanted({ visibility: 'public' }), tag)).rejects.toMatchObject({
    code: 'cloud.public-refused',
  });
  expect(await cloud.images()).toHaveLength(before);
});

test('Glance’s own words reach the admin', async () => {
  await expect(cloud.createImage(wanted({ properties: { id: 'not-an-id' } }), tag)).rejects.toMatchObject({
    code: expect.stringMatching(/^cloud\./),
    whatHappened: expect.stringContaining('Glance'),
  });
  await expect(cloud.uploadImage(request(randomUUID()))).rejects.toMatchObject({ code: 'cloud.image-gone' });
});

/** Argument lists of all processes of this machine. */
function argumentLists(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
