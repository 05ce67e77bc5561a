// The SHA-512 of the image file, taken on the host by a detached job.
import { CasementError } from '../../../shared/errors.ts';
import { createMeter } from '../../../shared/progress.ts';
import { bytesRead } from '../../host/job-report.ts';
import type { Host, OnProgress } from '../../host/types.ts';
import type { StageContext } from '../types.ts';
import { fact } from './facts.ts';

export const HASH_JOB = 'sha512';

export interface DiskHash {
  readonly sha512: string;
  readonly bytes: number;
}

interface HashWish {
  readonly dir: string;
  readonly disk: string;
  readonly bytes: number;
  readonly progress: OnProgress;
}

/** The SHA-512 of a file on the host, taken by a detached job in `dir`. Throws `publish.hash-failed`. */
export async function sha512Of(
  host: Host,
  { dir, disk, bytes, progress }: HashWish,
  signal: AbortSignal,
): Promise<string> {
  const meter = createMeter('bytes', bytes);
  await host.jobs.start({ dir, name: HASH_JOB, words: ['sha512sum', '--', disk] });
  const ended = await host.jobs.wait(
    dir,
    HASH_JOB,
    (status) => {
      const read = bytesRead(status);
      if (read !== null) progress(meter.update(read, 'Taking the hash of the disk'));
    },
    signal,
  );
  // sha512sum puts a backslash before the hash when the file's name needs escaping.
  const sha512 = /^\\?([0-9a-f]{128})\b/m.exec(ended.log)?.[1];
  if (ended.code === 0 && sha512 !== undefined) return sha512;
  throw new CasementError({
    code: 'publish.hash-failed',
    title: 'The hash of the disk could not be taken',
    whatHappened: 'The program sha512sum on the host did not finish.',
    whatToDo: 'Check that the host is up and has free space, then continue the build.',
    detail: ended.log,
  });
}

/** Hash and size of the image file; taken again only when the file changed since. Throws `publish.hash-failed`. */
export async function diskHash(host: Host, context: StageContext, signal: AbortSignal): Promise<DiskHash> {
  const disk = fact(context, 'imageFile');
  const stat = await host.files.stat(disk);
  const bytes = stat?.bytes ?? 0;
  const diskStamp = `${bytes} ${stat?.modified ?? ''}`;
  const { sha512: known } = context.facts;
  if (known !== undefined && context.facts.diskStamp === diskStamp) return { sha512: known, bytes };

  const { progress } = context;
  const sha512 = await sha512Of(host, { dir: fact(context, 'dir'), disk, bytes, progress }, signal);
  await context.note({ sha512, diskStamp, diskBytes: bytes }, 'The hash of the disk is known.');
  return { sha512, bytes };
}
