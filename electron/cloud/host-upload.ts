// The upload that the KVM host makes itself: a detached curl that goes on when this workstation goes away.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path/posix';
import { CasementError, isAbort } from '../../shared/errors.ts';
import { createMeter } from '../../shared/progress.ts';
import {
  brokenUpload,
  curlFailure,
  failedUpload,
  isBroken,
  reachWords,
  uploadAnswer,
  uploadConfig,
  uploadWords,
} from './curl.ts';
import { serviceError } from './faults.ts';
import { type Glance, imageGone } from './glance.ts';
import type { UploadRequest } from './types.ts';

/** A token for an upload should last this long, in ms: some clouds check it again when the last byte arrives. */
const UPLOAD_TOKEN = 60 * 60_000;

const FROM_HOST = 'The KVM host sends the image to Glance';

/** What the host is to trust when it talks to Glance. */
interface HostTrust {
  readonly caFile: string | null;
  readonly verify: boolean;
}

interface Way {
  readonly url: string;
  readonly job: string;
  readonly trust: HostTrust;
}

/**
 * Sends the disk from the host, or joins the job that does. Throws `cloud.upload-broken` (try again), `cloud.upload-failed`,
 * or Glance's own words.
 */
export async function sendFromHost(glance: Glance, request: UploadRequest, way: Way): Promise<void> {
  for (const attempt of [1, 2]) {
    const { answer, code } = await hostJob(glance, request, way);
    if (answer.status >= 200 && answer.status < 300 && code === 0) return;
    if (answer.status === 401 && attempt === 1) {
      glance.session.forget(await glance.session.token());
      continue;
    }
    // A Glance that can no longer tell who is asking after the last byte deletes the image.
    if (answer.status === 404 || answer.status === 410) throw imageGone();
    if (answer.status >= 300) throw serviceError('image', 'uploading the disk', { ...answer, headers: {} });
    throw (isBroken(code) ? brokenUpload : failedUpload)(curlFailure(code), answer.text);
  }
}

/** Starts the curl on the host or joins the one that runs already; an abort ends it. */
async function hostJob(
  glance: Glance,
  request: UploadRequest,
  { url, job, trust }: Way,
): Promise<{ answer: { status: number; text: string }; code: number | null }> {
  const { host, dir, disk, signal } = request;
  const { id } = await glance.session.token(UPLOAD_TOKEN);
  await host.jobs.start({
    dir,
    name: job,
    words: uploadWords({ url, disk, ...trust }),
    stdin: uploadConfig(id),
  });
  const real = await host.files.realpath(disk);
  const meter = createMeter('bytes', request.bytes);
  try {
    const end = await host.jobs.wait(
      dir,
      job,
      (status) => {
        const position = status.positions[disk] ?? status.positions[real];
        if (position !== undefined)
          request.onProgress(meter.update(Math.min(position, request.bytes), FROM_HOST));
      },
      signal,
    );
    return { answer: uploadAnswer(end.log), code: end.code };
  } catch (error) {
    if (isAbort(error)) await host.jobs.stop(dir, job);
    throw error;
  }
}

/** Whether the host sends; throws when the plan insists on it and the host cannot. */
export async function hostSends(glance: Glance, request: UploadRequest, trust: HostTrust): Promise<boolean> {
  if (request.via === 'workstation') return false;
  // The private key of a client certificate never leaves this workstation.
  if (glance.session.credentials.certFile !== null) {
    if (request.via === 'auto') return false;
    throw keyStaysHere();
  }
  const url = await glance.url('/');
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

const keyStaysHere = (): CasementError =>
  new CasementError({
    code: 'cloud.host-has-no-certificate',
    title: 'The KVM host cannot show your client certificate',
    whatHappened:
      'This cloud wants to see a client certificate, and its private key is not given to another computer. The plan says that the host must send the image itself.',
    whatToDo: 'Set the upload to "auto" or "workstation": this computer then passes the image on.',
  });

/** The CA file of the cloud is a file of this workstation: curl on the host needs its own copy. */
export async function trustOnHost(glance: Glance, request: UploadRequest): Promise<HostTrust> {
  const { caFile, verify } = glance.session.credentials;
  if (caFile === null || !verify) return { caFile: null, verify };
  const copy = join(request.dir, 'glance-ca.pem');
  await request.host.files.write(copy, await readFile(caFile));
  return { caFile: copy, verify };
}
