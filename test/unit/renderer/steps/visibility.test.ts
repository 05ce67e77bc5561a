import { describe, expect, it } from 'vitest';
import { visibilityAdvice } from '../../../../renderer/steps/publish/visibility.ts';

describe('a public image', () => {
  it('cannot be chosen where the cloud is known to refuse it', () => {
    expect(visibilityAdvice(false, 'private')).toMatchObject({ publicRefused: true, problem: null });
    expect(visibilityAdvice(false, 'public').problem).toContain('would refuse');
  });

  it('may be refused where the cloud does not tell beforehand', () => {
    const advice = visibilityAdvice(null, 'public');
    expect(advice).toMatchObject({ publicRefused: false, problem: null });
    expect(advice.hint).toContain('before it uploads');
  });

  it('is explained where it is allowed, and so is every other choice', () => {
    for (const allowed of [true, null, undefined])
      for (const visibility of ['private', 'shared', 'community', 'public'] as const) {
        const { publicRefused, hint, problem } = visibilityAdvice(allowed, visibility);
        expect({ publicRefused, problem }).toEqual({ publicRefused: false, problem: null });
        expect(hint).toMatch(/\.$/);
      }
    expect(visibilityAdvice(undefined, 'shared').hint).toContain('accepted');
  });
});
