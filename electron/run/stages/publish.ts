// Uploads the finished disk to Glance, proves it by its hash and writes the passport.
import { CasementError } from '../../../shared/errors.ts';
import { imageRequest, uploadJob } from '../../cloud/index.ts';
import { isDetach } from '../../host/detach.ts';
import { diskInfo } from '../../machine/index.ts';
import { keepPassport, mediaVersions, writePassport } from '../passport.ts';
import { passportProperties } from '../passport-properties.ts';
import { complete, fill, type Publication, register, takeName } from '../publication.ts';
import { workingName } from '../replace.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { bytesText, fact } from './facts.ts';
import { diskHash, HASH_JOB } from './hash.ts';

export const publishStage: Stage = {
  id: 'publish',
  needs: ['dir', 'imageFile'],
  gives: ['imageId'],
  skip: (plan) =>
    plan.image && plan.cloud ? null : 'The plan names no cloud and image: the disk stays on the host.',
  async check(context) {
    const { imageId, sha512 } = context.facts;
    // Only an image whose hash was compared before is a finished one; its passport is written last.
    if (imageId === undefined || sha512 === undefined) return null;
    const image = await (await context.ports.cloud(context.plan)).image(imageId);
    if (image?.status !== 'active' || image.hash !== sha512) return null;
    if (image.properties.casement_build !== context.run) return null;
    // One that a newer image has replaced is as finished as ever.
    const name = context.plan.image?.name ?? '';
    const named =
      [name, workingName(name)].includes(image.name) || image.properties.casement_replaced_by !== undefined;
    return named ? result(context, image.id) : null;
  },
  async run(context, signal) {
    const { plan, ports } = context;
    if (!plan.image) throw noImage();
    const host = await ports.host(plan, signal);
    const cloud = await ports.cloud(plan);
    const disk = fact(context, 'imageFile');
    const { virtualSize } = await diskInfo(host, disk);
    const publication: Publication = {
      cloud,
      image: plan.image,
      request: imageRequest(plan, { virtualBytes: virtualSize, inspection: context.facts.inspection }),
      tag: context.tag,
      noted: (image, message) => context.note({ imageId: image.id }, message),
    };
    // Before the hours of hashing and sending: Glance may refuse the image, a public one above all.
    const registered = await register(publication);
    const { sha512, bytes } = await diskHash(host, context, signal);
    const sending = { host, dir: fact(context, 'dir'), disk, bytes, sha512, virtualBytes: virtualSize };
    const image = await outliving(signal, (stop) =>
      fill(publication, registered, { ...sending, onProgress: context.progress, signal: stop }),
    );
    const versions = await mediaVersions(host, context.facts.media);
    const proof = { id: image.id, name: plan.image.name };
    const made = await writePassport(host, context, { hash: sha512, bytes }, proof, versions);
    const copy = await keepPassport(ports.home, image.id, made);
    const shared = await complete(publication, image.id, passportProperties(made));
    // A proven image only takes the name of an older one: the stage after this one proves it.
    const replaced = plan.proof?.login === false ? await takeName(publication, image.id) : {};
    return result(context, image.id, { ...shared, ...replaced, Passport: copy });
  },
  async undo(context, done) {
    const cleaned: string[] = [];
    const { dir } = context.facts;
    if (dir !== undefined && !done) {
      const host = await context.ports.host(context.plan, AbortSignal.timeout(UNDO_MS));
      const { imageId } = context.facts;
      for (const job of [HASH_JOB, ...(imageId === undefined ? [] : [uploadJob(imageId)])]) {
        if ((await host.jobs.status(dir, job)).state !== 'running') continue;
        await host.jobs.stop(dir, job);
        cleaned.push(`The job "${job}" on the host was stopped.`);
      }
    }
    if (done || !context.plan.cloud) return cleaned;
    const cloud = await context.ports.cloud(context.plan);
    const image = await cloud.imageByTag(context.tag);
    if (!image || image.status === 'active') return cleaned;
    await cloud.deleteImage(image.id);
    return [...cleaned, `The unfinished image "${image.name}" was deleted from Glance.`];
  },
};

/** Cleaning up may take this long, in ms, when the host has to be reached again. */
const UNDO_MS = 30_000;

// Closing Casement leaves the upload on the host at work, to be joined later; only a cancel ends it.
async function outliving<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  return await new Promise<T>((resolve, reject) => {
    const stopped = (): void => {
      if (!isDetach(signal.reason)) stop.abort(signal.reason);
      reject(signal.reason);
    };
    if (signal.aborted) return stopped();
    signal.addEventListener('abort', stopped, { once: true });
    work(stop.signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stopped));
  });
}

const result = (
  context: StageContext,
  imageId: string,
  more: Readonly<Record<string, string>> = {},
): StageResult => ({
  facts: { imageId },
  outcome: {
    Image: context.plan.image?.name ?? '',
    Id: imageId,
    Size: bytesText(context.facts.diskBytes ?? 0),
    'SHA-512': context.facts.sha512 ?? '',
    ...more,
  },
});

const noImage = (): CasementError =>
  new CasementError({
    code: 'publish.no-image',
    title: 'The plan names no image',
    whatHappened: 'Uploading needs the name of the image to be made.',
    whatToDo: 'Give the image a name on the page "Publish" and continue.',
  });
