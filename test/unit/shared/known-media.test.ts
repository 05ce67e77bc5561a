import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownMedia } from '../../../shared/known-media.ts';
import { SETUP_SCREENS } from '../../../shared/setup-screens.ts';

describe('media known by their hash', () => {
  it('are told by it in either case, and others are not', () => {
    const hash = '3e4fa6d8507b554856fc9ca6079cc402df11a8b79344871669f0251535255325';
    expect(knownMedia(hash)).toMatch(/^Windows Server 2022 evaluation/);
    expect(knownMedia(hash.toUpperCase())).toBe(knownMedia(hash));
    expect(knownMedia(hash.replace('3', '4'))).toBeNull();
  });

  it('are listed with whole hashes', () => {
    const listed = [...readFileSync('shared/known-media.ts', 'utf8').matchAll(/^ {2}'?([0-9a-z]+)'?:/gm)];
    expect(listed.length).toBeGreaterThan(5);
    for (const [, hash] of listed) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('screens of a Setup that waits', () => {
  it('each say what they mean and what to do', () => {
    expect(new Set(SETUP_SCREENS.map(({ id }) => id)).size).toBe(SETUP_SCREENS.length);
    for (const { shows, means, todo } of SETUP_SCREENS)
      for (const text of [shows, means, todo]) expect(text).toMatch(/^\S.*\S$/);
  });
});
