// Brings a disk into Glance: by a detached curl on the KVM host, or through this workstation where the host cannot
// reach Glance; as the image itself, or staged for an import; or Glance fetches it. Glance inspects nothing, so only the
// comparison of hashes afterwards proves the image (prove.ts).
import { setTimeout as delay } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import { type Glance, imageGone } from './glance.ts';
import { hostSends, sendFromHost, trustOnHost } from './host-upload.ts';
import { beginImport, checkMethod, whenImported } from './import.ts';
import { prove } from './prove.ts';
import { relay } from './relay.ts';
import type { UploadRequest } from './types.ts';

/** How long Glance may take to notice that a sender has gone, in ms: it does at once, unless it was itself restarted. */
const SETTLE_MS = 20_000;

/** Sends the disk and proves it. Throws `cloud.hash-mismatch` (image deleted) or a sentence for a failed upload. */
export async function uploadImage(glance: Glance, request: UploadRequest): Promise<void> {
  const standing = await settled(glance, request);
  if (standing === 'empty') {
    await checkMethod(glance, request.method);
    if (request.method !== 'web-download') await send(glance, request);
  }
  if (standing === 'staged' || (standing === 'empty' && isImport(request)))
    await beginImport(glance, request);
  if (standing !== 'stored' && (isImport(request) || standing === 'importing'))
    await whenImported(glance, request);
  await prove(glance, request);
}

const isImport = ({ method }: UploadRequest): boolean => method !== undefined && method !== 'direct';

/** Name of the detached upload of an image among the jobs of a build. */
export function uploadJob(image: string): string {
  return `upload-${image}`;
}

async function send(glance: Glance, request: UploadRequest): Promise<void> {
  const place = request.method === 'glance-direct' ? 'stage' : 'file';
  const url = await glance.url(`/images/${encodeURIComponent(request.image)}/${place}`);
  const trust = await trustOnHost(glance, request);
  const job = uploadJob(request.image);
  const running = (await request.host.jobs.status(request.dir, job)).state === 'running';
  if (running || (await hostSends(glance, request, trust))) {
    await sendFromHost(glance, request, { url, job, trust });
    return;
  }
  await relay(glance, request, url);
}

type Standing = 'empty' | 'staged' | 'importing' | 'stored';

/** Where the image stands once nobody else is sending to it; a job of ours that still sends is joined as `empty`. */
async function settled(glance: Glance, request: UploadRequest): Promise<Standing> {
  const end = Date.now() + SETTLE_MS;
  for (;;) {
    const image = await glance.get(request.image);
    if (!image) throw imageGone();
    if (image.status === 'active') return 'stored';
    if (image.status === 'importing' || image.importing) return 'importing';
    if (image.status === 'queued') return 'empty';
    const { state } = await request.host.jobs.status(request.dir, uploadJob(request.image));
    if (['saving', 'uploading'].includes(image.status) && state === 'running') return 'empty';
    if (image.status === 'uploading' && image.bytes === request.bytes && isImport(request)) return 'staged';
    if (!['saving', 'uploading'].includes(image.status) || Date.now() > end) throw stuck(image.status);
    await delay(500, undefined, { signal: request.signal });
  }
}

// Glance was restarted while it took the bytes: the image can neither be filled again nor become whole.
function stuck(status: string): CasementError {
  return new CasementError({
    code: 'cloud.upload-stuck',
    title: 'The image in Glance can no longer be filled',
    whatHappened: `Glance leaves the image in state "${status}" although nothing is being sent to it; it was probably restarted during an upload.`,
    whatToDo: 'Publish again: a new image is made.',
  });
}
