// Publishing one image: registered first (Glance may refuse it), then filled and proven, then given its properties, its
// members and its name. Shared by the stage of a run and by the command that publishes a finished disk.
import { setTimeout as delay } from 'node:timers/promises';
import { CasementError, toErrorData } from '../../shared/errors.ts';
import { propertyMeaning } from '../../shared/image-meta.ts';
import type { ImagePlan } from '../../shared/plan-image.ts';
import type { ImageView } from '../../shared/views.ts';
import type { Cloud, ImageRequest, UploadRequest } from '../cloud/types.ts';
import { replaceOlder, workingName } from './replace.ts';

/** What is published, and who hears of each image that is made for it. */
export interface Publication {
  readonly cloud: Cloud;
  readonly image: ImagePlan;
  readonly request: ImageRequest;
  /** Finds the image again after a kill. */
  readonly tag: string;
  readonly noted: (image: ImageView, message: string) => Promise<void>;
}

/** How often a broken upload is made anew by itself. */
const ATTEMPTS = 3;
/** How long a Glance that is being restarted is waited for, in ms. */
const RETURN_MS = 120_000;
/** Ends of an upload after which another one may well succeed. */
const AGAIN = new Set([
  'cloud.upload-broken',
  'cloud.upload-stuck',
  'cloud.image-gone',
  'cloud.unreachable',
  'cloud.service-failed',
]);

/** The image of this publication: that from before a kill, brought up to date, or a new and empty one. */
export async function register(publication: Publication): Promise<ImageView> {
  const { cloud, image, request, tag } = publication;
  await cloud.checkMethod(image.method);
  const known = await cloud.imageByTag(tag);
  if (!known) return await made(publication);
  if (known.format !== null && known.format !== request.format) {
    await cloud.deleteImage(known.id);
    return await made(publication);
  }
  const now = await cloud.updateImage(known.id, changesTo(known, publication));
  await publication.noted(now, 'The image is registered with Glance.');
  return now;
}

function changesTo(known: ImageView, { image, request }: Publication) {
  // An image that bears its name already has been proven before.
  const name = image.replace && known.name !== request.name ? workingName(request.name) : request.name;
  return {
    ...(known.name === name ? {} : { name }),
    ...(known.visibility === request.visibility ? {} : { visibility: request.visibility }),
    ...(known.minDiskGB === request.minDiskGB ? {} : { minDiskGB: request.minDiskGB }),
    ...(known.minRamMB === request.minRamMB ? {} : { minRamMB: request.minRamMB }),
    set: request.properties,
    remove: Object.keys(known.properties).filter(
      (name) => !Object.hasOwn(request.properties, name) && isOurs(name),
    ),
  };
}

/** A property that Casement derives or the admin chose for Nova; others may be the cloud's own. */
const isOurs = (name: string): boolean => !name.startsWith('casement_') && propertyMeaning(name) !== '';

async function made({ cloud, image, request, tag, noted }: Publication): Promise<ImageView> {
  const name = image.replace ? workingName(request.name) : request.name;
  const empty = await cloud.createImage({ ...request, name }, tag);
  await noted(empty, 'The image is registered with Glance.');
  return empty;
}

/** What is sent; the image it goes to may change when an upload has to begin anew. */
export type Sending = Omit<UploadRequest, 'image' | 'via' | 'method' | 'url'>;

/** Fills the image and proves it. A broken upload is made anew, from its first byte: Glance takes no parts. */
export async function fill(
  publication: Publication,
  registered: ImageView,
  sending: Sending,
): Promise<ImageView> {
  const { cloud, image: plan } = publication;
  let image = await matching(publication, registered, sending.sha512);
  for (let attempt = 1; image.status !== 'active'; attempt += 1) {
    try {
      await cloud.uploadImage({
        ...sending,
        image: image.id,
        via: plan.upload,
        ...(plan.method === undefined ? {} : { method: plan.method }),
        ...(plan.url === undefined ? {} : { url: plan.url }),
      });
      break;
    } catch (thrown) {
      const { code, whatHappened } = toErrorData(thrown);
      sending.signal.throwIfAborted();
      if (!AGAIN.has(code) || attempt === ATTEMPTS) throw thrown;
      image = await emptyAgain(publication, image, sending.signal);
      await publication.noted(image, `The upload begins anew: ${whatHappened}`);
    }
  }
  const finished = await cloud.image(image.id);
  if (finished?.status !== 'active' || finished.hash !== sending.sha512)
    throw notProven(finished?.status ?? 'gone');
  return finished;
}

/** An image that can take an upload from its first byte: this one, or a new one where Glance cannot empty it any more. */
async function emptyAgain(
  publication: Publication,
  image: ImageView,
  signal: AbortSignal,
): Promise<ImageView> {
  const { cloud } = publication;
  const end = Date.now() + RETURN_MS;
  for (;;) {
    try {
      const now = await cloud.image(image.id);
      if (now?.status === 'queued' || now?.status === 'active') return now;
      // Glance notices a sender that has gone within moments; after its own restart it never does.
      if (now && ['saving', 'uploading'].includes(now.status) && Date.now() < end - RETURN_MS + 15_000) {
        await delay(1000, undefined, { signal });
        continue;
      }
      if (now) await cloud.deleteImage(image.id);
      return await made(publication);
    } catch (thrown) {
      if (!AGAIN.has(toErrorData(thrown).code) || Date.now() > end) throw thrown;
      await delay(2000, undefined, { signal });
    }
  }
}

// A finished image of another disk cannot become right any more.
async function matching(publication: Publication, image: ImageView, sha512: string): Promise<ImageView> {
  const { cloud } = publication;
  if (image.status !== 'active' || (await cloud.image(image.id))?.hash === sha512) return image;
  await cloud.deleteImage(image.id);
  return await made(publication);
}

/**
 * Gives a proven image its members, its protection and, last of all, its passport. Gives what the admin should know,
 * label → value.
 */
export async function complete(
  { cloud, image }: Publication,
  id: string,
  passport: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const members = image.members?.length ? await cloud.shareImage(id, image.members) : [];
  await cloud.updateImage(id, {
    set: passport,
    ...(image.protected === undefined ? {} : { protected: image.protected }),
  });
  if (members.length === 0) return {};
  const waiting = members.some(({ status }) => status === 'pending');
  return {
    'Shared with': members.map(({ project, status }) => `${project} (${status})`).join(', '),
    ...(waiting
      ? { 'To accept it': `Somebody in each project calls: openstack image set --accept ${id}` }
      : {}),
  };
}

/** Lets the image take its name from an older one; nothing when the plan replaces nothing. */
export async function takeName(
  { cloud, image, tag }: Pick<Publication, 'cloud' | 'image' | 'tag'>,
  id: string,
): Promise<Record<string, string>> {
  if (!image.replace) return {};
  const told = await replaceOlder(cloud, { id, name: image.name, at: new Date().toISOString(), tag });
  return { Replaced: told.join(' ') };
}

const notProven = (status: string): CasementError =>
  new CasementError({
    code: 'publish.not-proven',
    title: 'The image in Glance is not the disk that was built',
    whatHappened: `After the upload Glance says "${status}", or its hash differs from the one taken on the host.`,
    whatToDo: 'Continue the build: the upload is made again.',
  });
