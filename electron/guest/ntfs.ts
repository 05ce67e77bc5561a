// Reading an NTFS volume just far enough to find folders and to tell whether it may be written. Never writes.
// Source: the layout as documented by the Linux-NTFS project. Everything read is hostile: sizes are bounded, and
// what contradicts itself is a Damaged.
import { type FileBytes, fileBytes } from './ntfs-file.ts';
import { type Attribute, attributes, Damaged, type Extent, runs, unprotect } from './ntfs-record.ts';
import type { Read } from './partitions.ts';

export interface NtfsEntry {
  readonly name: string;
  readonly record: number;
  readonly directory: boolean;
  readonly bytes: number;
}

/** Largest directory index or attribute list that is read, in bytes; System32 of Windows has about 2 MiB. */
const MOST_INDEX = 64 * 2 ** 20;
const ROOT = 5;
const VOLUME = 3;
const TYPE = {
  list: 0x20,
  volumeInformation: 0x70,
  data: 0x80,
  indexRoot: 0x90,
  indexAllocation: 0xa0,
  bitmap: 0xb0,
} as const;

/** What the boot sector of a partition says. */
export function bootSectorKind(boot: Buffer): 'ntfs' | 'bitlocker' | 'other' {
  const oem = boot.toString('latin1', 3, 11);
  return oem === 'NTFS    ' ? 'ntfs' : oem === '-FVE-FS-' ? 'bitlocker' : 'other';
}

export class Ntfs {
  readonly #read: Read;
  readonly #cluster: number;
  readonly #recordSize: number;
  #table: readonly Extent[];

  /** Opens a volume. Throws Damaged when it is no sound NTFS. */
  static async open(read: Read): Promise<Ntfs> {
    const boot = await read(0, 512);
    if (boot.length < 512 || bootSectorKind(boot) !== 'ntfs') throw new Damaged('no NTFS boot sector');
    const sectors = boot.readUInt8(13);
    // Above 0x80 the number is a negative power of two.
    const cluster = boot.readUInt16LE(11) * (sectors > 0x80 ? 2 ** (256 - sectors) : sectors);
    const size = boot.readInt8(64);
    const recordSize = size < 0 ? 2 ** -size : size * cluster;
    if (!(cluster >= 512 && cluster <= 2 ** 21 && recordSize >= 512 && recordSize <= 65536))
      throw new Damaged('impossible cluster or record size');
    const start = Number(boot.readBigUInt64LE(48));
    const volume = new Ntfs(read, cluster, recordSize, [
      { start, clusters: Math.ceil((16 * recordSize) / cluster), vcn: 0 },
    ]);
    const table = (all: readonly Attribute[]) =>
      all.filter(({ type, name }) => type === TYPE.data && name === '').flatMap((each) => runs(each));
    // A table in many pieces tells in its first record only where the records with the rest of its pieces are.
    volume.#table = table(attributes(await volume.#record(0)));
    volume.#table = table(await volume.#attributes(0));
    return volume;
  }

  private constructor(read: Read, cluster: number, recordSize: number, table: readonly Extent[]) {
    this.#read = read;
    this.#cluster = cluster;
    this.#recordSize = recordSize;
    this.#table = table;
  }

  /** Whether Windows marked the volume for checking. */
  async dirty(): Promise<boolean> {
    const found = (await this.#attributes(VOLUME)).find(({ type }) => type === TYPE.volumeInformation);
    if (!found?.value || found.value.length < 12) throw new Damaged('no volume information');
    return (found.value.readUInt16LE(10) & 1) === 1;
  }

  /** An entry by path, names compared as Windows does; null when one part is missing. */
  async find(parts: readonly string[]): Promise<(NtfsEntry & { readonly path: string }) | null> {
    let entry: NtfsEntry & { readonly path: string } = {
      name: '',
      record: ROOT,
      directory: true,
      bytes: 0,
      path: '',
    };
    for (const part of parts) {
      if (!entry.directory) return null;
      const wanted = folded(part);
      const next = (await this.list(entry.record)).find(({ name }) => folded(name) === wanted);
      if (!next) return null;
      entry = { ...next, path: `${entry.path}/${next.name}` };
    }
    return entry;
  }

  /** The entries of a directory, without the short DOS names. */
  async list(record: number): Promise<NtfsEntry[]> {
    const all = (await this.#attributes(record)).filter(({ name }) => name === '$I30');
    const root = all.find(({ type }) => type === TYPE.indexRoot)?.value;
    if (!root || root.length < 32) throw new Damaged('a folder has no index');
    const entries = indexEntries(root, 16);
    const blockSize = root.readUInt32LE(8);
    const allocation = all.filter(({ type }) => type === TYPE.indexAllocation);
    if (allocation.length === 0) return entries;
    if (blockSize < 512 || blockSize > 65536) throw new Damaged('impossible index size');
    const used = await this.#content(all.filter(({ type }) => type === TYPE.bitmap));
    const blocks = await this.#content(allocation);
    for (let at = 0; at + blockSize <= blocks.length; at += blockSize) {
      const index = at / blockSize;
      // Blocks that are no longer used keep their old entries.
      if (((used[index >> 3] ?? 0) & (1 << (index & 7))) === 0) continue;
      entries.push(...indexEntries(unprotect(blocks.subarray(at, at + blockSize), 'INDX'), 24));
    }
    return entries;
  }

  /** The first bytes of a file, at most one cluster. */
  async head(record: number): Promise<Buffer> {
    const data = (await this.#attributes(record)).find(({ type, name }) => type === TYPE.data && name === '');
    if (data?.value) return data.value;
    const first = data ? runs(data)[0] : undefined;
    if (!first || first.start === null) return Buffer.alloc(0);
    return this.#read(first.start * this.#cluster, this.#cluster);
  }

  /** The content of a file for reading anywhere in it. Throws Damaged, also for content that is compressed or encrypted. */
  async open(record: number): Promise<FileBytes> {
    const data = (await this.#attributes(record)).filter(
      ({ type, name }) => type === TYPE.data && name === '',
    );
    return fileBytes(data, this.#read, this.#cluster);
  }

  /** All attributes of a file, also those that found no room in its first record. */
  async #attributes(record: number): Promise<Attribute[]> {
    const own = attributes(await this.#record(record));
    const list = own.filter(({ type }) => type === TYPE.list);
    if (list.length === 0) return own;
    const entries = await this.#content(list);
    const others = new Set<number>();
    for (let at = 0; at + 26 <= entries.length; ) {
      const length = entries.readUInt16LE(at + 4);
      if (length < 26) break;
      others.add(entries.readUIntLE(at + 16, 6));
      at += length;
    }
    others.delete(record);
    if (others.size > 4096) throw new Damaged('a file of too many records');
    const more: Attribute[] = [];
    for (const other of others) more.push(...attributes(await this.#record(other)));
    return [...own, ...more].toSorted((a, b) => a.firstVcn - b.firstVcn);
  }

  async #record(number: number): Promise<Buffer> {
    const at = number * this.#recordSize;
    const vcn = Math.floor(at / this.#cluster);
    const extent = this.#table.find((each) => vcn >= each.vcn && vcn < each.vcn + each.clusters);
    if (!extent || extent.start === null) throw new Damaged(`record ${number} lies outside the file table`);
    const offset = (extent.start - extent.vcn) * this.#cluster + at;
    return unprotect(await this.#read(offset, this.#recordSize), 'FILE');
  }

  async #content(parts: readonly Attribute[]): Promise<Buffer> {
    const first = parts[0];
    if (!first) return Buffer.alloc(0);
    if (first.value) return first.value;
    const extents = parts.flatMap((part) => runs(part));
    const bytes = extents.reduce((sum, { clusters }) => sum + clusters, 0) * this.#cluster;
    if (bytes > MOST_INDEX) throw new Damaged('an index of impossible size');
    const pieces: Buffer[] = [];
    for (const { start, clusters } of extents)
      pieces.push(
        start === null
          ? Buffer.alloc(clusters * this.#cluster)
          : await this.#read(start * this.#cluster, clusters * this.#cluster),
      );
    return Buffer.concat(pieces).subarray(0, first.size);
  }
}

/** Names of NTFS compared without case, nearly as its upcase table does. */
function folded(name: string): string {
  return name.toUpperCase();
}

/** The entries behind an index header at `header`. */
function indexEntries(node: Buffer, header: number): NtfsEntry[] {
  const found: NtfsEntry[] = [];
  try {
    const end = Math.min(node.length, header + node.readUInt32LE(header + 4));
    for (let at = header + node.readUInt32LE(header); at + 16 <= end; ) {
      const length = node.readUInt16LE(at + 8);
      if (length < 16 || (node.readUInt16LE(at + 12) & 2) !== 0) break;
      const characters = node.readUInt8(at + 16 + 64);
      // Namespace 2 holds the 8.3 names.
      if (node.readUInt8(at + 16 + 65) !== 2)
        found.push({
          name: node.toString('utf16le', at + 16 + 66, at + 16 + 66 + characters * 2),
          record: node.readUIntLE(at, 6),
          directory: (node.readUInt32LE(at + 16 + 56) & 0x10000000) !== 0,
          bytes: Number(node.readBigUInt64LE(at + 16 + 48)),
        });
      at += length;
    }
  } catch (error) {
    throw new Damaged(`an index that ends early: ${String(error)}`);
  }
  return found;
}
