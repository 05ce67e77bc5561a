// UDF 1.02 to 2.60, read only: the file system that holds the real files of a Windows CD. Source: ECMA-167 and OSTA UDF;
// the numbers are byte offsets of their structures.
import { damaged, exactly, type Source } from './source.ts';
import { type Extent, NAMES_AT_MOST, pieces, type Tree, type TreeEntry } from './tree.ts';

const SECTOR = 2048;
/** Descriptor tags. */
const TAG = {
  anchor: 2,
  partition: 5,
  volume: 6,
  end: 8,
  fileSet: 256,
  name: 257,
  more: 258,
  entry: 261,
  extended: 266,
};
/** Sectors of a volume descriptor sequence, allocation extents of one file, and bytes of one folder at most. */
const SEQUENCE_AT_MOST = 64;
const EXTENTS_AT_MOST = 100_000;
const FOLDER_AT_MOST = 8 * 1024 * 1024;

/** Where a block of a partition lies in the source, in bytes. */
type Locate = (block: number) => number;

interface Volume {
  readonly source: Source;
  readonly partitions: readonly Locate[];
}

interface Address {
  readonly block: number;
  readonly partition: number;
}

/** Opens the file system; null when the source holds no UDF. Throws `media.damaged`. */
export async function openUdf(source: Source): Promise<Tree | null> {
  const anchor = await anchorOf(source);
  if (!anchor) return null;
  const starts = new Map<number, number>();
  let logical: Buffer | null = null;
  const first = anchor.readUInt32LE(20);
  const count = Math.min(Math.ceil(anchor.readUInt32LE(16) / SECTOR), SEQUENCE_AT_MOST);
  for (let n = 0; n < count; n += 1) {
    const sector = await exactly(source, (first + n) * SECTOR, SECTOR);
    const tag = sector.readUInt16LE(0);
    if (tag === TAG.end || tag === 0) break;
    if (tag === TAG.partition) starts.set(sector.readUInt16LE(22), sector.readUInt32LE(188));
    if (tag === TAG.volume) logical = sector;
  }
  if (!logical) throw damaged('UDF without a logical volume');
  if (logical.readUInt32LE(212) !== SECTOR) throw damaged(`UDF blocks of ${logical.readUInt32LE(212)} bytes`);
  const volume = { source, partitions: await partitionsOf(source, logical, starts) };
  const set = await block(volume, { block: logical.readUInt32LE(252), partition: logical.readUInt16LE(256) });
  if (set.readUInt16LE(0) !== TAG.fileSet) throw damaged('UDF without a file set');
  const root = longAddress(set, 400);
  return {
    kind: 'udf',
    label: dString(logical.subarray(84, 212)),
    root: () => folder(volume, root),
  };
}

async function anchorOf(source: Source): Promise<Buffer | null> {
  const last = Math.floor(source.size / SECTOR) - 1;
  // The standard's three places; a genuine CD has the first.
  for (const sector of [256, last - 256, last]) {
    if (sector < 0) continue;
    const bytes = await source.read(sector * SECTOR, SECTOR);
    if (bytes.length === SECTOR && bytes.readUInt16LE(0) === TAG.anchor && bytes.readUInt32LE(12) === sector)
      return bytes;
  }
  return null;
}

async function partitionsOf(
  source: Source,
  logical: Buffer,
  starts: ReadonlyMap<number, number>,
): Promise<Locate[]> {
  const found: Locate[] = [];
  const end = Math.min(440 + logical.readUInt32LE(264), logical.length);
  for (let at = 440; at + 6 <= end; at += logical[at + 1] || end) {
    const plain = logical[at] === 1;
    if (!plain && at + 64 > logical.length) throw damaged('a UDF partition map is cut off');
    const start = starts.get(logical.readUInt16LE(at + (plain ? 4 : 38)));
    if (start === undefined) throw damaged('UDF names a partition that is not there');
    const physical: Locate = (number) => (start + number) * SECTOR;
    const kind = plain ? '' : logical.toString('latin1', at + 5, at + 28);
    if (kind.startsWith('*UDF Virtual')) throw damaged('UDF written in several sessions');
    found.push(
      kind.startsWith('*UDF Metadata')
        ? await metadata(source, physical, logical.readUInt32LE(at + 40))
        : physical,
    );
  }
  return found;
}

/** UDF 2.50 keeps its folders in a file of their own: blocks of that partition are blocks of the file. */
async function metadata(source: Source, physical: Locate, location: number): Promise<Locate> {
  const { extents } = await fileOf({ source, partitions: [physical] }, { block: location, partition: 0 });
  return (number) => {
    let from = number * SECTOR;
    for (const extent of extents) {
      if (from < extent.length && extent.at !== null) return extent.at + from;
      from -= extent.length;
    }
    throw damaged('a UDF block lies outside of the metadata file');
  };
}

interface Contents {
  readonly size: number;
  readonly extents: readonly Extent[];
  /** Bytes kept inside the file's own entry. */
  readonly embedded: Buffer | null;
}

async function fileOf(volume: Volume, address: Address): Promise<Contents> {
  const entry = await block(volume, address);
  const tag = entry.readUInt16LE(0);
  if (tag !== TAG.entry && tag !== TAG.extended) throw damaged('a UDF name leads to no file');
  const base = tag === TAG.entry ? 168 : 208;
  const size = Number(entry.readBigUInt64LE(56));
  if (!Number.isSafeInteger(size)) throw damaged('a UDF file larger than any disk');
  const from = base + 8 + entry.readUInt32LE(base);
  const length = entry.readUInt32LE(base + 4);
  if (from + length > entry.length) throw damaged('a UDF file entry is cut off');
  const kind = entry.readUInt16LE(34) & 7;
  const table = entry.subarray(from, from + length);
  if (kind === 3) return { size: Math.min(size, length), extents: [], embedded: table };
  if (kind > 1) throw damaged('a UDF file of an unknown kind');
  return { size, extents: await extentsOf(volume, table, kind === 1, address.partition), embedded: null };
}

async function extentsOf(volume: Volume, table: Buffer, long: boolean, partition: number): Promise<Extent[]> {
  const extents: Extent[] = [];
  const width = long ? 16 : 8;
  let rest = table;
  for (let at = 0; at + width <= rest.length && extents.length < EXTENTS_AT_MOST; at += width) {
    const word = rest.readUInt32LE(at);
    const length = word % 0x40000000;
    const type = Math.floor(word / 0x40000000);
    if (length === 0) break;
    const address = {
      block: rest.readUInt32LE(at + 4),
      partition: long ? rest.readUInt16LE(at + 8) : partition,
    };
    if (type !== 3) {
      extents.push({ at: type === 0 ? placeOf(volume, address) : null, length });
      continue;
    }
    // The table goes on in a block of its own.
    const more = await block(volume, address);
    if (more.readUInt16LE(0) !== TAG.more) throw damaged('a UDF allocation table breaks off');
    rest = more.subarray(24, 24 + more.readUInt32LE(20));
    // Counted as an extent, so that a table that leads back to itself ends.
    extents.push({ at: null, length: 0 });
    at = -width;
  }
  return extents;
}

async function folder(volume: Volume, address: Address): Promise<TreeEntry[]> {
  const bytes = await bytesOf(volume, address);
  const entries: TreeEntry[] = [];
  for (let at = 0; at + 38 <= bytes.length; ) {
    if (bytes.readUInt16LE(at) !== TAG.name) throw damaged('a UDF folder holds what is no name');
    const flags = bytes[at + 18] ?? 0;
    const name = at + 38 + bytes.readUInt16LE(at + 36);
    const length = bytes[at + 19] ?? 0;
    if (name + length > bytes.length) throw damaged('a UDF name is cut off');
    const target = longAddress(bytes, at + 20);
    // Bit 2: deleted; bit 3: the parent folder.
    if ((flags & 12) === 0)
      entries.push(entryOf(volume, cString(bytes.subarray(name, name + length)), flags, target));
    if (entries.length > NAMES_AT_MOST) throw damaged('a folder with more names than any genuine one');
    at += Math.ceil((name + length - at) / 4) * 4;
  }
  return entries;
}

function entryOf(volume: Volume, name: string, flags: number, target: Address): TreeEntry {
  const directory = (flags & 2) !== 0;
  return {
    name,
    directory,
    async open() {
      const { size, extents, embedded } = await fileOf(volume, target);
      if (!embedded) return pieces(volume.source, extents, size);
      return {
        size,
        extents: null,
        read: async (offset, length) => embedded.subarray(offset, Math.min(offset + length, size)),
      };
    },
    list: async () => (directory ? folder(volume, target) : []),
  };
}

async function bytesOf(volume: Volume, address: Address): Promise<Buffer> {
  const { size, extents, embedded } = await fileOf(volume, address);
  if (size > FOLDER_AT_MOST) throw damaged(`a UDF folder of ${size} bytes`);
  return embedded ? embedded.subarray(0, size) : exactly(pieces(volume.source, extents, size), 0, size);
}

const block = (volume: Volume, address: Address) => exactly(volume.source, placeOf(volume, address), SECTOR);

function placeOf({ partitions }: Volume, { block: number, partition }: Address): number {
  const locate = partitions[partition];
  if (!locate) throw damaged('UDF names a partition that is not there');
  return locate(number);
}

/** Location of a `long_ad`: 4 bytes length, 4 block, 2 partition. */
const longAddress = (bytes: Buffer, at: number): Address => ({
  block: bytes.readUInt32LE(at + 4),
  partition: bytes.readUInt16LE(at + 8),
});

/** A compressed Unicode text: 8 or 16 bits a character, said by its first byte. */
function cString(bytes: Buffer): string {
  if (bytes[0] !== 16) return bytes.toString('latin1', 1);
  const wide = Buffer.from(bytes.subarray(1, bytes.length - ((bytes.length - 1) % 2)));
  return wide.swap16().toString('utf16le');
}

/** A text in a field of fixed length, whose last byte is the length used. */
function dString(field: Buffer): string {
  const used = Math.min(field[field.length - 1] ?? 0, field.length - 1);
  return used === 0 ? '' : cString(field.subarray(0, used));
}
