import { describe, expect, it } from 'vitest';
import { verifyStage } from '../../../electron/run/stages/verify.ts';
import type { Facts, StageContext } from '../../../electron/run/types.ts';
import { planSchema } from '../../../shared/plan.ts';
import { examplePlan } from './example.ts';
import { fakeCloud, fakeImage } from './fake-cloud.ts';

const AT = '2026-11-27T10:00:00.000Z';
const { signal } = new AbortController();

function context(more: {
  readonly image?: object;
  readonly properties?: Record<string, string>;
  readonly missing?: string;
}) {
  const properties = more.properties ?? {};
  const { cloud, did } = fakeCloud([fakeImage({ id: 'new', properties })], { hash: '' });
  const loginProof = { at: AT, user: 'Administrator', seconds: {}, address: '', flavor: '', client: '' };
  const facts = { imageId: 'new', loginProof } as unknown as Facts;
  const plan = planSchema.parse({ ...examplePlan, image: { name: 'Win', ...more.image } });
  const trial = { missing: async () => more.missing ?? null };
  const made = { plan, facts, tag: 'tag', run: 'r', ports: { cloud: async () => cloud, trial } };
  return { context: made as unknown as StageContext, did };
}

describe('the stage that proves an image by signing in', () => {
  it('is left out without an image and where the plan switches it off', () => {
    const { image: _, server: __, ...disk } = examplePlan;
    expect(verifyStage.skip(planSchema.parse(disk))).toBe('The plan publishes no image.');
    expect(verifyStage.skip(planSchema.parse({ ...examplePlan, proof: { login: false } }))).toMatch(
      /switches/,
    );
    expect(verifyStage.skip(planSchema.parse(examplePlan))).toBeNull();
  });

  it('is skipped where nobody can sign in, and says what an image that replaces another is called until then', async () => {
    const plain = context({ missing: 'No FreeRDP.' });
    expect(await verifyStage.run(plain.context, signal)).toMatchObject({ skipped: 'No FreeRDP.' });
    const replacing = context({ missing: 'No FreeRDP.', image: { replace: true } });
    expect((await verifyStage.run(replacing.context, signal)).skipped).toBe(
      'No FreeRDP. Until then the image is called “Win (new, not yet proven)”, and the older one stays.',
    );
  });

  it('is done where the image bears the very login of this run', async () => {
    const proven = context({ properties: { casement_verified_at: AT } });
    expect(await verifyStage.check(proven.context, signal)).toMatchObject({
      facts: { loginProof: { at: AT } },
    });
    const other = context({ properties: { casement_verified_at: '2020-01-01T00:00:00.000Z' } });
    expect(await verifyStage.check(other.context, signal)).toBeNull();
    expect(await verifyStage.check(context({}).context, signal)).toBeNull();
    // The name that comes with the proof may be missing yet.
    const named = context({ properties: { casement_verified_at: AT }, image: { replace: true } });
    expect(await verifyStage.check(named.context, signal)).toBeNull();
  });
});
