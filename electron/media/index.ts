// Media: brings the Windows ISO, the virtio-win ISO and the Cloudbase-Init MSI to the host, or recognises them there.
// What a file is called means nothing: its first bytes and its SHA-256 decide. May touch: host, shared.
import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { MediaKind, MediaSource } from '../../shared/plan.ts';
import type { MediaFile } from '../../shared/views.ts';
import { uploadFile } from '../host/transfer.ts';
import { type Hashing, hashJob, hashLocal, hashOnHost } from '../host/transfer-hash.ts';
import { inTurn } from '../host/transfer-turns.ts';
import type { Host } from '../host/types.ts';
import { ask, download, downloadJob } from './download.ts';
import { empty, missing, notAFile, shownUrl, wrongHash, wrongKind } from './faults.ts';
import { DESCRIPTORS, HEAD, mistaken } from './kinds.ts';
import { type Known, readKnown, remember, stillKnown } from './known.ts';
import { hostName, nameOfUrl } from './names.ts';
import type { EnsureMedia, EnsureMediaFn } from './types.ts';

/**
 * Makes sure that a file is on the host, is what it should be, and has the given SHA-256 (if one was given). Throws
 * `media.missing`, `media.not-a-file`, `media.empty`, `media.html`, `media.wrong-kind`, `media.wrong-hash`,
 * `media.download-failed`, and what transfers throw.
 */
export const ensureMedia: EnsureMediaFn = async (want) => {
  const { source } = want;
  if ('path' in source) return onTheHost(want, source.path, source.sha256);
  if ('file' in source)
    return want.host.local
      ? onTheHost(want, resolve(source.file), source.sha256)
      : fromWorkstation(want, source.file, source.sha256);
  return fromAddress(want, source.url, source.sha256);
};

/**
 * Ends the jobs on the host that bring this file there or hash it, as a cancel wants it; what has arrived is kept. Gives
 * the names of those it ended.
 */
export async function stopMediaJobs(host: Host, source: MediaSource, dir: string): Promise<string[]> {
  const stopped: string[] = [];
  for (const name of jobsOf(host, source, dir)) {
    if ((await host.jobs.status(dir, name)).state !== 'running') continue;
    await host.jobs.stop(dir, name);
    stopped.push(name);
  }
  return stopped;
}

function jobsOf(host: Host, source: MediaSource, dir: string): readonly string[] {
  if ('path' in source) return [hashJob(source.path)];
  if ('file' in source) return host.local ? [hashJob(resolve(source.file))] : [];
  const { name, part } = downloadJob(dir, source.url);
  return [name, hashJob(part)];
}

async function onTheHost(want: EnsureMedia, path: string, sha256: string | undefined): Promise<MediaFile> {
  const found = await examine(want, path);
  if (sha256 !== undefined && sha256 !== found.sha256)
    throw wrongHash(want.kind, path, sha256, found.sha256, false);
  return found;
}

async function fromWorkstation(
  want: EnsureMedia,
  file: string,
  sha256: string | undefined,
): Promise<MediaFile> {
  const { host, kind, dir, onProgress, signal } = want;
  const bytes = await checkLocal(kind, file);
  const hash = await hashLocal(file, bytes, how(want, 'Reading the file of this workstation'));
  if (sha256 !== undefined && sha256 !== hash) throw wrongHash(kind, file, sha256, hash, false);
  await host.files.mkdir(dir);
  return inTurn(`${host.key} ${hash}`, signal, async () => {
    const there = await recognise(want, hash, bytes);
    if (there) return there;
    const to = `${dir}/${hostName(kind, basename(file.replaceAll('\\', '/')), hash)}`;
    const sent = await uploadFile({ host, file, to, sha256: hash, onProgress, signal });
    await note(want, sent);
    return sent;
  });
}

async function fromAddress(want: EnsureMedia, url: string, sha256: string | undefined): Promise<MediaFile> {
  const { host, kind, dir, signal } = want;
  await host.files.mkdir(dir);
  return inTurn(`${host.key} ${url}`, signal, async () => {
    const there = sha256 === undefined ? null : await recognise(want, sha256, null);
    if (there) return there;
    const answer = await ask(host, kind, url, signal);
    const version = answer?.version ?? '';
    const again = sha256 === undefined && version !== '' ? await downloaded(want, url, version) : null;
    if (again) return again;
    const part = await download({ ...want, url, answer, hashKnown: sha256 !== undefined });
    try {
      await checkKind(want, part, shownUrl(url));
      const bytes = (await host.files.stat(part))?.bytes ?? 0;
      const hash = await hashOnHost(host, part, bytes, dir, how(want, 'Computing the checksum'));
      if (sha256 !== undefined && sha256 !== hash) throw wrongHash(kind, shownUrl(url), sha256, hash, true);
      const to = `${dir}/${hostName(kind, nameOfUrl(answer?.url ?? url) || nameOfUrl(url), hash)}`;
      await host.files.rename(part, to);
      const file = { path: to, bytes, sha256: hash };
      await note(want, file, { url: shownUrl(url), version });
      return file;
    } catch (error) {
      // Complete but wrong: resuming it would never mend it. A part whose check was only interrupted is kept.
      if (isVerdict(error)) await host.files.remove(part);
      throw error;
    }
  });
}

const isVerdict = (error: unknown) => String((error as { code?: unknown } | null)?.code).startsWith('media.');

/** A file at a path of the host: its kind is checked, its hash remembered or computed. */
async function examine(want: EnsureMedia, path: string): Promise<MediaFile> {
  const { host, kind, dir } = want;
  const found = await host.files.stat(path);
  if (!found) throw missing(kind, path, 'The host');
  if (found.kind !== 'file') throw notAFile(kind, path);
  await checkKind(want, path, path);
  const known = await stillKnown(host, path, (await readKnown(host, dir))[path]);
  if (known) return { path, bytes: known.bytes, sha256: known.sha256 };
  const sha256 = await hashOnHost(host, path, found.bytes, dir, how(want, 'Computing the checksum'));
  const file = { path, bytes: found.bytes, sha256 };
  await note(want, file);
  return file;
}

/** A file of the host with this hash: remembered, or lying in the media folder unremembered. */
async function recognise(want: EnsureMedia, sha256: string, bytes: number | null): Promise<MediaFile | null> {
  const { host, dir } = want;
  const known = await readKnown(host, dir);
  for (const [path, entry] of Object.entries(known))
    if (entry.sha256 === sha256 && (await stillKnown(host, path, entry)))
      return { path, bytes: entry.bytes, sha256 };
  for (const entry of await host.files.list(dir)) {
    const path = `${dir}/${entry.name}`;
    // Names made here carry the beginning of the hash; a file of the right size may have been put here by hand.
    const likely = bytes === null ? entry.name.includes(sha256.slice(0, 8)) : entry.bytes === bytes;
    if (entry.kind !== 'file' || !likely || entry.name.endsWith('.part') || path in known) continue;
    const hash = await hashOnHost(host, path, entry.bytes, dir, how(want, 'Looking whether the host has it'));
    const file = { path, bytes: entry.bytes, sha256: hash };
    await note(want, file);
    if (hash === sha256) return file;
  }
  return null;
}

/** A file that was downloaded from this address before, if the server still has that version. */
async function downloaded(want: EnsureMedia, url: string, version: string): Promise<MediaFile | null> {
  for (const [path, known] of Object.entries(await readKnown(want.host, want.dir)))
    if (
      known.url === shownUrl(url) &&
      known.version === version &&
      (await stillKnown(want.host, path, known))
    ) {
      await checkKind(want, path, path);
      return { path, bytes: known.bytes, sha256: known.sha256 };
    }
  return null;
}

async function note(
  want: EnsureMedia,
  file: MediaFile,
  from: Pick<Known, 'url' | 'version'> = {},
): Promise<void> {
  const now = await want.host.files.stat(file.path);
  if (!now) return;
  const { bytes, sha256 } = file;
  await want.host.files.mkdir(want.dir);
  await remember(want.host, want.dir, file.path, { bytes, sha256, modified: now.modified, ...from });
}

/** Throws when a file of the host is empty or of another kind. */
async function checkKind({ host, kind }: EnsureMedia, path: string, where: string): Promise<void> {
  const head = await host.files.read(path, { offset: 0, length: HEAD });
  if (head.length === 0) throw empty(kind, where);
  const what = mistaken(kind, head, await host.files.read(path, DESCRIPTORS));
  if (what !== null) throw wrongKind(kind, where, what);
}

/** Size of a file of this workstation; throws as checkKind, before a byte is sent. */
async function checkLocal(kind: MediaKind, file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  if (!found) throw missing(kind, file, 'This workstation');
  if (!found.isFile()) throw notAFile(kind, file);
  const handle = await open(file);
  try {
    const read = async (offset: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    const head = await read(0, HEAD);
    if (head.length === 0) throw empty(kind, file);
    const what = mistaken(kind, head, await read(DESCRIPTORS.offset, DESCRIPTORS.length));
    if (what !== null) throw wrongKind(kind, file, what);
    return found.size;
  } finally {
    await handle.close();
  }
}

const how = (want: EnsureMedia, message: string): Hashing => ({
  onProgress: want.onProgress,
  signal: want.signal,
  message,
});
