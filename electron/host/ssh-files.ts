// Files of a host over SFTP.
import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import ssh2, { type SFTPWrapper, type Stats } from 'ssh2';
import type { DirEntry } from '../../shared/views.ts';
import { fileFault, isLineFault } from './faults.ts';
import type { Line } from './line.ts';
import { asked, closeFile, openFile, readFolder, reasonOf, replace, sftpFault, statOf } from './sftp.ts';
import { readAhead, readingStream, writingStream } from './sftp-streams.ts';
import type { FileStat, HostFiles } from './types.ts';

const { CREAT, TRUNC, WRITE } = ssh2.utils.sftp.OPEN_MODE;
/** Links resolved at the same time while listing. */
const PARALLEL = 64;

type Done = (error?: Error | null) => void;
interface Attributes {
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
}

const FORMAT = 0o170000;
const kindOf = (mode: number): DirEntry['kind'] =>
  (mode & FORMAT) === 0o100000 ? 'file' : (mode & FORMAT) === 0o040000 ? 'directory' : 'other';
const isLink = (mode: number) => (mode & FORMAT) === 0o120000;

const toStat = ({ mode, size, mtime }: Attributes): FileStat => ({
  kind: kindOf(mode),
  bytes: size,
  mode: mode & 0o7777,
  modified: new Date(mtime * 1000).toISOString(),
});

async function list(sftp: SFTPWrapper, path: string): Promise<DirEntry[]> {
  const found = await readFolder(sftp, path);
  const targets = new Map<string, Stats | null>();
  const links = found.filter(({ attrs }) => isLink(attrs.mode));
  for (let i = 0; i < links.length; i += PARALLEL)
    await Promise.all(
      links.slice(i, i + PARALLEL).map(async ({ filename }) => {
        targets.set(filename, await statOf(sftp, posix.join(path, filename)).catch(() => null));
      }),
    );
  return found.map(({ filename, attrs }) => {
    const link = isLink(attrs.mode);
    const target = link ? (targets.get(filename) ?? null) : attrs;
    const { kind, bytes, modified } = toStat(target ?? attrs);
    return { name: filename, kind: target === null ? 'other' : kind, link, bytes, modified };
  });
}

async function read(
  sftp: SFTPWrapper,
  path: string,
  range?: { readonly offset: number; readonly length: number },
): Promise<Buffer> {
  const handle = await openFile(sftp, path, 'r');
  try {
    const parts: Buffer[] = [];
    const start = range?.offset ?? 0;
    // Files of /proc say they are empty, so without a range the end is where reading stops.
    const end = range === undefined ? Number.MAX_SAFE_INTEGER : start + range.length;
    for await (const part of readAhead(sftp, handle, start, end)) parts.push(part);
    return Buffer.concat(parts);
  } finally {
    await closeFile(sftp, handle).catch(() => {});
  }
}

async function writeAll(sftp: SFTPWrapper, path: string, flags: 'wx' | 'a', data: string | Uint8Array) {
  const handle = await openFile(sftp, path, flags);
  const stream = writingStream(sftp, handle, path, 0);
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject);
    stream.once('close', resolve);
    stream.end(Buffer.from(data as Uint8Array));
  });
}

async function write(
  sftp: SFTPWrapper,
  path: string,
  data: string | Uint8Array,
  mode: number,
): Promise<void> {
  const temporary = posix.join(posix.dirname(path), `.casement-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeAll(sftp, temporary, 'wx', data);
    await asked<void>(sftp, (done) => sftp.chmod(temporary, mode, done as Done));
    await replace(sftp, temporary, path);
  } catch (error) {
    await asked<void>(sftp, (done) => sftp.unlink(temporary, done as Done)).catch(() => {});
    throw error;
  }
}

async function mkdir(sftp: SFTPWrapper, path: string, mode: number): Promise<void> {
  const there = await statOf(sftp, path).catch((error: unknown) => {
    if (reasonOf(error) === 'missing') return null;
    throw error;
  });
  if (there !== null) {
    if (kindOf(there.mode) === 'directory') return;
    throw fileFault('exists', path);
  }
  const parent = posix.dirname(path);
  if (parent !== path) await mkdir(sftp, parent, 0o777);
  try {
    await asked<void>(sftp, (done) => sftp.mkdir(path, { mode }, done as Done));
  } catch (error) {
    // Somebody else may have made it in the meantime.
    const now = await statOf(sftp, path).catch(() => null);
    if (now === null || kindOf(now.mode) !== 'directory') throw error;
    return;
  }
  if (mode !== 0o777) await asked<void>(sftp, (done) => sftp.chmod(path, mode, done as Done));
}

async function remove(sftp: SFTPWrapper, path: string): Promise<void> {
  const own = await asked<Stats>(sftp, (done) => sftp.lstat(path, done));
  if (kindOf(own.mode) !== 'directory') return asked<void>(sftp, (done) => sftp.unlink(path, done as Done));
  if ((await readFolder(sftp, path)).length > 0) throw fileFault('not-empty', path);
  return asked<void>(sftp, (done) => sftp.rmdir(path, done as Done));
}

async function openForReading(sftp: SFTPWrapper, path: string) {
  const stats = await statOf(sftp, path);
  if (kindOf(stats.mode) === 'directory') throw fileFault('exists', path);
  return readingStream(sftp, await openFile(sftp, path, 'r'), path, stats.size);
}

async function openForWriting(sftp: SFTPWrapper, path: string, offset: number) {
  const handle = await openFile(sftp, path, WRITE | CREAT | (offset === 0 ? TRUNC : 0));
  return writingStream(sftp, handle, path, offset);
}

/** The files of a host behind a line; see HostFiles. Asking again is harmless, so questions survive a dropped line. */
export function sshFiles(line: Line): HostFiles {
  async function once<T>(path: string, work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
    const sftp = await line.sftp();
    try {
      return await work(sftp);
    } catch (error) {
      throw sftpFault(error, path);
    }
  }
  async function twice<T>(path: string, work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
    return once(path, work).catch((error: unknown) => {
      if (isLineFault(error)) return once(path, work);
      throw error;
    });
  }
  async function orNothing<T>(work: Promise<T>): Promise<T | null> {
    return work.catch((error: unknown) => {
      if ((error as { code?: unknown }).code === 'host.no-such-file') return null;
      throw error;
    });
  }
  return {
    stat: (path) => orNothing(twice(path, async (sftp) => toStat(await statOf(sftp, path)))),
    list: (path) => twice(path, (sftp) => list(sftp, path)),
    realpath: (path) =>
      twice(path, async (sftp) => {
        const real = await asked<string>(sftp, (done) => sftp.realpath(path, done));
        // OpenSSH answers for a missing last part too.
        await statOf(sftp, real);
        return real;
      }),
    read: (path, range) => twice(path, (sftp) => read(sftp, path, range)),
    write: (path, data, mode = 0o600) => once(path, (sftp) => write(sftp, path, data, mode)),
    append: (path, data) => once(path, (sftp) => writeAll(sftp, path, 'a', data)),
    mkdir: (path, mode = 0o700) => twice(path, (sftp) => mkdir(sftp, path, mode)),
    remove: async (path) => void (await orNothing(once(path, (sftp) => remove(sftp, path)))),
    rename: (from, to) => once(from, (sftp) => replace(sftp, from, to)),
    readStream: (path) => once(path, (sftp) => openForReading(sftp, path)),
    writeStream: (path, offset = 0) => once(path, (sftp) => openForWriting(sftp, path, offset)),
  };
}
