// The proof from the disk: a bad image is not uploaded, unless the admin says in words why it shall be.
import { CasementError } from '../../../shared/errors.ts';
import { type Inspection, objections } from '../../../shared/inspection.ts';
import { inspectDisk } from '../../guest/index.ts';
import type { Host } from '../../host/types.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { diskStamp, fact } from './facts.ts';
import { whenFree } from './free.ts';

export const inspectStage: Stage = {
  id: 'inspect',
  needs: ['disk', 'generalized'],
  gives: ['inspection'],
  skip: () => null,
  async check(context, signal) {
    const { inspection } = context.facts;
    if (!inspection || !accepted(context, inspection)) return null;
    const host = await context.ports.host(context.plan, signal);
    return (await isOfThisDisk(host, context)) ? result(context, inspection) : null;
  },
  async run(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    const disk = fact(context, 'disk');
    const inspectedStamp = await diskStamp(host, disk);
    const inspection = await whenFree(
      () => inspectDisk(host, disk, { diskBus: context.plan.machine.diskBus }),
      signal,
    );
    await context.note({ inspection, inspectedStamp }, 'The disk was looked through.');
    if (accepted(context, inspection)) return result(context, inspection);
    throw badImage(inspection);
  },
  undo: async () => [],
};

/**
 * Whether the disk as it is now was found bad and the admin has not accepted it: then Windows has to be prepared once more.
 */
export async function foundBad(host: Host, context: StageContext): Promise<boolean> {
  const { inspection } = context.facts;
  if (!inspection || accepted(context, inspection)) return false;
  return await isOfThisDisk(host, context);
}

function accepted({ plan }: StageContext, inspection: Inspection): boolean {
  return inspection.verdict === 'good' || plan.acceptDisk !== undefined;
}

async function isOfThisDisk(host: Host, context: StageContext): Promise<boolean> {
  const { disk, inspectedStamp } = context.facts;
  return disk !== undefined && inspectedStamp === (await diskStamp(host, disk));
}

function result({ plan }: StageContext, inspection: Inspection): StageResult {
  const passed = inspection.checks.filter(({ status }) => status === 'passed').length;
  return {
    facts: { inspection },
    outcome: {
      Verdict: inspection.verdict === 'good' ? 'a good image' : 'accepted although it is not a good image',
      Windows: `${inspection.title ?? 'unknown'}${inspection.build === null ? '' : `, build ${inspection.build}`}`,
      Checks: `${passed} of ${inspection.checks.length} passed`,
      ...(inspection.verdict === 'bad' && plan.acceptDisk !== undefined ? { Reason: plan.acceptDisk } : {}),
    },
  };
}

function badImage(inspection: Inspection): CasementError {
  const against = objections(inspection);
  return new CasementError({
    code: 'guest.bad-image',
    title: 'This disk would not make a good image',
    whatHappened: `Of what an image needs, this is not right: ${against.map(({ title }) => title).join('; ')}.`,
    whatToDo:
      'Continue the build: Windows is prepared once more, so that you can mend it. Or say why the disk shall be used as it is; your words go into the passport.',
    detail: against.map(({ title, evidence, remedy }) => `${title}\n${evidence}\n${remedy}`).join('\n\n'),
  });
}
