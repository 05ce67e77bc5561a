import { describe, expect, it } from 'vitest';
import { passport } from '../../../electron/run/passport.ts';
import { planSchema } from '../../../shared/plan.ts';
import { examplePlan } from './example.ts';

describe('the passport', () => {
  const file = (name: string) => ({ path: `/media/${name}`, bytes: 7, sha256: 'ab'.repeat(32) });
  const proof = { hash: 'cd'.repeat(64), bytes: 99 };
  const image = { id: 'image-1', name: 'Example image' };
  const context = {
    run: '20260102-030405-0a1b',
    plan: planSchema.parse(examplePlan),
    facts: { media: { windows: file('w.iso'), virtio: file('v.iso'), cloudbaseInit: file('c.msi') } },
  };

  it('names what was built from what, with hashes', () => {
    expect(passport(context, proof, image)).toMatchObject({
      build: context.run,
      windows: { id: '2022' },
      media: { windows: { file: 'w.iso', sha256: 'ab'.repeat(32) } },
      disk: { sha512: proof.hash },
      image: { id: 'image-1', hash: proof.hash },
    });
  });

  it('is there before the image is published', () => {
    expect(passport(context, proof, null)).toMatchObject({
      disk: { bytes: 99, sha512: proof.hash },
      image: null,
    });
  });

  it('holds no secret reference and no path of the host', () => {
    const text = JSON.stringify(passport(context, proof, image));
    expect(text).not.toContain('EXAMPLE_PASS');
    expect(text).not.toContain('/media/');
  });
});
