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

  it('needs no words where it is allowed, not chosen, or nobody signed in', () => {
    const nothing = { publicRefused: false, hint: null, problem: null };
    expect(visibilityAdvice(true, 'public')).toEqual(nothing);
    expect(visibilityAdvice(null, 'private')).toEqual(nothing);
    expect(visibilityAdvice(undefined, 'public')).toEqual(nothing);
  });
});
