// The building stones of NTFS: protected records, their attributes, run lists. Pure.

/** The volume contradicts itself; `message` says where. */
export class Damaged extends Error {}

/** A stretch of clusters; `start` is null for a hole, `vcn` counts within the file. */
export interface Extent {
  readonly vcn: number;
  readonly start: number | null;
  readonly clusters: number;
}

export interface Attribute {
  readonly type: number;
  readonly name: string;
  readonly firstVcn: number;
  /** Content of a resident attribute, null for one with a run list. */
  readonly value: Buffer | null;
  readonly size: number;
  /** Bytes really written; what lies behind them reads as zero. */
  readonly initialized: number;
  /** How the content is stored, when not plainly. */
  readonly stored: 'plain' | 'compressed' | 'encrypted';
  readonly runList: Buffer;
}

const COMPRESSED = 0x00ff;
const ENCRYPTED = 0x4000;

/** A record with the two bytes at the end of each 512-byte sector put back. Throws Damaged when they do not match. */
export function unprotect(raw: Buffer, magic: 'FILE' | 'INDX'): Buffer {
  if (raw.length < 512 || raw.toString('latin1', 0, 4) !== magic) throw new Damaged(`no ${magic} record`);
  const record = Buffer.from(raw);
  const offset = record.readUInt16LE(4);
  const count = record.readUInt16LE(6);
  if ((count - 1) * 512 !== record.length || offset + count * 2 > 512)
    throw new Damaged(`a ${magic} record with a wrong update sequence`);
  const mark = record.readUInt16LE(offset);
  for (let sector = 1; sector < count; sector += 1) {
    const at = sector * 512 - 2;
    if (record.readUInt16LE(at) !== mark) throw new Damaged(`a half-written ${magic} record`);
    record.writeUInt16LE(record.readUInt16LE(offset + sector * 2), at);
  }
  return record;
}

/** The attributes of a file record. Throws Damaged. */
export function attributes(record: Buffer): Attribute[] {
  const found: Attribute[] = [];
  try {
    for (let at = record.readUInt16LE(20); record.readUInt32LE(at) !== 0xffffffff; ) {
      const length = record.readUInt32LE(at + 4);
      if (length < 24 || at + length > record.length) throw new Damaged('an attribute of impossible length');
      found.push(attribute(record.subarray(at, at + length)));
      at += length;
    }
  } catch (error) {
    throw error instanceof Damaged ? error : new Damaged(String(error));
  }
  return found;
}

function attribute(raw: Buffer): Attribute {
  const nameAt = raw.readUInt16LE(10);
  const flags = raw.readUInt16LE(12);
  const stored: Attribute['stored'] =
    (flags & ENCRYPTED) !== 0 ? 'encrypted' : (flags & COMPRESSED) !== 0 ? 'compressed' : 'plain';
  const head = {
    type: raw.readUInt32LE(0),
    stored,
    name: raw.toString('utf16le', nameAt, nameAt + raw.readUInt8(9) * 2),
  };
  if (raw.readUInt8(8) === 0) {
    const size = raw.readUInt32LE(16);
    const at = raw.readUInt16LE(20);
    if (at + size > raw.length) throw new Damaged('a value outside its record');
    const value = raw.subarray(at, at + size);
    return { ...head, firstVcn: 0, value, size, initialized: size, runList: Buffer.alloc(0) };
  }
  return {
    ...head,
    firstVcn: Number(raw.readBigUInt64LE(16)),
    value: null,
    size: Number(raw.readBigUInt64LE(48)),
    initialized: Number(raw.readBigUInt64LE(56)),
    runList: raw.subarray(raw.readUInt16LE(32)),
  };
}

/** Where the content of a non-resident attribute lies. Throws Damaged. */
export function runs({ runList, firstVcn }: Attribute): Extent[] {
  const found: Extent[] = [];
  let vcn = firstVcn;
  let start = 0;
  for (let at = 0; at < runList.length && runList[at] !== 0; ) {
    const header = runList.readUInt8(at);
    const lengthBytes = header & 15;
    const startBytes = header >> 4;
    if (
      lengthBytes < 1 ||
      lengthBytes > 6 ||
      startBytes > 6 ||
      at + 1 + lengthBytes + startBytes > runList.length
    )
      throw new Damaged('an impossible run list');
    const clusters = runList.readUIntLE(at + 1, lengthBytes);
    if (startBytes > 0) start += runList.readIntLE(at + 1 + lengthBytes, startBytes);
    if (start < 0) throw new Damaged('a run before the volume');
    found.push({ vcn, start: startBytes > 0 ? start : null, clusters });
    vcn += clusters;
    at += 1 + lengthBytes + startBytes;
  }
  return found;
}
