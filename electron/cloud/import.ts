// Glance's import: bytes that were staged, or an address that Glance fetches itself, become the image in a task of its own.
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import { createMeter } from '../../shared/progress.ts';
import { type Glance, imageGone } from './glance.ts';
import { parseJson } from './identity.ts';
import type { ImageDetail } from './image-view.ts';
import type { UploadRequest } from './types.ts';

/** How often Glance is asked how its import does, in ms. */
const ASK_EVERY = 2000;
/** An import that has neither ended nor failed after this time is given up, in ms: large images are converted for long. */
const LONGEST = 12 * 60 * 60_000;

const infoBody = z.object({ 'import-methods': z.object({ value: z.array(z.string()) }) });
const tasksBody = z.object({
  tasks: z.array(z.object({ id: z.string(), status: z.string(), message: z.string().nullish() })),
});

/** Import methods of this Glance; none where it knows no import. */
export async function importMethods(glance: Glance): Promise<string[]> {
  const answer = await glance.session.call({
    service: 'image',
    method: 'GET',
    url: await glance.url('/info/import'),
    doing: 'asking for the ways of import',
    allow: [403, 404],
  });
  const read = infoBody.safeParse(parseJson(answer.text));
  return read.success ? read.data['import-methods'].value : [];
}

/** Throws `cloud.no-import` when Glance does not offer the method; nothing was made or sent then. */
export async function checkMethod(glance: Glance, method: UploadRequest['method']): Promise<void> {
  if (method === undefined || method === 'direct') return;
  const offered = await importMethods(glance);
  if (offered.includes(method)) return;
  throw new CasementError({
    code: 'cloud.no-import',
    title: `This cloud does not offer ${method}`,
    whatHappened:
      offered.length > 0
        ? `Glance imports by ${offered.join(', ')} only. Nothing was sent.`
        : 'Glance offers no import at all. Nothing was sent.',
    whatToDo: 'Choose "direct" as the way of sending: every Glance takes it.',
  });
}

/** Tells Glance to import what was staged, or to fetch the address. */
export async function beginImport(
  glance: Glance,
  { image, method, url }: Pick<UploadRequest, 'image' | 'method' | 'url'>,
): Promise<void> {
  await glance.session.call({
    service: 'image',
    method: 'POST',
    url: await glance.url(`/images/${encodeURIComponent(image)}/import`),
    doing: 'beginning the import',
    json: { method: { name: method, ...(url === undefined ? {} : { uri: url }) } },
  });
}

/** Waits until the import has ended. Throws `cloud.import-failed`, with the image deleted: it can take no second import. */
export async function whenImported(glance: Glance, request: UploadRequest): Promise<ImageDetail> {
  const end = Date.now() + LONGEST;
  const meter = createMeter('steps', null);
  for (;;) {
    const image = await glance.get(request.image);
    if (!image) throw imageGone();
    if (image.status === 'active') return image;
    const why = await failure(glance, image);
    if (why !== null || Date.now() > end) {
      await glance.remove(request.image);
      throw importFailed(request, why ?? 'It did not end within twelve hours.');
    }
    request.onProgress(meter.update(0, `Glance imports the image (it says "${image.status}")`));
    await delay(ASK_EVERY, undefined, { signal: request.signal });
  }
}

/** Why an import has failed; null while it has not. */
async function failure(glance: Glance, image: ImageDetail): Promise<string | null> {
  const answer = await glance.session.call({
    service: 'image',
    method: 'GET',
    url: await glance.url(`/images/${encodeURIComponent(image.id)}/tasks`),
    doing: 'looking at the import',
    // Glance lists the tasks of an image since Wallaby.
    allow: [403, 404],
  });
  const read = tasksBody.safeParse(parseJson(answer.text));
  const failed = read.success ? read.data.tasks.find(({ status }) => status === 'failure') : undefined;
  if (failed) return `Its task ${failed.id} says: “${failed.message || 'nothing more'}”.`;
  if (image.failedImport !== '') return `It could not write to: ${image.failedImport}.`;
  return null;
}

function importFailed({ method, url }: UploadRequest, why: string): CasementError {
  return new CasementError({
    code: 'cloud.import-failed',
    title: 'Glance could not import the image',
    whatHappened: `Glance took the request, and its import then failed. ${why} The unfinished image was deleted.`,
    whatToDo:
      method === 'web-download'
        ? `Glance itself must reach ${url ?? 'the address'}: from the cloud, not only from your network; and the web server there must tell how long the file is. Otherwise send the image another way.`
        : 'Send it with the method "direct", or give the number of the task to the operator of the cloud.',
  });
}
