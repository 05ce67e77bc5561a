// Whether the image in Glance is the disk that was sent: by size, by SHA-512 and by the size inside. "active" alone proves
// nothing: Glance makes random bytes active too.
import { setTimeout as delay } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import { brokenUpload } from './curl.ts';
import { type Glance, imageGone } from './glance.ts';
import type { ImageDetail } from './image-view.ts';
import type { UploadRequest } from './types.ts';

/** Some stores work on after the last byte, for at most this long, in ms. */
const STORE_MS = 60_000;

/** Compares what Glance stored with what was meant; deletes an image that differs. Throws `cloud.hash-mismatch`. */
export async function prove(glance: Glance, request: UploadRequest): Promise<void> {
  const image = await whenStored(glance, request);
  if (image.hashAlgo !== null && image.hashAlgo !== 'sha512')
    throw new CasementError({
      code: 'cloud.hash-unknown',
      title: 'The upload cannot be proven',
      whatHappened: `Glance hashes with ${image.hashAlgo}; Casement compares SHA-512.`,
      whatToDo: 'Ask the operator to set hashing_algorithm = sha512 in Glance (its default).',
    });
  const difference = differs(image, request);
  if (difference === null) return;
  await glance.remove(request.image);
  throw new CasementError({
    code: 'cloud.hash-mismatch',
    title: 'The image in Glance is not the disk that was built',
    whatHappened: `${difference} The image was deleted.`,
    whatToDo:
      request.method === undefined || request.method === 'direct'
        ? 'Publish it again. If it happens again, something between host and Glance changes the data.'
        : 'Publish it with the method "direct": an import may convert an image into another format, and then nothing can prove it.',
    detail: `disk ${request.sha512}\nimage ${image.hash ?? '(none)'}`,
  });
}

function differs(image: ImageDetail, { bytes, sha512, virtualBytes }: UploadRequest): string | null {
  if (image.bytes !== bytes) return `Glance stored ${image.bytes ?? 0} bytes, the disk has ${bytes}.`;
  if (image.hashAlgo === 'sha512' && image.hash !== sha512.toLowerCase())
    return 'The SHA-512 of the stored image differs from that of the disk.';
  // Glance before Xena tells none, and 0 where it could not read the format.
  if (virtualBytes && image.virtualBytes && image.virtualBytes !== virtualBytes)
    return `Glance reads a disk of ${image.virtualBytes} bytes inside the image, the host one of ${virtualBytes}.`;
  return null;
}

/** The image once it is active. */
async function whenStored(glance: Glance, request: UploadRequest): Promise<ImageDetail> {
  const end = Date.now() + STORE_MS;
  for (;;) {
    const image = await glance.get(request.image);
    if (!image) throw imageGone();
    if (image.status === 'active') return image;
    if (Date.now() > end || image.status === 'killed' || image.status === 'deleted')
      throw brokenUpload(`Glance left the image in state "${image.status}" after the last byte.`, '');
    await delay(500, undefined, { signal: request.signal });
  }
}
