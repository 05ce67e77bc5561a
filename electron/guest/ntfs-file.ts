// The content of one file of an NTFS volume by offset: in its record or in runs of clusters, in one piece or many, with holes.
// Pure; bytes come through a reader function.
import { type Attribute, Damaged, runs } from './ntfs-record.ts';
import type { Read } from './partitions.ts';

/** A file's bytes; `read` gives fewer only where the file ends, and throws Damaged where the volume contradicts itself. */
export interface FileBytes {
  readonly size: number;
  readonly read: Read;
}

/** Over the unnamed data attributes of a file, in order. Throws Damaged for content that only Windows could unpack. */
export function fileBytes(data: readonly Attribute[], volume: Read, cluster: number): FileBytes {
  const [first] = data;
  if (!first) throw new Damaged('a file without content');
  if (first.stored !== 'plain') throw new Damaged(`its content is ${first.stored}`);
  const { value, size } = first;
  if (value)
    return {
      size,
      read: async (offset, length) => value.subarray(offset, Math.max(offset, offset + length)),
    };
  const extents = data.flatMap((part) => runs(part));
  const initialized = Math.min(first.initialized, size);

  const read: Read = async (offset, length) => {
    const until = Math.min(offset + length, size);
    if (!(offset >= 0 && until > offset)) return Buffer.alloc(0);
    const found = Buffer.alloc(until - offset);
    for (let at = offset; at < Math.min(until, initialized); ) {
      const vcn = Math.floor(at / cluster);
      const extent = extents.find((each) => vcn >= each.vcn && vcn < each.vcn + each.clusters);
      if (!extent) throw new Damaged('a file with a piece missing');
      const end = Math.min(until, initialized, (extent.vcn + extent.clusters) * cluster);
      if (extent.start !== null) {
        const bytes = await volume((extent.start - extent.vcn) * cluster + at, end - at);
        if (bytes.length < end - at) throw new Damaged('a file that reaches beyond its volume');
        bytes.copy(found, at - offset);
      }
      at = end;
    }
    return found;
  };
  return { size, read };
}
