// SFTP calls as promises, with errors as this folder throws them.
import ssh2, { type FileEntryWithStats, type SFTPWrapper, type Stats } from 'ssh2';
import { type FileReason, fileFault } from './faults.ts';
import { connectionLost } from './ssh-faults.ts';

const STATUS = ssh2.utils.sftp.STATUS_CODE;

/** READ and WRITE length in bytes: what OpenSSH takes at most in one packet (256 KiB less 1 KiB of header). */
export const CHUNK = 255 * 1024;
/** READ or WRITE requests in flight: 4 MiB, enough for 40 MB/s at 100 ms. */
export const WINDOW = 16;

type Callback<T> = (error: Error | null | undefined, value: T) => void;

/** Sessions that ended: ssh2 never answers a request made of one. */
const over = new WeakSet<SFTPWrapper>();

/** Makes a new session fit for `asked`. */
export function watchSession(sftp: SFTPWrapper): void {
  // One listener a request in flight.
  sftp.setMaxListeners(0);
  sftp.once('close', () => over.add(sftp));
  // A packet that is no SFTP: ssh2 ends the session and fails what is in flight; the connection itself stays.
  sftp.on('error', () => over.add(sftp));
}

/** A call with a callback as a promise; rejects with `host.connection-lost` when the session ends before the answer. */
export function asked<T>(sftp: SFTPWrapper, call: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(connectionLost('the host'));
    if (over.has(sftp)) return gone();
    sftp.once('close', gone);
    const settle: Callback<T> = (error, value) => {
      sftp.off('close', gone);
      if (error) reject(error);
      else resolve(value);
    };
    try {
      call(settle);
    } catch (error) {
      settle(error instanceof Error ? error : new Error(String(error)), undefined as T);
    }
  });
}

export const statOf = (sftp: SFTPWrapper, path: string) =>
  asked<Stats>(sftp, (done) => sftp.stat(path, done));

export const openFile = (sftp: SFTPWrapper, path: string, flags: 'r' | 'w' | 'wx' | 'a' | 'r+' | number) =>
  asked<Buffer>(sftp, (done) => sftp.open(path, flags, 0o600, done));

export const closeFile = (sftp: SFTPWrapper, handle: Buffer) =>
  asked<void>(sftp, (done) => sftp.close(handle, done as (error?: Error | null) => void));

/** Up to `length` bytes at `position`; fewer when the server says so, none at the end. */
export async function readAt(
  sftp: SFTPWrapper,
  handle: Buffer,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const bytes = await asked<number>(sftp, (done) =>
    sftp.read(handle, buffer, 0, length, position, (error, count) => done(error, count)),
  );
  return buffer.subarray(0, bytes);
}

export const writeAt = (sftp: SFTPWrapper, handle: Buffer, data: Buffer, position: number) =>
  asked<void>(sftp, (done) =>
    sftp.write(handle, data, 0, data.length, position, done as (error?: Error | null) => void),
  );

/** Replaces what is at `to`. A server without OpenSSH's extension renames without replacing, so it is removed first. */
export async function replace(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  try {
    await asked<void>(sftp, (done) =>
      sftp.ext_openssh_rename(from, to, done as (error?: Error | null) => void),
    );
  } catch (error) {
    if (!/does not support/i.test(String(error))) throw error;
    await asked<void>(sftp, (done) => sftp.unlink(to, done as (error?: Error | null) => void)).catch(
      () => {},
    );
    await asked<void>(sftp, (done) => sftp.rename(from, to, done as (error?: Error | null) => void));
  }
}

/** READDIR requests in flight: a server gives some 100 names an answer, so one at a time would cost a round trip each. */
const LIST_WINDOW = 16;

/** All entries of a folder but `.` and `..`. */
export async function readFolder(sftp: SFTPWrapper, path: string): Promise<FileEntryWithStats[]> {
  const handle = await asked<Buffer>(sftp, (done) => sftp.opendir(path, done));
  try {
    const entries: FileEntryWithStats[] = [];
    for (let more = true; more; ) {
      const parts = await Promise.all(Array.from({ length: LIST_WINDOW }, () => part(sftp, handle)));
      for (const found of parts) entries.push(...(found ?? []));
      more = !parts.includes(null);
    }
    return entries;
  } finally {
    await closeFile(sftp, handle).catch(() => {});
  }
}

async function part(sftp: SFTPWrapper, handle: Buffer): Promise<FileEntryWithStats[] | null> {
  try {
    return await asked<FileEntryWithStats[]>(sftp, (done) => sftp.readdir(handle, done));
  } catch (error) {
    if (codeOf(error) === STATUS.EOF) return null;
    throw error;
  }
}

export const codeOf = (error: unknown) => (error as { code?: number | string } | undefined)?.code;

/** The reason behind an SFTP status; most of what can go wrong is only "failure" in SFTP version 3. */
export function reasonOf(error: unknown): FileReason {
  const code = codeOf(error);
  if (code === STATUS.NO_SUCH_FILE) return 'missing';
  if (code === STATUS.PERMISSION_DENIED) return 'permission';
  return 'other';
}

/** An SFTP error as this folder throws it; errors with sentences of their own pass. */
export function sftpFault(error: unknown, path: string): Error {
  const code = codeOf(error);
  if (typeof code === 'string' && code.startsWith('host.')) return error as Error;
  if (
    code === STATUS.CONNECTION_LOST ||
    code === STATUS.NO_CONNECTION ||
    /no response|not connected/i.test(String(error))
  )
    return connectionLost('the host', error);
  return fileFault(reasonOf(error), path, error);
}
