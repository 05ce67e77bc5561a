// Bytes by offset, wherever they lie: what every reader of an ISO, a WIM or an MSI works on.
import { CasementError } from '../../shared/errors.ts';

/** A thing of `size` bytes of which any part can be read. `read` gives fewer bytes only at the end. */
export interface Source {
  readonly size: number;
  read(offset: number, length: number): Promise<Buffer>;
}

/** A source that remembers what was read and counts what it cost. */
export interface CountedSource extends Source {
  readonly bytesRead: number;
  /** How often the source beneath was asked. */
  readonly reads: number;
}

/** Directories and headers lie close together: one block of 32 KiB brings several of them. */
const BLOCK = 32 * 1024;
/** Blocks remembered: 16 MiB. */
const KEPT = 512;

/** How many times the budget may be given out, most of it from memory: folders that hold themselves end there. */
const GIVEN_AT_MOST = 2;

/** A source with a memory, that refuses to read more than `budget` bytes in all: a hostile file ends there. */
export function counted(source: Source, budget: number): CountedSource {
  const blocks = new Map<number, Buffer>();
  let bytesRead = 0;
  let reads = 0;
  let given = 0;
  const fetch = async (first: number, last: number): Promise<void> => {
    const offset = first * BLOCK;
    const length = Math.min((last + 1) * BLOCK, source.size) - offset;
    if (bytesRead + length > budget) throw tooMuch();
    reads += 1;
    bytesRead += length;
    const bytes = await source.read(offset, length);
    for (let at = first; at <= last; at += 1)
      blocks.set(at, bytes.subarray((at - first) * BLOCK, (at - first + 1) * BLOCK));
    for (const old of blocks.keys()) {
      if (blocks.size <= KEPT) break;
      if (old < first || old > last) blocks.delete(old);
    }
  };
  return {
    size: source.size,
    get bytesRead() {
      return bytesRead;
    },
    get reads() {
      return reads;
    },
    async read(offset, length) {
      const end = Math.min(offset + length, source.size);
      if (!(offset >= 0 && end > offset)) return Buffer.alloc(0);
      given += end - offset;
      if (end - offset > budget || given > GIVEN_AT_MOST * budget) throw tooMuch();
      const first = Math.floor(offset / BLOCK);
      const last = Math.floor((end - 1) / BLOCK);
      let from = first;
      let to = last;
      while (from <= to && blocks.has(from)) from += 1;
      while (to >= from && blocks.has(to)) to -= 1;
      // Kept apart from the memory, which may be too small for a long read.
      const before = blocksOf(blocks, first, from - 1);
      const after = blocksOf(blocks, to + 1, last);
      if (from <= to) await fetch(from, to);
      const bytes = Buffer.concat([...before, ...blocksOf(blocks, from, to), ...after]);
      return bytes.subarray(offset - first * BLOCK, end - first * BLOCK);
    },
  };
}

function blocksOf(blocks: ReadonlyMap<number, Buffer>, first: number, last: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = first; at <= last; at += 1) found.push(blocks.get(at) ?? Buffer.alloc(0));
  return found;
}

/** `length` bytes at `offset`; throws `media.damaged` when the source ends before. */
export async function exactly(source: Source, offset: number, length: number): Promise<Buffer> {
  const bytes = await source.read(offset, length);
  if (bytes.length !== length) throw damaged(`${length} bytes at ${offset} lie behind the end`);
  return bytes;
}

/** The error for a file whose structures contradict each other. */
export function damaged(detail: string): CasementError {
  return new CasementError({
    code: 'media.damaged',
    title: 'The file is damaged',
    whatHappened: 'It begins as it should, but parts of it are missing or contradict each other.',
    whatToDo: 'Download or copy it again, and compare its SHA-256 with the one the publisher gives.',
    detail,
  });
}

function tooMuch(): CasementError {
  return damaged('its structures ask for more bytes than any genuine file of this kind');
}
