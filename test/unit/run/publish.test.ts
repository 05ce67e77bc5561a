import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../electron/host/types.ts';
import { publishStage } from '../../../electron/run/stages/publish.ts';
import type { Facts, StageContext } from '../../../electron/run/types.ts';
import { planSchema } from '../../../shared/plan.ts';
import { examplePlan } from './example.ts';
import { type FakeImage, fakeCloud, fakeImage, fault } from './fake-cloud.ts';

const NEW = 'a'.repeat(128);
const OLD = 'b'.repeat(128);

interface Wish {
  readonly known?: Partial<FakeImage>;
  readonly others?: readonly FakeImage[];
  readonly refuse?: boolean;
  readonly image?: object;
  readonly proof?: object;
  readonly upload?: (id: string) => void;
}

/** A Glance and a host that note what was asked of them, in order. */
function world({ known, others = [], refuse, image = { visibility: 'public' }, proof, upload }: Wish = {}) {
  const start = known
    ? [fakeImage({ id: 'old', hash: OLD, visibility: 'public', tags: ['tag'], ...known })]
    : [];
  const fake = fakeCloud([...start, ...others], {
    hash: NEW,
    ...(refuse ? { refuse: 'cloud.public-refused' } : {}),
    ...(upload ? { upload } : {}),
  });
  const { did } = fake;
  const host = {
    run: async () => ({ code: 0, stdout: '{"format":"qcow2","virtual-size":42949672960,"actual-size":1}' }),
    files: { stat: async () => ({ bytes: 1, modified: 'now' }), write: async () => {} },
    jobs: {
      start: async () => did.push('hash'),
      wait: async () => ({ state: 'ended', code: 0, log: `${NEW}  disk` }),
    },
  } as unknown as Host;
  const facts: Record<string, unknown> = { dir: '/d', imageFile: '/d/image.qcow2' };
  const home = mkdtempSync(join(tmpdir(), 'casement-home-'));
  const context = {
    run: '20260102-030405-0a1b',
    plan: planSchema.parse({ ...examplePlan, image: { name: 'Win', ...image }, proof }),
    facts: facts as Facts,
    tag: 'tag',
    ports: { host: async () => host, cloud: async () => fake.cloud, home },
    progress() {},
    async note(more: Facts) {
      Object.assign(facts, more);
    },
  } as unknown as StageContext;
  const signal = new AbortController().signal;
  return {
    ...fake,
    home,
    run: () => publishStage.run(context, signal),
    check: () => publishStage.check(context, signal),
  };
}

describe('publishing', () => {
  it('learns of a refused visibility before the disk is read, and leaves nothing behind', async () => {
    const { did, images, run } = world({ refuse: true });
    await expect(run()).rejects.toMatchObject({ code: 'cloud.public-refused' });
    expect(did).toEqual(['create']);
    expect(images.size).toBe(0);
  });

  it('registers, hashes, sends, and keeps the passport on the image and on this workstation', async () => {
    const { did, images, home, run, check } = world();
    const { facts, outcome } = await run();
    expect(facts).toEqual({ imageId: 'new' });
    expect(did).toEqual(['create', 'hash', 'upload']);
    expect(images.get('new')?.properties).toMatchObject({
      hw_firmware_type: 'bios',
      casement_build: '20260102-030405-0a1b',
      casement_windows: 'Windows Server 2022',
    });
    expect(outcome.Passport).toBe(join(home, 'passports', 'new.json'));
    expect(readdirSync(join(home, 'passports'))).toEqual(['new.json']);
    expect((await check())?.facts).toEqual({ imageId: 'new' });
  });

  it('goes on with an empty image, and sends nothing again that is there', async () => {
    const empty = world({ known: { status: 'queued' } });
    await empty.run();
    expect(empty.did).toEqual(['hash', 'upload']);
    const whole = world({ known: { hash: NEW } });
    await whole.run();
    expect(whole.did).toEqual(['hash']);
  });

  it('makes a new image for another disk or format, and changes the visibility of one that is there', async () => {
    const other = world({ known: {} });
    await other.run();
    expect(other.did).toEqual(['hash', 'delete old', 'create', 'upload']);
    const raw = world({ known: { format: 'raw' } });
    await raw.run();
    expect(raw.did).toEqual(['delete old', 'create', 'hash', 'upload']);
    const hidden = world({ known: { visibility: 'private', hash: NEW } });
    await hidden.run();
    expect(hidden.did).toEqual(['hash']);
    expect(hidden.images.get('old')?.visibility).toBe('public');
  });

  it('begins a broken upload anew, with a new image where Glance cannot empty the old one', async () => {
    let times = 0;
    const broken = world({
      upload: () => {
        times += 1;
        if (times < 3) throw fault('cloud.upload-broken');
      },
    });
    await broken.run();
    expect(broken.did).toEqual(['create', 'hash', 'upload', 'upload', 'upload']);
    const restarted = world({
      upload: (id) => {
        if (id !== 'new') return;
        restarted.images.delete('new');
        throw fault('cloud.image-gone');
      },
    });
    expect((await restarted.run()).facts).toEqual({ imageId: 'new2' });
    expect(restarted.did).toEqual(['create', 'hash', 'upload', 'create', 'upload']);
  });

  it('does not repeat what would fail again', async () => {
    const { did, run } = world({
      upload: () => {
        throw fault('cloud.too-large');
      },
    });
    await expect(run()).rejects.toMatchObject({ code: 'cloud.too-large' });
    expect(did).toEqual(['create', 'hash', 'upload']);
  });

  it('shares with the members, protects, and says how a member accepts', async () => {
    const { did, run } = world({
      image: { visibility: 'shared', members: ['0123456789abcdef0123456789abcdef'], protected: true },
    });
    const { outcome } = await run();
    expect(did).toEqual(['create', 'hash', 'upload', 'share new', 'protect new']);
    expect(outcome['Shared with']).toBe('0123456789abcdef0123456789abcdef (pending)');
    expect(outcome['To accept it']).toContain('openstack image set --accept new');
  });

  it('takes the name of an older image only once the new one is proven, at once where the plan wants no proof', async () => {
    const others = [fakeImage({ id: 'former' }), fakeImage({ id: 'foreign', owner: 'other' })];
    const unproven = world({ image: { replace: true }, others });
    await unproven.run();
    expect(unproven.did).toEqual(['create', 'hash', 'upload']);
    expect(await unproven.check()).not.toBeNull();

    const { did, run, check } = world({ image: { replace: true }, others, proof: { login: false } });
    await run();
    expect(did).toEqual([
      ...['create', 'hash', 'upload', 'new is called Win'],
      ...['former is called Win (2026-10-01)', 'hide former'],
    ]);
    expect(await check()).not.toBeNull();
  });
});
