// Workstation → host: one file, resumed where it broke off, compared by SHA-256 before it counts.
// May touch: the Host it is given, files of this workstation, shared.
import { createHash, type Hash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import { createMeter } from '../../shared/progress.ts';
import type { MediaFile } from '../../shared/views.ts';
import { isLineFault, visible } from './faults.ts';
import { every, feedHash, hashOnHost } from './transfer-hash.ts';
import { checkSpace } from './transfer-space.ts';
import { inTurn } from './transfer-turns.ts';
import type { Host, OnProgress } from './types.ts';

/** Bytes handed over at once; the stream of the host cuts them into what its protocol takes and keeps a window filled. */
const CHUNK = 1024 * 1024;
/** Between two reports of progress, in milliseconds. */
const EVERY_MS = 250;
/** How long a broken line may stay down before the transfer gives up; the part that arrived stays. */
const LINE_MS = 10 * 60_000;
/** Between two attempts to reach the host, in milliseconds; one attempt already waits up to half a minute. */
const PAUSE_MS = 2000;
/** Attempts in a row that may end without a single byte more. */
const FRUITLESS = 5;

export interface Upload {
  readonly host: Host;
  /** File of this workstation. */
  readonly file: string;
  /** Absolute path on the host; the bytes gather in `<to>.part` until they are complete and compared. */
  readonly to: string;
  /** What the file must hash to. */
  readonly sha256?: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Sends a file. Goes on by itself after a broken line, and after a restart with what an earlier attempt had brought.
 * Throws `transfer.no-file`, `host.disk-full` (before sending), `transfer.wrong-hash`, `transfer.line-lost`.
 */
export function uploadFile(upload: Upload): Promise<MediaFile> {
  return inTurn(`${upload.host.key} ${upload.to}`, upload.signal, () => send(upload));
}

async function send(upload: Upload): Promise<MediaFile> {
  const { host, to, signal } = upload;
  const bytes = await localSize(upload.file);
  let fruitless = 0;
  let before = -1;
  for (;;) {
    try {
      return await attempt(upload, bytes);
    } catch (error) {
      signal.throwIfAborted();
      if (!isLineFault(error)) throw error;
      const now = await arrived(host, `${to}.part`, signal);
      fruitless = now > before ? 0 : fruitless + 1;
      before = now;
      if (fruitless >= FRUITLESS) throw lineLost(error);
    }
  }
}

async function attempt(upload: Upload, bytes: number): Promise<MediaFile> {
  const { host, file, to, signal, onProgress } = upload;
  const part = `${to}.part`;
  const dir = posix.dirname(to);
  await host.files.mkdir(dir);
  // A clone shares its blocks with the original: then there is nothing left to send, only to compare. A clone that
  // fails would take an earlier part with it, so it is tried only where there is none.
  if (host.local && (await host.files.stat(part)) === null) await clone(file, part);
  const hash = createHash('sha256');
  const start = await resumeAt(upload, part, bytes, hash);
  const rest = start === 0 ? createHash('sha256') : hash;
  await checkSpace(host, dir, bytes - start);
  if (start < bytes || bytes === 0) await pump(upload, part, start, bytes, rest);
  const sent = rest.digest('hex');
  if (upload.sha256 !== undefined && upload.sha256 !== sent) {
    await host.files.remove(part);
    throw wrongHash(file, upload.sha256, sent);
  }
  const how = { onProgress, signal, message: 'Comparing the checksum on the host' };
  const got = await hashOnHost(host, part, bytes, dir, how);
  if (got !== sent) {
    await host.files.remove(part);
    throw damaged(sent, got);
  }
  await host.files.rename(part, to);
  return { path: to, bytes, sha256: sent };
}

/** Where to go on: the length of the part on the host if it really is the beginning of the file (then `hash` holds it), else 0. */
async function resumeAt(upload: Upload, part: string, bytes: number, hash: Hash): Promise<number> {
  const { host, file, onProgress, signal } = upload;
  const there = await host.files.stat(part);
  if (there?.kind !== 'file' || there.bytes === 0 || there.bytes > bytes) return 0;
  const how = { onProgress, signal, message: 'Comparing what had already arrived' };
  const [beginning] = await Promise.all([
    hashOnHost(host, part, there.bytes, posix.dirname(part), { ...how, onProgress: () => {} }),
    feedHash(hash, file, there.bytes, how),
  ]);
  return hash.copy().digest('hex') === beginning ? there.bytes : 0;
}

/** Sends bytes `[start, bytes)` into the part and feeds them into `hash`; the stream's own window gives the pace. */
async function pump(upload: Upload, part: string, start: number, bytes: number, hash: Hash): Promise<void> {
  const { host, file, signal, onProgress } = upload;
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const message = `Sending ${visible(name)}`;
  const meter = createMeter('bytes', bytes);
  const tick = every(EVERY_MS);
  let done = start;
  onProgress(meter.update(done, message));
  const sink = await host.files.writeStream(part, start);
  const broken = failure(sink, signal);
  try {
    const source = createReadStream(file, { start, highWaterMark: CHUNK, signal });
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      const room = sink.write(chunk, (error) => {
        if (error) return;
        done += chunk.length;
        if (tick()) onProgress(meter.update(done, message));
      });
      if (!room) await Promise.race([drained(sink), broken.promise]);
    }
    await Promise.race([ended(sink), broken.promise]);
    onProgress(meter.update(bytes, message));
  } finally {
    broken.stop();
    sink.destroy();
  }
}

/** A promise that rejects when the stream breaks or the signal fires. */
function failure(sink: Writable, signal: AbortSignal): { promise: Promise<never>; stop: () => void } {
  let fail: (error: unknown) => void = () => {};
  const promise = new Promise<never>((_, reject) => {
    fail = reject;
  });
  promise.catch(() => {});
  const onAbort = () => fail(signal.reason);
  const onClose = () => fail(connectionLost());
  sink.on('error', fail);
  sink.on('close', onClose);
  signal.addEventListener('abort', onAbort, { once: true });
  // The error listener stays: a stream may still complain after it was given up.
  return { promise, stop: () => signal.removeEventListener('abort', onAbort) };
}

const drained = (sink: Writable) => new Promise<void>((resolve) => sink.once('drain', () => resolve()));
const ended = (sink: Writable) => new Promise<void>((resolve) => sink.end(() => resolve()));

/** Shares the blocks of `file` with `part` where the file system can; changes nothing where it cannot. */
async function clone(file: string, part: string): Promise<void> {
  await copyFile(file, part, constants.COPYFILE_FICLONE_FORCE).catch(() => {});
}

/** Bytes of the part, asked until the host answers again (asking dials); throws `transfer.line-lost` after LINE_MS. */
async function arrived(host: Host, part: string, signal: AbortSignal): Promise<number> {
  const end = performance.now() + LINE_MS;
  for (;;) {
    try {
      return (await host.files.stat(part))?.bytes ?? 0;
    } catch (error) {
      if (!isLineFault(error)) throw error;
      if (performance.now() > end) throw lineLost(error);
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

async function localSize(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return found.size;
  throw new CasementError({
    code: 'transfer.no-file',
    title: 'The file is not on this workstation',
    whatHappened: found ? `${visible(file)} is not a file.` : `There is no file ${visible(file)}.`,
    whatToDo: 'Choose the file again.',
  });
}

const connectionLost = () =>
  new CasementError({
    code: 'host.connection-lost',
    title: 'The connection to the host broke',
    whatHappened: 'The transfer was interrupted.',
    whatToDo: 'Casement goes on with it as soon as the host answers again.',
  });

const lineLost = (cause: unknown) =>
  new CasementError(
    {
      code: 'transfer.line-lost',
      title: 'The transfer was interrupted',
      whatHappened: 'The connection to the host broke and did not come back in time.',
      whatToDo: 'Connect to the host again and continue: what has arrived is kept.',
      detail: cause instanceof Error ? cause.message : '',
    },
    cause,
  );

const damaged = (sent: string, arrived: string) =>
  new CasementError({
    code: 'transfer.damaged',
    title: 'The file arrived damaged',
    whatHappened:
      'The checksum on the host differs from the one on this workstation, so the copy was removed.',
    whatToDo: 'Try again. If it happens again, check the disks and the memory of both computers.',
    detail: `sent ${sent}\narrived ${arrived}`,
  });

const wrongHash = (file: string, wanted: string, found: string) =>
  new CasementError({
    code: 'transfer.wrong-hash',
    title: 'This is not the expected file',
    whatHappened: `The SHA-256 of ${visible(file)} is not the one that was given.`,
    whatToDo: 'Get the file again from its publisher, or correct the SHA-256.',
    detail: `expected ${wanted}\nfound ${found}`,
  });
