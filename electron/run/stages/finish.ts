// Makes the file that is uploaded out of the disk of the build: without checkpoints, compressed or raw, never larger inside.
import { posix } from 'node:path';
import { CasementError } from '../../../shared/errors.ts';
import { createMeter } from '../../../shared/progress.ts';
import type { Host } from '../../host/types.ts';
import { type DiskInfo, diskInfo } from '../../machine/index.ts';
import { writePassport } from '../passport.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { bytesText, diskStamp, fact } from './facts.ts';
import { diskHash, HASH_JOB } from './hash.ts';

const CONVERT_JOB = 'convert';

export const finishStage: Stage = {
  id: 'finish',
  needs: ['dir', 'disk', 'generalized', 'inspection'],
  gives: ['imageFile'],
  skip: () => null,
  async check(context, signal) {
    const { imageFile, imageOf, disk } = context.facts;
    if (imageFile === undefined || disk === undefined || imageFile !== imagePath(context)) return null;
    const host = await context.ports.host(context.plan, signal);
    if (imageOf !== (await diskStamp(host, disk)) || !(await host.files.stat(imageFile))) return null;
    return result(await diskInfo(host, disk), await diskInfo(host, imageFile), imageFile, imageOf);
  },
  async run(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    const disk = fact(context, 'disk');
    const imageFile = imagePath(context);
    const imageOf = await diskStamp(host, disk);
    const before = await diskInfo(host, disk);
    const part = `${imageFile}.part`;
    await convert(host, context, part, signal);
    const after = await diskInfo(host, part);
    if (after.virtualSize !== before.virtualSize) throw notTheSame(before.virtualSize, after.virtualSize);
    await host.files.rename(part, imageFile);
    await context.note({ imageFile, imageOf }, 'The image file is written.');
    // qemu-img writes the first bytes of a qcow2 last, so it cannot be hashed on the way; now it still lies in memory.
    const { sha512, bytes } = await diskHash(host, context, signal);
    await writePassport(host, context, { hash: sha512, bytes }, null);
    return result(before, after, imageFile, imageOf);
  },
  async undo(context, done) {
    const { dir } = context.facts;
    if (dir === undefined || done) return [];
    const host = await context.ports.host(context.plan, AbortSignal.timeout(UNDO_MS));
    const cleaned: string[] = [];
    for (const job of [CONVERT_JOB, HASH_JOB]) {
      if ((await host.jobs.status(dir, job)).state !== 'running') continue;
      await host.jobs.stop(dir, job);
      cleaned.push(`The job "${job}" on the host was stopped.`);
    }
    return cleaned;
  },
};

/** Cleaning up may take this long, in ms, when the host has to be reached again. */
const UNDO_MS = 30_000;

/** Converts in a detached job; one that an earlier process started is joined. */
async function convert(host: Host, context: StageContext, part: string, signal: AbortSignal): Promise<void> {
  const dir = fact(context, 'dir');
  const format = formatOf(context);
  // A job that has ended wrote its file already, but of which disk cannot be told: it is made again.
  await host.jobs.start({
    dir,
    name: CONVERT_JOB,
    words: [
      ...['qemu-img', 'convert', '-p', '-O', format],
      ...(format === 'qcow2' ? ['-c'] : []),
      ...['--', fact(context, 'disk'), part],
    ],
  });
  const meter = createMeter('percent', 100);
  const ended = await host.jobs.wait(
    dir,
    CONVERT_JOB,
    ({ log }) => context.progress(meter.update(percentOf(log), 'Writing the image file')),
    signal,
  );
  if (ended.code === 0) return;
  throw new CasementError({
    code: 'finish.failed',
    title: 'The image file could not be written',
    whatHappened:
      'qemu-img on the host ended before the image file was complete. The disk itself is unharmed.',
    whatToDo: 'Check that the host has free space for a copy of the disk, then continue the build.',
    detail: ended.log.slice(-4000),
  });
}

/** qemu-img tells `    (12.34/100%)` after carriage returns. */
export function percentOf(log: string): number {
  const told = [...log.matchAll(/\((\d+(?:\.\d+)?)\/100%\)/g)].at(-1)?.[1];
  return told === undefined ? 0 : Math.floor(Number(told));
}

const formatOf = ({ plan }: StageContext): 'qcow2' | 'raw' => plan.image?.format ?? 'qcow2';

const imagePath = (context: StageContext): string =>
  posix.join(fact(context, 'dir'), `image.${formatOf(context)}`);

const result = (before: DiskInfo, after: DiskInfo, imageFile: string, imageOf: string): StageResult => ({
  facts: { imageFile, imageOf },
  outcome: {
    Image: imageFile,
    Size: `${bytesText(after.actualSize)}, before ${bytesText(before.actualSize)}`,
    Inside: `${Math.round(after.virtualSize / 2 ** 30)} GB, as before`,
  },
});

const notTheSame = (before: number, after: number): CasementError =>
  new CasementError({
    code: 'finish.size-changed',
    title: 'The image file is not as large inside as the disk',
    whatHappened: `The disk has ${before} bytes inside, the file made of it ${after}. It was not used.`,
    whatToDo:
      'Continue the build: the file is written again. If it happens again, copy the details and report it.',
  });
