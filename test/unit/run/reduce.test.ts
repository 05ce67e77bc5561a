import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceAll, toView } from '../../../electron/run/reduce.ts';
import { planSchema } from '../../../shared/plan.ts';
import { STAGES } from '../../../shared/stages.ts';
import type { JournalLine } from '../../../shared/views.ts';
import { examplePlan } from './example.ts';

const AT = '2026-01-02T03:04:05.000Z';
const plan = planSchema.parse(examplePlan);
const line = (stage: JournalLine['stage'], state: JournalLine['state'], more: object = {}): JournalLine => ({
  at: AT,
  run: 'r',
  stage,
  state,
  ...more,
});
const viewOf = (...lines: JournalLine[]) => toView('r', plan, reduceAll(AT, lines), false);

const anyLine: fc.Arbitrary<JournalLine> = fc.record(
  {
    at: fc.constant(AT),
    run: fc.constant('r'),
    stage: fc.constantFrom(null, ...STAGES),
    state: fc.constantFrom(
      'started' as const,
      'progress' as const,
      'done' as const,
      'failed' as const,
      'skipped' as const,
      'waiting' as const,
      'note' as const,
      'cancelled' as const,
    ),
    message: fc.string(),
    facts: fc.record(
      { imageId: fc.string(), machine: fc.constantFrom(null, 'install') },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['at', 'run', 'stage', 'state'] },
);

describe('the view of a journal', () => {
  it('is valid after any prefix of any journal', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 40 }), (lines) => {
        const view = viewOf(...lines);
        expect(view.stages.map(({ id }) => id)).toEqual(STAGES);
        for (const stage of view.stages) {
          expect(stage.waitingFor === null || stage.state === 'waiting').toBe(true);
          if (['done', 'failed', 'skipped'].includes(stage.state)) expect(stage.progress).toBeNull();
          if (stage.state === 'pending') expect(stage.startedAt).toBeNull();
        }
        expect(['ready', 'running', 'waiting', 'failed', 'cancelled', 'done']).toContain(view.state);
        const cancelled = lines.at(-1)?.stage === null && lines.at(-1)?.state === 'cancelled';
        if (cancelled)
          expect(view.stages.some(({ state }) => state === 'started' || state === 'waiting')).toBe(false);
      }),
    );
  });

  it('folds line by line to the same status as all at once', () => {
    fc.assert(
      fc.property(fc.array(anyLine), fc.nat(), (lines, cut) => {
        const whole = reduceAll(AT, lines);
        expect(whole.facts).toEqual(Object.assign({}, ...lines.map(({ facts }) => facts ?? {})));
        expect(reduceAll(AT, [...lines.slice(0, cut), ...lines.slice(cut)])).toEqual(whole);
      }),
    );
  });

  it('says what a waiting stage waits for, and forgets it when the stage is done', () => {
    const waiting = [line('install', 'started'), line('install', 'waiting', { message: 'Shut down.' })];
    expect(viewOf(...waiting).state).toBe('waiting');
    expect(viewOf(...waiting).stages[3]?.waitingFor).toBe('Shut down.');
    expect(viewOf(...waiting, line('install', 'done')).stages[3]?.waitingFor).toBeNull();
    expect(viewOf(...waiting, line('install', 'done')).state).toBe('running');
  });

  it('shows a screen exactly while a build VM is known to run', () => {
    const started = line('install', 'note', { facts: { machine: 'install' } });
    expect(viewOf(started).machine).toBe(true);
    expect(viewOf(started, line('install', 'note', { facts: { machine: null } })).machine).toBe(false);
  });

  it('clears the error of a stage that begins again', () => {
    const error = { code: 'x', title: '', whatHappened: '', whatToDo: '', detail: '' };
    const failed = [
      line('publish', 'started'),
      line('publish', 'failed', { error }),
      line(null, 'failed', { error }),
    ];
    expect(viewOf(...failed).state).toBe('failed');
    expect(viewOf(...failed).stages[STAGES.indexOf('publish')]?.error).toEqual(error);
    const again = viewOf(...failed, line(null, 'started'), line('publish', 'started'));
    expect(again.state).toBe('running');
    expect(again.stages[STAGES.indexOf('publish')]?.error).toBeNull();
  });
});
