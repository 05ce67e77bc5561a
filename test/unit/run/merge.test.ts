import { describe, expect, it } from 'vitest';
import { mergePlan } from '../../../electron/run/merge.ts';
import { reduceAll } from '../../../electron/run/reduce.ts';
import { planSchema } from '../../../shared/plan.ts';
import type { JournalLine } from '../../../shared/views.ts';
import { examplePlan } from './example.ts';

const AT = '2026-01-02T03:04:05.000Z';
const plan = planSchema.parse(examplePlan);
const statusAfter = (...lines: [JournalLine['stage'], JournalLine['state']][]) =>
  reduceAll(
    AT,
    lines.map(([stage, state]) => ({ at: AT, run: 'r', stage, state })),
  );
const wished = planSchema.parse({
  ...examplePlan,
  disk: { sizeGB: 60 },
  image: { name: 'Another' },
  server: { ...examplePlan.server, flavor: 'm1.large' },
});

describe('a changed plan for a run that has begun', () => {
  it('replaces what no stage has used yet', () => {
    expect(mergePlan(plan, wished, statusAfter())).toEqual(wished);
    expect(mergePlan(plan, wished, statusAfter(['host', 'done'], ['media', 'done']))).toEqual(wished);
  });

  it('keeps what a stage has used', () => {
    const merged = mergePlan(plan, wished, statusAfter(['disk', 'done'], ['install', 'started']));
    expect(merged.disk).toEqual(plan.disk);
    expect(merged.image).toEqual(wished.image);
  });

  it('lets a failed stage be tried with other values', () => {
    expect(mergePlan(plan, wished, statusAfter(['launch', 'failed'])).server?.flavor).toBe('m1.large');
    expect(mergePlan(plan, wished, statusAfter(['launch', 'done'])).server?.flavor).toBe('m1.medium');
  });

  it('adds parts that an earlier, shorter run did without', () => {
    const { cloud: _, image: __, server: ___, ...short } = plan;
    const merged = mergePlan(
      planSchema.parse(short),
      wished,
      statusAfter(['cloudbase-init', 'done'], ['publish', 'skipped']),
    );
    expect(merged.image).toEqual(wished.image);
  });
});
