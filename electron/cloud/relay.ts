// The upload through this workstation: disk of the host → Glance, never more than a few chunks in memory.
import { Transform } from 'node:stream';
import { CasementError, isAbort } from '../../shared/errors.ts';
import { createMeter } from '../../shared/progress.ts';
import { brokenUpload } from './curl.ts';
import { serviceError } from './faults.ts';
import { type Glance, imageGone } from './glance.ts';
import { networkError } from './http.ts';
import type { UploadRequest } from './types.ts';

/** Silence in either direction after which the relay gives up; Glance may hash and store for minutes at the end. */
const SILENCE_MS = 15 * 60_000;
/** Progress is told this often at most, in ms. */
const TELL_EVERY = 300;

/** Sends the disk to `url`. Throws a sentence when the host, this workstation or Glance fails. */
export async function relay(glance: Glance, request: UploadRequest, url: string): Promise<void> {
  for (const attempt of [1, 2]) {
    const token = await glance.session.token(SILENCE_MS * 4, request.signal);
    const answer = await sendOnce(glance, request, url, token.id);
    if (answer.status >= 200 && answer.status < 300) return;
    if (answer.status === 404 || answer.status === 410) throw imageGone();
    if (answer.status !== 401 || attempt === 2) throw serviceError('image', 'uploading the disk', answer);
    glance.session.forget(token);
  }
}

async function sendOnce(glance: Glance, request: UploadRequest, url: string, token: string) {
  const source = await request.host.files.readStream(request.disk);
  const counted = counter(request);
  let readError: Error | null = null;
  source.once('error', (error) => {
    readError = error;
    counted.destroy(error);
  });
  source.pipe(counted);
  try {
    return await glance.session.http.send({
      method: 'PUT',
      url,
      headers: {
        'x-auth-token': token,
        'content-type': 'application/octet-stream',
        'content-length': String(request.bytes),
      },
      body: counted,
      signal: request.signal,
      timeoutMs: SILENCE_MS,
    });
  } catch (error) {
    if (isAbort(error) || readError === null) throw isAbort(error) ? error : broken(networkError(url, error));
    throw broken(readError);
  } finally {
    source.destroy();
    counted.destroy();
  }
}

function counter(request: UploadRequest): Transform {
  const meter = createMeter('bytes', request.bytes);
  let done = 0;
  let told = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      const now = Date.now();
      if (now - told >= TELL_EVERY || done === request.bytes) {
        told = now;
        request.onProgress(meter.update(done, 'This workstation relays the image to Glance'));
      }
      next(null, chunk);
    },
  });
}

function broken(cause: Error): CasementError {
  return cause instanceof CasementError
    ? brokenUpload(cause.whatHappened, cause.detail ?? '', cause)
    : brokenUpload('The disk could not be read to its end.', cause.message, cause);
}
