// ISO 9660 with its two extensions for real names: Joliet and Rock Ridge. Source: ECMA-119, Joliet specification, RRIP.
import { damaged, exactly, type Source } from './source.ts';
import { NAMES_AT_MOST, pieces, type Tree, type TreeEntry } from './tree.ts';

const SECTOR = 2048;
const FIRST_DESCRIPTOR = 16;
const DESCRIPTORS_AT_MOST = 32;
/** Bytes of one folder at most: 20,000 records of 255 bytes. */
const FOLDER_AT_MOST = 5 * 1024 * 1024;

/** Which machines a CD starts, from its El Torito catalogue. */
export interface Boot {
  readonly bios: boolean;
  readonly uefi: boolean;
}

/** What the volume descriptors say. */
export interface IsoVolume {
  readonly tree: Tree;
  readonly boot: Boot;
  /** Bytes that the CD says it has. */
  readonly size: number;
}

/** Reads the volume descriptors; null when there are none. Joliet's names win over ISO 9660's, Rock Ridge's over both. */
export async function openIso(source: Source): Promise<IsoVolume | null> {
  let primary: Buffer | null = null;
  let joliet: Buffer | null = null;
  let catalogue: number | null = null;
  for (let n = 0; n < DESCRIPTORS_AT_MOST; n += 1) {
    const sector = await source.read((FIRST_DESCRIPTOR + n) * SECTOR, SECTOR);
    if (sector.length < SECTOR || sector.toString('latin1', 1, 6) !== 'CD001') break;
    const type = sector[0];
    if (type === 255) break;
    if (type === 0 && sector.toString('latin1', 7, 30) === 'EL TORITO SPECIFICATION')
      catalogue = sector.readUInt32LE(71);
    if (type === 1) primary ??= sector;
    // Joliet's escape sequences: UCS-2 level 1, 2 or 3.
    if (type === 2 && /^%\/[@CE]/.test(sector.toString('latin1', 88, 91))) joliet ??= sector;
  }
  if (!primary) return null;
  const boot = await bootOf(source, catalogue);
  const rockRidge = joliet ? await usesRockRidge(source, primary) : false;
  const chosen = joliet && !rockRidge ? joliet : primary;
  const wide = chosen === joliet;
  return {
    boot,
    size: primary.readUInt32LE(80) * SECTOR,
    tree: {
      kind: wide ? 'joliet' : 'iso9660',
      // Joliet's field holds 16 characters only, and cuts longer names.
      label: text(primary.subarray(40, 72), false).trimEnd(),
      root: () => folder(source, chosen.subarray(156, 190), wide),
    },
  };
}

async function usesRockRidge(source: Source, primary: Buffer): Promise<boolean> {
  const first = await source.read(primary.readUInt32LE(158) * SECTOR, SECTOR);
  // The root's own record carries the marks of SUSP (SP) where Rock Ridge is in use.
  return first.subarray(34, first[0] ?? 34).includes('SP\x07');
}

async function bootOf(source: Source, catalogue: number | null): Promise<Boot> {
  if (catalogue === null) return { bios: false, uefi: false };
  const entries = await source.read(catalogue * SECTOR, SECTOR);
  const platforms = new Set<number>();
  let platform = entries[1] ?? -1;
  for (let at = 32; at + 32 <= entries.length; at += 32) {
    const head = entries[at];
    if (head === 0x90 || head === 0x91) platform = entries[at + 1] ?? -1;
    else if (head === 0x88) platforms.add(platform);
  }
  return { bios: platforms.has(0), uefi: platforms.has(0xef) };
}

async function folder(source: Source, record: Buffer, wide: boolean): Promise<TreeEntry[]> {
  const size = record.readUInt32LE(10);
  if (size > FOLDER_AT_MOST) throw damaged(`a folder of ${size} bytes`);
  const bytes = await exactly(source, record.readUInt32LE(2) * SECTOR, size);
  const entries: TreeEntry[] = [];
  let parts: Buffer[] = [];
  for (let at = 0; at + 34 <= bytes.length; ) {
    const length = bytes[at] ?? 0;
    // Records do not cross sectors: a zero says that the next one begins in the next sector.
    if (length === 0) {
      at = (Math.floor(at / SECTOR) + 1) * SECTOR;
      continue;
    }
    const one = bytes.subarray(at, at + length);
    at += length;
    if (one.length < 34 || 33 + (one[32] ?? 0) > one.length) throw damaged('a folder record is cut off');
    const self = one[32] === 1 && (one[33] === 0 || one[33] === 1);
    if (self) continue;
    parts.push(one);
    // Bit 7: the file goes on in the next record, as it must above 4 GiB.
    if (((one[25] ?? 0) & 0x80) !== 0) continue;
    entries.push(entry(source, parts, wide));
    parts = [];
    if (entries.length > NAMES_AT_MOST) throw damaged('a folder with more names than any genuine one');
  }
  return entries;
}

function entry(source: Source, records: readonly Buffer[], wide: boolean): TreeEntry {
  const record = records[0] as Buffer;
  const directory = ((record[25] ?? 0) & 2) !== 0;
  const extents = records.map((one) => ({ at: one.readUInt32LE(2) * SECTOR, length: one.readUInt32LE(10) }));
  const size = extents.reduce((sum, { length }) => sum + length, 0);
  return {
    name: nameOf(record, wide),
    directory,
    open: async () => pieces(source, extents, size),
    list: async () => (directory ? folder(source, record, wide) : []),
  };
}

function nameOf(record: Buffer, wide: boolean): string {
  const length = record[32] ?? 0;
  const plain = text(record.subarray(33, 33 + length), wide).replace(/;\d+$/, '');
  if (wide) return plain;
  // The system use area begins at an even offset behind the name; NM entries hold the name in pieces.
  let name = '';
  for (let at = 33 + length + ((length + 1) % 2); at + 5 <= record.length; ) {
    const size = record[at + 2] ?? 0;
    if (size < 4) break;
    if (record.toString('latin1', at, at + 2) === 'NM') name += record.toString('utf8', at + 5, at + size);
    at += size;
  }
  return name || plain.replace(/\.$/, '');
}

function text(bytes: Buffer, wide: boolean): string {
  if (!wide) return bytes.toString('latin1').replace(/\0+$/, '');
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return even.swap16().toString('utf16le').replace(/\0+$/, '');
}
