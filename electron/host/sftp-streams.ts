// Reading and writing a file over SFTP with many requests in flight.
import { Readable, Writable } from 'node:stream';
import type { SFTPWrapper } from 'ssh2';
import { CHUNK, closeFile, readAt, sftpFault, WINDOW, writeAt } from './sftp.ts';

/** The bytes from `start` to the end or `end` (exclusive), in order, read ahead. */
export async function* readAhead(
  sftp: SFTPWrapper,
  handle: Buffer,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  const flying: { readonly position: number; readonly length: number; readonly data: Promise<Buffer> }[] = [];
  let asked = start;
  try {
    for (;;) {
      while (flying.length < WINDOW && asked < end) {
        const length = Math.min(CHUNK, end - asked);
        const data = readAt(sftp, handle, asked, length);
        data.catch(() => {});
        flying.push({ position: asked, length, data });
        asked += length;
      }
      const next = flying.shift();
      if (next === undefined) return;
      let got = 0;
      for (let data = await next.data; data.length > 0; ) {
        yield data;
        got += data.length;
        if (got >= next.length) break;
        // An older server answers with less than was asked for.
        data = await readAt(sftp, handle, next.position + got, next.length - got);
      }
      if (got < next.length) return;
    }
  } finally {
    await Promise.allSettled(flying.map((request) => request.data));
  }
}

/** A stream of a file's bytes; closes the handle at its end. */
export function readingStream(sftp: SFTPWrapper, handle: Buffer, path: string, size: number): Readable {
  async function* bytes() {
    try {
      yield* readAhead(sftp, handle, 0, size);
    } catch (error) {
      throw sftpFault(error, path);
    } finally {
      await closeFile(sftp, handle).catch(() => {});
    }
  }
  return Readable.from(bytes(), { objectMode: false, highWaterMark: CHUNK });
}

/** A stream that writes at `offset` and on; it finishes when the host has confirmed every byte. */
export function writingStream(sftp: SFTPWrapper, handle: Buffer, path: string, offset: number): Writable {
  const flying = new Set<Promise<void>>();
  let position = offset;
  let failed: unknown;
  const send = async (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += CHUNK) {
      while (flying.size >= WINDOW) await Promise.race(flying);
      if (failed !== undefined) throw failed;
      const piece = chunk.subarray(at, at + CHUNK);
      const written: Promise<void> = writeAt(sftp, handle, piece, position)
        .catch((error: unknown) => {
          failed ??= error;
        })
        .finally(() => flying.delete(written));
      flying.add(written);
      position += piece.length;
    }
  };
  const settle = async () => {
    await Promise.all(flying);
    if (failed !== undefined) throw failed;
  };
  const told = (work: Promise<void>, done: (error?: Error | null) => void) => {
    work.then(
      () => done(),
      (error: unknown) => done(sftpFault(error, path)),
    );
  };
  return new Writable({
    highWaterMark: CHUNK * WINDOW,
    decodeStrings: true,
    write: (chunk: Buffer, _encoding, done) => told(send(chunk), done),
    final: (done) => told(settle(), done),
    destroy: (error, done) => {
      Promise.all(flying)
        .then(() => closeFile(sftp, handle))
        .then(
          () => done(error),
          () => done(error),
        );
    },
  });
}
