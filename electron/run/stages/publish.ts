// Uploads the finished disk to Glance, proves it by its hash and writes the passport.
import { CasementError } from '../../../shared/errors.ts';
import type { ImageView } from '../../../shared/views.ts';
import { imageRequest, uploadJob } from '../../cloud/index.ts';
import type { Cloud, UploadRequest } from '../../cloud/types.ts';
import { isDetach } from '../../host/detach.ts';
import { writePassport } from '../passport.ts';
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
    const { imageId } = context.facts;
    // Only an image whose hash was compared before is a finished one.
    if (imageId === undefined || context.facts.sha512 === undefined) return null;
    const image = await (await context.ports.cloud(context.plan)).image(imageId);
    return image?.status === 'active' && image.hash === context.facts.sha512
      ? result(context, image.id)
      : null;
  },
  async run(context, signal) {
    const { plan } = context;
    if (!plan.image) throw noImage();
    const host = await context.ports.host(plan, signal);
    const cloud = await context.ports.cloud(plan);
    // Before the hours of hashing and sending: Glance may refuse the image, a public one above all.
    const registered = await register(cloud, context);
    const { sha512, bytes } = await diskHash(host, context, signal);
    const image = await matching(cloud, context, registered, sha512);
    if (image.status !== 'active') {
      await upload(cloud, signal, {
        host,
        dir: fact(context, 'dir'),
        disk: fact(context, 'imageFile'),
        bytes,
        sha512,
        image: image.id,
        via: plan.image.upload,
        onProgress: context.progress,
      });
    }
    const finished = await cloud.image(image.id);
    if (finished?.status !== 'active' || finished.hash !== sha512)
      throw notProven(finished?.status ?? 'gone');
    await writePassport(host, context, { hash: sha512, bytes }, { id: finished.id, name: finished.name });
    return result(context, finished.id);
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
async function upload(
  cloud: Cloud,
  signal: AbortSignal,
  request: Omit<UploadRequest, 'signal'>,
): Promise<void> {
  const stop = new AbortController();
  await new Promise<void>((resolve, reject) => {
    const stopped = (): void => {
      if (!isDetach(signal.reason)) stop.abort(signal.reason);
      reject(signal.reason);
    };
    if (signal.aborted) return stopped();
    signal.addEventListener('abort', stopped, { once: true });
    cloud
      .uploadImage({ ...request, signal: stop.signal })
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stopped));
  });
}

// The image of this run: that from before a kill if it is still the wanted one, else a new and empty one.
async function register(cloud: Cloud, context: StageContext): Promise<ImageView> {
  const known = await cloud.imageByTag(context.tag);
  const wanted = context.plan.image;
  if (known && known.name === wanted?.name && known.visibility === wanted.visibility)
    return await noted(context, known);
  if (known) await cloud.deleteImage(known.id);
  return await noted(context, await cloud.createImage(imageRequest(context.plan), context.tag));
}

// A finished image of another disk cannot become right any more.
async function matching(cloud: Cloud, context: StageContext, image: ImageView, sha512: string) {
  if (image.status !== 'active' || (await cloud.image(image.id))?.hash === sha512) return image;
  await cloud.deleteImage(image.id);
  return await noted(context, await cloud.createImage(imageRequest(context.plan), context.tag));
}

async function noted(context: StageContext, image: ImageView): Promise<ImageView> {
  await context.note({ imageId: image.id }, 'The image is registered with Glance.');
  return image;
}

const result = (context: StageContext, imageId: string): StageResult => ({
  facts: { imageId },
  outcome: {
    Image: context.plan.image?.name ?? '',
    Id: imageId,
    Size: bytesText(context.facts.diskBytes ?? 0),
    'SHA-512': context.facts.sha512 ?? '',
  },
});

const noImage = (): CasementError =>
  new CasementError({
    code: 'publish.no-image',
    title: 'The plan names no image',
    whatHappened: 'Uploading needs the name of the image to be made.',
    whatToDo: 'Give the image a name on the page "Publish" and continue.',
  });

const notProven = (status: string): CasementError =>
  new CasementError({
    code: 'publish.not-proven',
    title: 'The image in Glance is not the disk that was built',
    whatHappened: `After the upload Glance says "${status}", or its hash differs from the one taken on the host.`,
    whatToDo: 'Continue the build: the upload is made again.',
  });
