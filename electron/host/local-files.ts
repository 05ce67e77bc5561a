// Files of this computer.
import { randomBytes } from 'node:crypto';
import { constants, createReadStream, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { DirEntry } from '../../shared/views.ts';
import { type FileReason, fileFault } from './faults.ts';
import type { FileStat, HostFiles } from './types.ts';

/** Chunk of a read or write, in bytes: large enough that the number of calls does not matter. */
const CHUNK = 1024 * 1024;
/** Files asked about at the same time while listing. */
const PARALLEL = 64;

const REASONS: Readonly<Record<string, FileReason>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'permission',
  EPERM: 'permission',
  EROFS: 'permission',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EEXIST: 'exists',
  EISDIR: 'exists',
  ENOTEMPTY: 'not-empty',
};

function reasonOf(error: unknown): FileReason {
  return REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? 'other';
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileFault(reasonOf(error), path, error);
  }
}

/** null instead of an error when there is nothing at the path. */
async function orNothing<T>(path: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (reasonOf(error) === 'missing') return null;
    throw fileFault(reasonOf(error), path, error);
  }
}

const kindOf = (stats: Stats): DirEntry['kind'] =>
  stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';

const statOf = (stats: Stats): FileStat => ({
  kind: kindOf(stats),
  bytes: stats.size,
  mode: stats.mode & 0o7777,
  modified: stats.mtime.toISOString(),
});

/** One entry; names are bytes on Linux, so the bytes are asked about and the shown name may hold U+FFFD. */
async function entry(folder: string, name: Buffer): Promise<DirEntry> {
  const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
  const shown = name.toString('utf8');
  const own = await fs.lstat(path).catch(() => null);
  if (own === null)
    return { name: shown, kind: 'other', link: false, bytes: 0, modified: new Date(0).toISOString() };
  const link = own.isSymbolicLink();
  const target = link ? await fs.stat(path).catch(() => null) : own;
  const { kind, bytes, modified } = statOf(target ?? own);
  return { name: shown, kind: target === null ? 'other' : kind, link, bytes, modified };
}

async function list(path: string): Promise<DirEntry[]> {
  const names = await guarded(path, () => fs.readdir(path, { encoding: 'buffer' }));
  const entries: DirEntry[] = [];
  for (let i = 0; i < names.length; i += PARALLEL)
    entries.push(...(await Promise.all(names.slice(i, i + PARALLEL).map((name) => entry(path, name)))));
  return entries;
}

async function readRange(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await fs.open(path);
  try {
    const buffer = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  } finally {
    await file.close();
  }
}

async function write(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  const temporary = `${dirname(path)}/.casement-${randomBytes(8).toString('hex')}.tmp`;
  try {
    const file = await fs.open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(data);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

async function mkdir(path: string, mode: number): Promise<void> {
  const made = await fs.mkdir(path, { recursive: true, mode });
  if (made !== undefined) await fs.chmod(path, mode);
}

async function remove(path: string): Promise<void> {
  const stats = await fs.lstat(path);
  await (stats.isDirectory() ? fs.rmdir(path) : fs.unlink(path));
}

async function readStream(path: string): Promise<Readable> {
  const file = await fs.open(path);
  // Opening a folder for reading succeeds on Linux and fails only later, inside the stream.
  if (!(await file.stat()).isDirectory()) return createReadStream('', { fd: file, highWaterMark: CHUNK });
  await file.close();
  throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
}

async function writeStream(path: string, offset: number): Promise<Writable> {
  const truncate = offset === 0 ? constants.O_TRUNC : 0;
  const file = await fs.open(path, constants.O_WRONLY | constants.O_CREAT | truncate, 0o600);
  return file.createWriteStream({ start: offset, highWaterMark: CHUNK });
}

/** The files of this computer; see HostFiles. */
export function localFiles(): HostFiles {
  return {
    stat: (path) => orNothing(path, async () => statOf(await fs.stat(path))),
    list,
    realpath: (path) => guarded(path, () => fs.realpath(path)),
    read: (path, range) =>
      guarded(path, () => (range ? readRange(path, range.offset, range.length) : fs.readFile(path))),
    write: (path, data, mode = 0o600) => guarded(path, () => write(path, data, mode)),
    append: (path, data) => guarded(path, () => fs.appendFile(path, data, { mode: 0o600 })),
    mkdir: (path, mode = 0o700) => guarded(path, () => mkdir(path, mode)),
    remove: async (path) => void (await orNothing(path, () => remove(path))),
    rename: (from, to) => guarded(from, () => fs.rename(from, to)),
    readStream: (path) => guarded(path, () => readStream(path)),
    writeStream: (path, offset = 0) => guarded(path, () => writeStream(path, offset)),
  };
}
