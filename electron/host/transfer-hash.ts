// SHA-256 of files on either end, with progress.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import { createMeter } from '../../shared/progress.ts';
import { isDetach } from './detach.ts';
import { visible } from './faults.ts';
import { bytesRead } from './job-report.ts';
import type { Host, JobStatus, OnProgress } from './types.ts';

/** Reads of a local file, in bytes: beyond this SHA-256 gets no faster. */
const CHUNK = 1024 * 1024;
/** A file up to this size is hashed within a second or two and needs no job and no progress. */
const SMALL = 256 * 1024 * 1024;
/** Between two reports of progress, in milliseconds. */
const EVERY_MS = 250;

export interface Hashing {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** What is going on, for the progress. */
  readonly message: string;
}

/** Feeds bytes `[0, end)` of a local file into `hash`. Throws what `fs` throws. */
export async function feedHash(hash: Hash, file: string, end: number, how: Hashing): Promise<void> {
  if (end === 0) return;
  const meter = createMeter('bytes', end);
  const tick = every(EVERY_MS);
  let done = 0;
  how.onProgress(meter.update(0, how.message));
  const stream = createReadStream(file, { end: end - 1, highWaterMark: CHUNK, signal: how.signal });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    done += chunk.length;
    if (tick()) how.onProgress(meter.update(done, how.message));
  }
  how.onProgress(meter.update(done, how.message));
}

/** SHA-256 (hex) of a whole local file of `bytes`. */
export async function hashLocal(file: string, bytes: number, how: Hashing): Promise<string> {
  const hash = createHash('sha256');
  await feedHash(hash, file, bytes, how);
  return hash.digest('hex');
}

/**
 * SHA-256 (hex) of a file of `bytes` on the host. A large one is hashed by a detached job that keeps its files under
 * `dir`, so that neither a dropped line nor a detach starts it over; a cancel ends it. Throws `host.hash-failed` with the host's words.
 */
export async function hashOnHost(
  host: Host,
  path: string,
  bytes: number,
  dir: string,
  how: Hashing,
): Promise<string> {
  const words = ['sha256sum', '--', path];
  if (bytes <= SMALL) {
    const { code, stdout, stderr } = await host.run(words, { signal: how.signal, allowFailure: true });
    return readHash(path, code, stdout, stderr);
  }
  const name = hashJob(path);
  const meter = createMeter('bytes', bytes);
  await host.jobs.start({ dir, name, words });
  const report = (status: JobStatus) => {
    const read = bytesRead(status);
    if (read !== null) how.onProgress(meter.update(read, how.message));
  };
  try {
    const { code, log } = await host.jobs.wait(dir, name, report, how.signal);
    const sum = readHash(path, code ?? 1, log, log);
    how.onProgress(meter.update(bytes, how.message));
    await host.run(['rm', '-rf', '--', posix.join(dir, 'jobs', name)], { allowFailure: true });
    return sum;
  } catch (error) {
    if (how.signal.aborted && !isDetach(how.signal.reason)) await host.jobs.stop(dir, name);
    throw error;
  }
}

/** Name of the detached job that hashes this file. */
export function hashJob(path: string): string {
  return `hash-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
}

function readHash(path: string, code: number, stdout: string, stderr: string): string {
  // A backslash in front says that the name behind is escaped.
  const sum = /^\\?([0-9a-f]{64}) /.exec(stdout)?.[1];
  if (code === 0 && sum !== undefined) return sum;
  throw new CasementError({
    code: 'host.hash-failed',
    title: 'A file on the host could not be read',
    whatHappened: `The host did not compute the checksum of ${visible(path)}.`,
    whatToDo: 'Check that the file is readable for your account, then try again.',
    detail: stderr.slice(-1000),
  });
}

/** A function that is true at most once in `ms`. */
export function every(ms: number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < ms) return false;
    last = now;
    return true;
  };
}
