import { describe, expect, it } from 'vitest';
import type { Cloud, ImageRequest } from '../../../electron/cloud/types.ts';
import type { Host } from '../../../electron/host/types.ts';
import { publishStage } from '../../../electron/run/stages/publish.ts';
import type { Facts, StageContext } from '../../../electron/run/types.ts';
import { CasementError } from '../../../shared/errors.ts';
import { planSchema } from '../../../shared/plan.ts';
import type { ImageView } from '../../../shared/views.ts';
import { examplePlan } from './example.ts';

const NEW = 'a'.repeat(128);
const OLD = 'b'.repeat(128);
const plan = planSchema.parse({ ...examplePlan, image: { name: 'Win', visibility: 'public' } });

/** A Glance and a host that note what was asked of them, in order. */
function world({ known, refuse = false }: { known?: Partial<ImageView>; refuse?: boolean } = {}) {
  const did: string[] = [];
  const images = new Map<string, { status: string; hash: string | null; name: string; visibility: string }>();
  if (known) images.set('old', { status: 'active', hash: OLD, name: 'Win', visibility: 'public', ...known });
  const cloud = {
    imageByTag: async () => [...images].map(([id, image]) => ({ id, ...image }))[0] ?? null,
    image: async (id: string) => ({ id, ...images.get(id) }),
    async createImage({ name, visibility }: ImageRequest) {
      did.push('create');
      if (refuse)
        throw new CasementError({ code: 'cloud.public-refused', title: '', whatHappened: '', whatToDo: '' });
      images.set('new', { status: 'queued', hash: null, name, visibility });
      return { id: 'new', ...images.get('new') };
    },
    async uploadImage({ image }: { image: string }) {
      did.push('upload');
      images.set(image, { status: 'active', hash: NEW, name: 'Win', visibility: 'public' });
    },
    async deleteImage(id: string) {
      did.push(`delete ${id}`);
      images.delete(id);
    },
  } as unknown as Cloud;
  const host = {
    files: { stat: async () => ({ bytes: 1, modified: 'now' }), write: async () => {} },
    jobs: {
      start: async () => did.push('hash'),
      wait: async () => ({ state: 'ended', code: 0, log: `${NEW}  disk` }),
    },
  } as unknown as Host;
  const facts: Record<string, unknown> = { dir: '/d', imageFile: '/d/image.qcow2' };
  const context = {
    plan,
    facts: facts as Facts,
    tag: 'tag',
    ports: { host: async () => host, cloud: async () => cloud },
    progress() {},
    async note(more: Facts) {
      Object.assign(facts, more);
    },
  } as unknown as StageContext;
  return { did, images, run: () => publishStage.run(context, new AbortController().signal) };
}

describe('publishing', () => {
  it('learns of a refused visibility before the disk is read, and leaves nothing behind', async () => {
    const { did, images, run } = world({ refuse: true });
    await expect(run()).rejects.toMatchObject({ code: 'cloud.public-refused' });
    expect(did).toEqual(['create']);
    expect(images.size).toBe(0);
  });

  it('registers, hashes, sends', async () => {
    const { did, run } = world();
    expect((await run()).facts).toEqual({ imageId: 'new' });
    expect(did).toEqual(['create', 'hash', 'upload']);
  });

  it('goes on with an empty image, and sends nothing again that is there', async () => {
    const empty = world({ known: { status: 'queued' } });
    await empty.run();
    expect(empty.did).toEqual(['hash', 'upload']);
    const whole = world({ known: { hash: NEW } as Partial<ImageView> });
    await whole.run();
    expect(whole.did).toEqual(['hash']);
  });

  it('replaces an image of another disk, or of another visibility', async () => {
    const other = world({ known: {} });
    await other.run();
    expect(other.did).toEqual(['hash', 'delete old', 'create', 'upload']);
    const hidden = world({ known: { visibility: 'private' } });
    await hidden.run();
    expect(hidden.did).toEqual(['delete old', 'create', 'hash', 'upload']);
  });
});
