// Brings a disk into Glance: by a detached curl on the KVM host, or through this workstation where the host cannot
// reach Glance. Glance inspects nothing, so only the comparison of hashes afterwards proves the image.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path/posix';
import { setTimeout as delay } from 'node:timers/promises';
import { CasementError, isAbort } from '../../shared/errors.ts';
import { createMeter } from '../../shared/progress.ts';
import { curlFailure, reachWords, uploadAnswer, uploadConfig, uploadWords } from './curl.ts';
import { serviceError } from './faults.ts';
import { type Glance, imageGone } from './glance.ts';
import type { ImageDetail } from './image-view.ts';
import { relay } from './relay.ts';
import type { UploadRequest } from './types.ts';

/** A token for an upload should last this long, in ms: some clouds check it again when the last byte arrives. */
const UPLOAD_TOKEN = 60 * 60_000;
/** How long Glance may take to notice that a sender has gone. */
const SETTLE_MS = 60_000;

const FROM_HOST = 'The KVM host sends the image to Glance';

interface HostTrust {
  readonly caFile: string | null;
  readonly verify: boolean;
}

/** Sends the disk and proves it. Throws `cloud.hash-mismatch` (image deleted) or a sentence for a failed upload. */
export async function uploadImage(glance: Glance, request: UploadRequest): Promise<void> {
  const before = await settled(glance, request);
  if (before.status === 'queued') await send(glance, request);
  await prove(glance, request);
}

/** Name of the detached upload of an image among the jobs of a build. */
export function uploadJob(image: string): string {
  return `upload-${image}`;
}

async function send(glance: Glance, request: UploadRequest): Promise<void> {
  const url = await glance.url(`/images/${encodeURIComponent(request.image)}/file`);
  const trust = await trustOnHost(glance, request);
  const running = (await request.host.jobs.status(request.dir, uploadJob(request.image))).state === 'running';
  if (running || (await viaHost(request, await glance.url('/'), trust))) {
    await sendFromHost(glance, request, url, trust);
    return;
  }
  await relay(glance, request, url);
}

async function sendFromHost(
  glance: Glance,
  request: UploadRequest,
  url: string,
  trust: HostTrust,
): Promise<void> {
  for (const attempt of [1, 2]) {
    const { answer, code } = await hostJob(glance, request, url, trust);
    if (answer.status >= 200 && answer.status < 300 && code === 0) return;
    if (answer.status === 401 && attempt === 1) {
      glance.session.forget(await glance.session.token());
      continue;
    }
    throw answer.status >= 300
      ? serviceError('image', 'uploading the disk', { ...answer, headers: {} })
      : brokenUpload(curlFailure(code), answer.text);
  }
}

/** Starts the curl on the host or joins the one that runs already; an abort ends it. */
async function hostJob(
  glance: Glance,
  request: UploadRequest,
  url: string,
  trust: HostTrust,
): Promise<{ answer: { status: number; text: string }; code: number | null }> {
  const { host, dir, disk, signal } = request;
  const name = uploadJob(request.image);
  const { id } = await glance.session.token(UPLOAD_TOKEN);
  await host.jobs.start({
    dir,
    name,
    words: uploadWords({ url, disk, ...trust }),
    stdin: uploadConfig(id),
  });
  const real = await host.files.realpath(disk);
  const meter = createMeter('bytes', request.bytes);
  try {
    const end = await host.jobs.wait(
      dir,
      name,
      (status) => {
        const position = status.positions[disk] ?? status.positions[real];
        if (position !== undefined)
          request.onProgress(meter.update(Math.min(position, request.bytes), FROM_HOST));
      },
      signal,
    );
    return { answer: uploadAnswer(end.log), code: end.code };
  } catch (error) {
    if (isAbort(error)) await host.jobs.stop(dir, name);
    throw error;
  }
}

/** Whether the host sends; throws when the plan insists on it and the host does not reach Glance. */
async function viaHost(request: UploadRequest, url: string, trust: HostTrust): Promise<boolean> {
  if (request.via === 'workstation') return false;
  const { code, stdout, stderr } = await request.host.run(reachWords(url, trust), {
    allowFailure: true,
    timeoutMs: 20_000,
    signal: request.signal,
  });
  if (code === 0 && stdout.trim() !== '000') return true;
  if (request.via === 'auto') return false;
  throw new CasementError({
    code: 'cloud.host-cannot-reach-glance',
    title: 'The KVM host does not reach Glance',
    whatHappened: `${curlFailure(code)} The plan says that the host must send the image itself.`,
    whatToDo: 'Set the upload to "auto" or "workstation", or open the way from the host to Glance.',
    detail: `${new URL(url).origin}: ${stderr.trim()}`,
  });
}

/** The CA file of the cloud is a file of this workstation: curl on the host needs its own copy. */
async function trustOnHost(glance: Glance, request: UploadRequest): Promise<HostTrust> {
  const { caFile, verify } = glance.session.credentials;
  if (caFile === null || !verify) return { caFile: null, verify };
  const copy = join(request.dir, 'glance-ca.pem');
  await request.host.files.write(copy, await readFile(caFile));
  return { caFile: copy, verify };
}

/** The image once nobody else is sending to it: `queued` to be sent, or `active`. */
async function settled(glance: Glance, request: UploadRequest): Promise<ImageDetail> {
  const end = Date.now() + SETTLE_MS;
  for (;;) {
    const image = await glance.get(request.image);
    if (!image) throw imageGone();
    if (image.status === 'queued' || image.status === 'active') return image;
    const { state } = await request.host.jobs.status(request.dir, uploadJob(request.image));
    // Our own job is still sending: the caller joins it.
    if (image.status === 'saving' && state === 'running') return { ...image, status: 'queued' };
    if (image.status !== 'saving' || Date.now() > end)
      throw brokenUpload(`The image is in state "${image.status}" although nothing is being sent to it.`, '');
    await delay(1000, undefined, { signal: request.signal });
  }
}

/** Compares what Glance stored with what was meant; deletes an image that differs. */
async function prove(glance: Glance, request: UploadRequest): Promise<void> {
  const image = await whenStored(glance, request);
  const wrongSize = image.bytes !== request.bytes;
  const wrongHash = image.hashAlgo === 'sha512' && image.hash !== request.sha512.toLowerCase();
  if (image.hashAlgo !== null && image.hashAlgo !== 'sha512')
    throw new CasementError({
      code: 'cloud.hash-unknown',
      title: 'The upload cannot be proven',
      whatHappened: `Glance hashes with ${image.hashAlgo}; Casement compares SHA-512.`,
      whatToDo: 'Ask the operator to set hashing_algorithm = sha512 in Glance (its default).',
    });
  if (!wrongSize && !wrongHash) return;
  await glance.remove(request.image);
  throw new CasementError({
    code: 'cloud.hash-mismatch',
    title: 'The image in Glance is not the disk that was built',
    whatHappened: wrongSize
      ? `Glance stored ${image.bytes ?? 0} bytes, the disk has ${request.bytes}. The image was deleted.`
      : 'The SHA-512 of the stored image differs from that of the disk. The image was deleted.',
    whatToDo: 'Publish it again. If it happens again, something between host and Glance changes the data.',
    detail: `disk ${request.sha512}\nimage ${image.hash ?? '(none)'}`,
  });
}

/** The image once it is active: some stores work on after the last byte. */
async function whenStored(glance: Glance, request: UploadRequest): Promise<ImageDetail> {
  const end = Date.now() + SETTLE_MS;
  for (;;) {
    const image = await glance.get(request.image);
    if (!image) throw imageGone();
    if (image.status === 'active') return image;
    if (Date.now() > end || image.status === 'killed' || image.status === 'deleted')
      throw brokenUpload(`Glance left the image in state "${image.status}" after the last byte.`, '');
    await delay(500, undefined, { signal: request.signal });
  }
}

/** The error of an upload that broke without an answer; the empty image stays and is used for the next attempt. */
export function brokenUpload(whatHappened: string, detail: string): CasementError {
  return new CasementError({
    code: 'cloud.upload-failed',
    title: 'The upload to Glance broke off',
    whatHappened,
    whatToDo: 'Try again; the empty image that was made is used again.',
    detail,
  });
}
