import { describe, expect, it } from 'vitest';
import { endingOf, lastIsHidden, sessionWords } from '../../../../renderer/steps/connect/ending.ts';
import type { SessionView } from '../../../../shared/views.ts';
import { madeRun } from '../state/filled.ts';

const made = { publish: 'done', launch: 'done' } as const;

function session(more: Partial<SessionView>): SessionView {
  return {
    id: 's',
    server: 'v',
    address: '192.0.2.7',
    via: null,
    state: 'open',
    hidden: false,
    error: null,
    ...more,
  };
}

describe('the end of the way', () => {
  it('is not told before the last stage is over', () => {
    expect(endingOf(madeRun({ ...made, connect: 'started' }), false)).toBeNull();
    expect(endingOf(madeRun(made), false)).toBeNull();
  });

  it('says that the image works only after a login was seen', () => {
    const ending = endingOf(madeRun({ ...made, connect: 'done' }), false);
    expect(ending).toMatchObject({ proven: true, title: 'Your image works' });
    expect(ending?.sentences.join(' ')).toContain('its desktop was opened');
  });

  it('does not say that a desktop was opened that nobody could see', () => {
    const words = endingOf(madeRun({ ...made, connect: 'done' }), true)?.sentences.join(' ');
    expect(words).toContain('on a screen nobody sees');
    expect(words).not.toContain('opened');
  });

  it('gives the reason when the last stage was left out', () => {
    const run = madeRun({ ...made, connect: 'skipped' });
    const stages = run.stages.map((stage) =>
      stage.id === 'connect' ? { ...stage, outcome: { Reason: 'This computer has no screen.' } } : stage,
    );
    const ending = endingOf({ ...run, stages }, false);
    expect(ending?.proven).toBe(false);
    expect(ending?.sentences.join(' ')).toContain('This computer has no screen.');
    expect(ending?.sentences.join(' ')).not.toContain('works');
  });

  it('claims no image and no server that were left out too', () => {
    const run = madeRun({ publish: 'skipped', launch: 'skipped', connect: 'skipped' });
    expect(endingOf(run, false)?.sentences).toHaveLength(1);
  });
});

describe('a session', () => {
  it('says that it is open where somebody can see it', () => {
    expect(sessionWords(session({}))).toEqual(['done', 'The desktop is open']);
    expect(sessionWords(session({ hidden: true }))).toEqual(['done', 'Logged in on a screen nobody sees']);
    expect(sessionWords(session({ hidden: true, state: 'failed' }))).toEqual(['failed', 'Failed']);
  });

  it('counts for the summary once it came up, the newest of them', () => {
    expect(lastIsHidden([])).toBe(false);
    expect(lastIsHidden([session({ hidden: true })])).toBe(true);
    expect(lastIsHidden([session({ hidden: true }), session({})])).toBe(false);
    expect(lastIsHidden([session({ hidden: true }), session({ state: 'failed' })])).toBe(true);
  });
});
