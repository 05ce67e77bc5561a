// The streams of an OLE compound file, read sector by sector as they are asked for. Source: [MS-CFB].
// Ours because the libraries want the whole file in memory, and a file of 3 KB made one of them take all there was.
import { damaged, exactly, type Source } from './source.ts';

const HEADER = 512;
const ENTRY = 128;
const MINI = 64;
/** Streams smaller than this lie in the mini stream. */
const CUTOFF = 4096;
/** Sector numbers from here on have a meaning of their own (end of chain, free). */
const LAST = 0xfffffffa;
/** Entries of a directory and bytes of a stream at most; Cloudbase-Init's largest table has about 1 MiB. */
const ENTRIES_AT_MOST = 8192;
const STREAM_AT_MOST = 8 * 1024 * 1024;

/** One stream; its bytes are read when asked for. */
export interface OleStream {
  readonly name: string;
  bytes(): Promise<Buffer>;
}

interface Layout {
  readonly source: Source;
  readonly sector: number;
  /** Sector numbers of the allocation table, by position. */
  readonly table: readonly number[];
}

/** The streams of a compound file. Throws `media.damaged`. */
export async function openOle(source: Source): Promise<readonly OleStream[]> {
  const header = await exactly(source, 0, HEADER);
  const shift = header.readUInt16LE(0x1e);
  if (shift !== 9 && shift !== 12) throw damaged('the package has sectors of an unknown size');
  const sector = 2 ** shift;
  const layout = { source, sector, table: await allocation(source, header, sector) };
  const entries = ENTRIES_AT_MOST * ENTRY;
  const directory = await contents(layout, await chain(layout, header.readUInt32LE(0x30), entries, false));
  const root = directory.subarray(0, ENTRY);
  const mini = await miniOf(layout, header, root);
  const streams: OleStream[] = [];
  for (let at = 0; at + ENTRY <= directory.length; at += ENTRY) {
    const entry = directory.subarray(at, at + ENTRY);
    // 2: a stream; 1 and 5 are storages, 0 is free.
    if (entry[66] === 2) streams.push({ name: nameOf(entry), bytes: () => streamOf(layout, mini, entry) });
  }
  return streams;
}

function nameOf(entry: Buffer): string {
  return entry.toString('utf16le', 0, Math.max(0, Math.min(64, entry.readUInt16LE(64)) - 2));
}

async function allocation(source: Source, header: Buffer, sector: number): Promise<number[]> {
  const count = header.readUInt32LE(0x2c);
  const wanted = Math.ceil(source.size / sector / (sector / 4));
  if (count > wanted) throw damaged('the package names more sectors than it has');
  const table: number[] = [];
  for (let at = 0x4c; at < HEADER && table.length < count; at += 4) table.push(header.readUInt32LE(at));
  // Further numbers lie in a chain of sectors; each one adds some, so that a circle ends with the count.
  let next = header.readUInt32LE(0x44);
  while (table.length < count) {
    if (next >= LAST) throw damaged('the table of sectors breaks off');
    const more = await exactly(source, (next + 1) * sector, sector);
    for (let at = 0; at < sector - 4 && table.length < count; at += 4) table.push(more.readUInt32LE(at));
    next = more.readUInt32LE(sector - 4);
  }
  return table;
}

/** The sectors from `first` on, for `size` bytes; `exact` says that they must reach so far. */
async function chain(layout: Layout, first: number, size: number, exact: boolean): Promise<number[]> {
  const wanted = Math.ceil(size / layout.sector);
  const sectors: number[] = [];
  const seen = new Set<number>();
  for (let next = first; next < LAST && sectors.length < wanted; next = await following(layout, next)) {
    if (seen.has(next)) throw damaged('a chain of sectors leads back to itself');
    seen.add(next);
    sectors.push(next);
  }
  if (exact && sectors.length < wanted) throw damaged('a chain of sectors breaks off');
  return sectors;
}

async function following({ source, sector, table }: Layout, number: number): Promise<number> {
  const place = table[Math.floor(number / (sector / 4))];
  if (place === undefined) throw damaged('a sector lies outside of the table of sectors');
  const bytes = await exactly(source, (place + 1) * sector + (number % (sector / 4)) * 4, 4);
  return bytes.readUInt32LE(0);
}

async function contents({ source, sector }: Layout, sectors: readonly number[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const number of sectors) parts.push(await exactly(source, (number + 1) * sector, sector));
  return Buffer.concat(parts);
}

interface MiniStream {
  readonly sectors: readonly number[];
  readonly table: Buffer;
}

async function miniOf(layout: Layout, header: Buffer, root: Buffer): Promise<MiniStream> {
  if (root.length < ENTRY) throw damaged('the package has no directory');
  const size = root.readUInt32LE(0x78);
  if (size > STREAM_AT_MOST)
    throw damaged('the small streams of the package are larger than any genuine ones');
  const tableSize = Math.ceil(size / MINI) * 4;
  return {
    sectors: await chain(layout, root.readUInt32LE(0x74), size, true),
    table: await contents(layout, await chain(layout, header.readUInt32LE(0x3c), tableSize, true)),
  };
}

async function streamOf(layout: Layout, mini: MiniStream, entry: Buffer): Promise<Buffer> {
  const first = entry.readUInt32LE(0x74);
  const size = entry.readUInt32LE(0x78);
  if (size > STREAM_AT_MOST) throw damaged('a table of the package is larger than any genuine one');
  const whole =
    size < CUTOFF
      ? await small(layout, mini, first, size)
      : await contents(layout, await chain(layout, first, size, true));
  return whole.subarray(0, size);
}

/** At most 64 pieces, as the stream is below 4096 bytes: a circle ends there. */
async function small(layout: Layout, mini: MiniStream, first: number, size: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let next = first;
  for (let have = 0; have < size; have += MINI) {
    const at = next * MINI;
    const sector = mini.sectors[Math.floor(at / layout.sector)];
    if (sector === undefined || next * 4 + 4 > mini.table.length) throw damaged('a small stream breaks off');
    parts.push(await exactly(layout.source, (sector + 1) * layout.sector + (at % layout.sector), MINI));
    next = mini.table.readUInt32LE(next * 4);
  }
  return Buffer.concat(parts);
}
