// Partition tables: MBR with extended partitions, and GPT. Pure; bytes come through a reader function.

/** Reads `length` bytes of a disk or volume at a byte offset; fewer only where it ends. */
export type Read = (offset: number, length: number) => Promise<Buffer>;

/** One partition; `number` counts as Linux does, offset and size in bytes. */
export interface Partition {
  readonly number: number;
  readonly offset: number;
  readonly size: number;
  /** What the table calls it: `mbr 07`, `gpt <type GUID>`. */
  readonly type: string;
}

/** Partition tables of virtual disks have 512-byte sectors. */
const SECTOR = 512;
const EXTENDED = new Set([0x05, 0x0f, 0x85]);
/** More logical partitions than Windows has drive letters mean a loop. */
const MOST_LOGICAL = 64;
/** UEFI asks for 128 entries of 128 bytes; more is possible, hostile numbers are not followed. */
const MOST_GPT_BYTES = 2 ** 20;

/** All partitions of a disk, none where there is no table. */
export async function partitions(read: Read): Promise<Partition[]> {
  const first = await read(0, SECTOR);
  if (first.length < SECTOR || first.readUInt16LE(510) !== 0xaa55) return [];
  const primary = mbrEntries(first);
  if (primary.some(({ type }) => type === 0xee)) return gpt(read);
  const found: Partition[] = primary
    .map((entry, index) => ({ ...entry, number: index + 1 }))
    .filter(({ type, size }) => type !== 0 && size > 0 && !EXTENDED.has(type))
    .map(({ number, type, offset, size }) => ({ number, offset, size, type: mbrType(type) }));
  for (const { type, offset } of primary)
    if (EXTENDED.has(type)) found.push(...(await logical(read, offset)));
  return found;
}

/** The chain of an extended partition: each link names one partition and the next link. */
async function logical(read: Read, extended: number): Promise<Partition[]> {
  const found: Partition[] = [];
  let link = extended;
  while (found.length < MOST_LOGICAL) {
    const table = await read(link, SECTOR);
    if (table.length < SECTOR || table.readUInt16LE(510) !== 0xaa55) break;
    const [partition, next] = mbrEntries(table);
    if (partition && partition.type !== 0 && partition.size > 0)
      found.push({
        number: 5 + found.length,
        offset: link + partition.offset,
        size: partition.size,
        type: mbrType(partition.type),
      });
    if (!next || !EXTENDED.has(next.type) || extended + next.offset <= link) break;
    link = extended + next.offset;
  }
  return found;
}

function mbrEntries(sector: Buffer): { type: number; offset: number; size: number }[] {
  return [446, 462, 478, 494].map((at) => ({
    type: sector.readUInt8(at + 4),
    offset: sector.readUInt32LE(at + 8) * SECTOR,
    size: sector.readUInt32LE(at + 12) * SECTOR,
  }));
}

async function gpt(read: Read): Promise<Partition[]> {
  const header = await read(SECTOR, SECTOR);
  if (header.length < SECTOR || header.toString('latin1', 0, 8) !== 'EFI PART') return [];
  const start = Number(header.readBigUInt64LE(72)) * SECTOR;
  const count = header.readUInt32LE(80);
  const size = header.readUInt32LE(84);
  if (size < 128 || count * size > MOST_GPT_BYTES) return [];
  const entries = await read(start, count * size);
  return Array.from({ length: Math.floor(entries.length / size) }, (_, index) => {
    const entry = entries.subarray(index * size, (index + 1) * size);
    const first = Number(entry.readBigUInt64LE(32));
    const last = Number(entry.readBigUInt64LE(40));
    return {
      number: index + 1,
      offset: first * SECTOR,
      size: (last - first + 1) * SECTOR,
      type: `gpt ${guid(entry)}`,
      used: entry.subarray(0, 16).some((byte) => byte !== 0) && last >= first,
    };
  })
    .filter(({ used }) => used)
    .map(({ number, offset, size: bytes, type }) => ({ number, offset, size: bytes, type }));
}

const mbrType = (type: number) => `mbr ${type.toString(16).padStart(2, '0')}`;

/** The first three fields of a GUID are little-endian. */
function guid(entry: Buffer): string {
  const hex = (from: number, to: number, swap: boolean) => {
    const part = Buffer.from(entry.subarray(from, to));
    return (swap ? part.reverse() : part).toString('hex').toUpperCase();
  };
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10, false), hex(10, 16, false)].join('-');
}
