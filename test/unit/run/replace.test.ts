import { describe, expect, it } from 'vitest';
import { replaceOlder, workingName } from '../../../electron/run/replace.ts';
import { fakeCloud, fakeImage } from './fake-cloud.ts';

const at = '2026-11-27T10:00:00Z';
const wish = { id: 'new', name: 'Win', at, tag: 'run' };
const fresh = fakeImage({ id: 'new', name: workingName('Win'), tags: ['run'] });

describe('replacing an image', () => {
  it('renames the older one with its date, hides it, and says so', async () => {
    const { cloud, images } = fakeCloud([fresh, fakeImage({ id: 'old' })]);
    const told = (await replaceOlder(cloud, wish)).join(' ');
    expect(images.get('new')?.name).toBe('Win');
    expect(images.get('old')).toMatchObject({
      name: 'Win (2026-10-01)',
      hidden: true,
      properties: { casement_replaced_by: 'new', casement_replaced_at: at },
    });
    expect(told).toContain('“Win (2026-10-01)” and hidden');
  });

  it('can be done again from anywhere it was interrupted', async () => {
    const { cloud, images, did } = fakeCloud([
      fakeImage({ ...fresh, name: 'Win' }),
      fakeImage({ id: 'old' }),
    ]);
    await replaceOlder(cloud, wish);
    const after = [...images.values()];
    did.length = 0;
    expect(await replaceOlder(cloud, wish)).toEqual(['The new image is called “Win”.']);
    expect([...images.values()]).toEqual(after);
  });

  it('leaves the images of other projects, of other names, and unfinished ones alone', async () => {
    const others = [
      fakeImage({ id: 'foreign', owner: 'other', visibility: 'public' }),
      fakeImage({ id: 'else', name: 'Windows' }),
      fakeImage({ id: 'empty', status: 'queued' }),
    ];
    const { cloud, images } = fakeCloud([fresh, ...others]);
    await replaceOlder(cloud, wish);
    for (const other of others) expect(images.get(other.id)).toEqual(other);
  });

  it('gives two images of one day different names, and keeps to the longest name', async () => {
    const { cloud, images } = fakeCloud([
      fresh,
      fakeImage({ id: 'a' }),
      fakeImage({ id: 'b' }),
      fakeImage({ id: 'c' }),
    ]);
    await replaceOlder(cloud, wish);
    expect(['a', 'b', 'c'].map((id) => images.get(id)?.name)).toEqual([
      'Win (2026-10-01)',
      'Win (2026-10-01 08:15)',
      'Win (2026-10-01 08:15, 2)',
    ]);
    expect(workingName('W'.repeat(255))).toHaveLength(255);
  });

  it('says what could not be hidden, and still takes the name', async () => {
    const { cloud, images } = fakeCloud([fresh, fakeImage({ id: 'old' })]);
    const update = cloud.updateImage;
    const refusing = {
      ...cloud,
      updateImage: (id: string, changes: Parameters<typeof update>[1]) =>
        changes.hidden ? Promise.reject(new Error('no such field')) : update(id, changes),
    };
    const told = await replaceOlder(refusing, wish);
    expect(told.join(' ')).toContain('could not be hidden: no such field');
    expect(images.get('new')?.name).toBe('Win');
  });
});
