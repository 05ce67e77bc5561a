// Reading a registry hive just far enough to look values up, a few cells at a time: the SOFTWARE hive of Windows has 100 MB.
// Never writes; does not replay the hive's log. Source: the regf layout as documented by hivex and by msuhanov/regf.
// Everything read is hostile: sizes, depths and the number of cells are bounded, and what contradicts itself is a Damaged.
import { Damaged } from './ntfs-record.ts';
import type { Read } from './partitions.ts';

/** A value's data as numbers, texts or bytes. */
export type RegistryData = number | string | readonly string[] | Buffer;

/** Offsets of cells count from the first bin, which follows the base block. */
const BINS = 4096;
const NONE = 0xffffffff;
/** Windows keeps a value of more bytes than this in several cells. */
const BIG_DATA = 16344;
/** More than Windows allows a value in these hives (1 MiB), in bytes. */
const MOST_CELL = 2 * 2 ** 20;
/** Bytes of cells that are read in all; each counts as so many at least. All lookups of an inspection need about 3 MiB. */
const MOST_READ = 32 * 2 ** 20;
const LEAST_CELL = 64;
/** Subkeys may be listed by one list of lists, never deeper. */
const MOST_LISTS_DEEP = 2;

interface Key {
  readonly name: string;
  readonly subkeys: number;
  readonly valueCount: number;
  readonly values: number;
}

export class Hive {
  readonly #read: Read;
  readonly #root: number;
  /** Whether Windows had written everything into it; otherwise its newest changes lie in the log beside it. */
  readonly clean: boolean;
  #spent = 0;

  /** Opens a hive. Throws Damaged when it is none. */
  static async open(read: Read): Promise<Hive> {
    const base = await read(0, 512);
    if (base.length < 512 || base.toString('latin1', 0, 4) !== 'regf')
      throw new Damaged('it is no registry hive');
    return new Hive(read, base.readUInt32LE(36), base.readUInt32LE(4) === base.readUInt32LE(8));
  }

  private constructor(read: Read, root: number, clean: boolean) {
    this.#read = read;
    this.#root = root;
    this.clean = clean;
  }

  /** One value by the path of its key (`A\B`, case does not matter); null when there is none. Throws Damaged. */
  async value(path: string, name: string): Promise<RegistryData | null> {
    const key = await this.#find(path);
    if (!key) return null;
    for await (const found of this.#valuesOf(key))
      if (folded(found.name) === folded(name)) return found.data();
    return null;
  }

  /** All values of a key, null when there is no such key. Throws Damaged. */
  async values(path: string): Promise<{ readonly name: string; readonly data: RegistryData }[] | null> {
    const key = await this.#find(path);
    if (!key) return null;
    const all: { name: string; data: RegistryData }[] = [];
    for await (const { name, data } of this.#valuesOf(key)) all.push({ name, data: await data() });
    return all;
  }

  /** Names of the subkeys of a key, null when there is no such key. Throws Damaged. */
  async subkeys(path: string): Promise<string[] | null> {
    const key = await this.#find(path);
    if (!key) return null;
    const names: string[] = [];
    for await (const offset of this.#listed(key.subkeys, null, 0)) names.push((await this.#key(offset)).name);
    return names;
  }

  async #find(path: string): Promise<Key | null> {
    let key: Key | null = await this.#key(this.#root);
    for (const part of path.split('\\').filter(Boolean)) {
      if (!key) return null;
      key = await this.#child(key, part);
    }
    return key;
  }

  async #child(parent: Key, name: string): Promise<Key | null> {
    for await (const offset of this.#listed(parent.subkeys, name, 0)) {
      const key = await this.#key(offset);
      if (folded(key.name) === folded(name)) return key;
    }
    return null;
  }

  /** Where the subkeys are; with a name only those that may bear it. */
  async *#listed(offset: number, name: string | null, depth: number): AsyncGenerator<number> {
    if (offset === NONE) return;
    if (depth >= MOST_LISTS_DEEP) throw new Damaged('lists of subkeys within each other');
    const list = await this.#cell(offset);
    const kind = list.toString('latin1', 0, 2);
    const width = kind === 'lf' || kind === 'lh' ? 8 : 4;
    if (!['lf', 'lh', 'li', 'ri'].includes(kind)) throw new Damaged('a list of subkeys of no known kind');
    const wanted = kind === 'lh' && name !== null ? hash(name) : null;
    const count = list.readUInt16LE(2);
    if (4 + count * width > list.length) throw new Damaged('a list of subkeys that ends early');
    for (let at = 4; at < 4 + count * width; at += width) {
      const entry = list.readUInt32LE(at);
      if (kind === 'ri') yield* this.#listed(entry, name, depth + 1);
      else if (wanted === null || list.readUInt32LE(at + 4) === wanted) yield entry;
    }
  }

  async #key(offset: number): Promise<Key> {
    const cell = await this.#cell(offset);
    if (cell.length < 76 || cell.toString('latin1', 0, 2) !== 'nk') throw new Damaged('a key that is none');
    const length = cell.readUInt16LE(72);
    if (76 + length > cell.length) throw new Damaged('a key whose name ends early');
    const latin = (cell.readUInt16LE(2) & 0x20) !== 0;
    return {
      name: cell.toString(latin ? 'latin1' : 'utf16le', 76, 76 + length),
      subkeys: cell.readUInt32LE(20) === 0 ? NONE : cell.readUInt32LE(28),
      valueCount: cell.readUInt32LE(36),
      values: cell.readUInt32LE(40),
    };
  }

  async *#valuesOf({ valueCount, values }: Key) {
    if (valueCount === 0 || values === NONE) return;
    const list = await this.#cell(values);
    if (valueCount * 4 > list.length) throw new Damaged('a list of values that ends early');
    for (let at = 0; at < valueCount * 4; at += 4) {
      const cell = await this.#cell(list.readUInt32LE(at));
      if (cell.length < 20 || cell.toString('latin1', 0, 2) !== 'vk')
        throw new Damaged('a value that is none');
      const length = cell.readUInt16LE(2);
      if (20 + length > cell.length) throw new Damaged('a value whose name ends early');
      const latin = (cell.readUInt16LE(16) & 1) !== 0;
      const name = cell.toString(latin ? 'latin1' : 'utf16le', 20, 20 + length);
      yield { name, data: async () => decoded(cell.readUInt32LE(12), await this.#data(cell)) };
    }
  }

  async #data(value: Buffer): Promise<Buffer> {
    const size = value.readUInt32LE(4);
    // Up to four bytes stand where the offset would be.
    if (size >= 0x80000000) return value.subarray(8, 8 + Math.min(4, size - 0x80000000));
    if (size === 0) return Buffer.alloc(0);
    if (size > MOST_CELL) throw new Damaged('a value of impossible size');
    const cell = await this.#cell(value.readUInt32LE(8));
    if (size > BIG_DATA && cell.toString('latin1', 0, 2) === 'db') return this.#bigData(cell, size);
    if (cell.length < size) throw new Damaged('a value that ends early');
    return cell.subarray(0, size);
  }

  async #bigData(cell: Buffer, size: number): Promise<Buffer> {
    if (cell.length < 8) throw new Damaged('a large value without a list');
    const count = cell.readUInt16LE(2);
    const list = await this.#cell(cell.readUInt32LE(4));
    if (count !== Math.ceil(size / BIG_DATA) || count * 4 > list.length)
      throw new Damaged('a large value in the wrong number of pieces');
    const pieces: Buffer[] = [];
    for (let at = 0; at < count * 4; at += 4)
      pieces.push((await this.#cell(list.readUInt32LE(at))).subarray(0, BIG_DATA));
    const data = Buffer.concat(pieces);
    if (data.length < size) throw new Damaged('a large value that ends early');
    return data.subarray(0, size);
  }

  /** The content of a cell; a cell in use has a negative size. */
  async #cell(offset: number): Promise<Buffer> {
    const head = await this.#read(BINS + offset, 4);
    if (head.length < 4) throw new Damaged('a cell behind the end of the hive');
    const size = -head.readInt32LE(0);
    if (size < 8 || size > MOST_CELL) throw new Damaged('a cell of impossible size');
    this.#spent += Math.max(size, LEAST_CELL);
    if (this.#spent > MOST_READ) throw new Damaged('a hive that leads nowhere');
    const cell = await this.#read(BINS + offset + 4, size - 4);
    if (cell.length < size - 4) throw new Damaged('a cell that ends early');
    return cell;
  }
}

const folded = (name: string): string => name.toUpperCase();

/** The number under which Windows files a name in a list of kind `lh`. */
function hash(name: string): number {
  let sum = 0;
  for (const character of folded(name)) sum = (Math.imul(sum, 37) + character.charCodeAt(0)) >>> 0;
  return sum;
}

/** Data by its registry type: 1 and 2 texts, 4 and 5 numbers of 32 bits, 7 several texts, 11 a number of 64. */
function decoded(type: number, data: Buffer): RegistryData {
  switch (type) {
    case 1:
    case 2:
      return text(data);
    case 4:
      return data.length >= 4 ? data.readUInt32LE(0) : data;
    case 5:
      return data.length >= 4 ? data.readUInt32BE(0) : data;
    case 7:
      return data.toString('utf16le').split('\0').filter(Boolean);
    case 11:
      return data.length >= 8 ? Number(data.readBigUInt64LE(0)) : data;
    default:
      return data;
  }
}

/** A text up to its closing zero, which some programs leave out. */
function text(data: Buffer): string {
  const whole = data.toString('utf16le');
  const end = whole.indexOf('\0');
  return end < 0 ? whole : whole.slice(0, end);
}
