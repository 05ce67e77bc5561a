// A reader that remembers: each question to a disk image costs a program on the host, maybe over a slow line.
import type { Read } from './partitions.ts';

/** Bytes fetched at least. Folders and hives are read in small steps that lie close together. */
const BLOCK = 256 * 1024;
/** Blocks kept: 64 MiB. */
const KEPT = 256;

/** The same bytes as `read` gives, which must not change meanwhile. */
export function cached(read: Read): Read {
  // The order of a Map is that of its insertions: the first one was not used for longest.
  const blocks = new Map<number, Buffer>();
  const keep = (index: number, block: Buffer): void => {
    blocks.delete(index);
    blocks.set(index, block);
    const [oldest] = blocks.keys();
    if (blocks.size > KEPT && oldest !== undefined) blocks.delete(oldest);
  };

  return async (offset, length) => {
    if (!(offset >= 0 && length > 0)) return Buffer.alloc(0);
    if (length > (KEPT / 4) * BLOCK) return read(offset, length);
    const first = Math.floor(offset / BLOCK);
    const last = Math.floor((offset + length - 1) / BLOCK);
    const pieces: Buffer[] = [];
    for (let index = first; index <= last; index += 1) {
      let block = blocks.get(index);
      if (!block) {
        let missing = 1;
        while (index + missing <= last && !blocks.has(index + missing)) missing += 1;
        const bytes = await read(index * BLOCK, missing * BLOCK);
        for (let part = 0; part < missing; part += 1)
          keep(index + part, bytes.subarray(part * BLOCK, (part + 1) * BLOCK));
        block = blocks.get(index) ?? Buffer.alloc(0);
      } else keep(index, block);
      pieces.push(block);
    }
    const start = offset - first * BLOCK;
    return Buffer.concat(pieces).subarray(start, start + length);
  };
}
