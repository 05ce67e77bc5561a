// UDF 2.50 and 2.60 images for tests: folders in a metadata partition, as no tool here writes them. Source: ECMA-167 and
// OSTA UDF 2.60, sections 2.2.10 (metadata partition map) and 2.2.13 (metadata file); numbers are byte offsets.

const SECTOR = 2048;
const VDS = 32;
const PARTITION = 272;
/** Blocks of the partition: the metadata file's entry, its two pieces with a gap between them, then the files. */
const METADATA_ENTRY = 0;
const PIECES = [
  { block: 4, blocks: 3 },
  { block: 20, blocks: 100 },
] as const;
const FILES = 128;

interface Folder {
  readonly [name: string]: Buffer | Folder;
}

/** An image of this revision (0x0250, 0x0260) with these files. */
export function udfImage(revision: number, root: Folder): Buffer {
  const metadata: Buffer[] = [];
  const data: Buffer[] = [];
  let used = 0;
  const place = (bytes: Buffer): number => {
    const at = FILES + used;
    used += Math.ceil(bytes.length / SECTOR);
    data.push(padded(bytes));
    return at;
  };
  const reserve = (): number => metadata.push(Buffer.alloc(SECTOR)) - 1;
  const fileSet = reserve();

  const file = (bytes: Buffer): number => {
    const at = reserve();
    const extent = Buffer.alloc(16);
    extent.writeUInt32LE(bytes.length, 0);
    extent.writeUInt32LE(place(bytes), 4);
    // Partition 0: the plain one.
    extent.writeUInt16LE(0, 8);
    metadata[at] = entry(at, 5, bytes.length, 1, extent);
    return at;
  };
  const folder = (content: Folder, parent: number | null): number => {
    const at = reserve();
    const names = [name('', 2 + 8, parent ?? at)];
    for (const [title, one] of Object.entries(content))
      names.push(Buffer.isBuffer(one) ? name(title, 0, file(one)) : name(title, 2, folder(one, at)));
    const listing = Buffer.concat(names);
    // Short: the listing lies inside of the folder's own entry, else in blocks of the metadata partition.
    if (listing.length < SECTOR - 300) metadata[at] = entry(at, 4, listing.length, 3, listing);
    else {
      const extent = Buffer.alloc(8);
      extent.writeUInt32LE(listing.length, 0);
      extent.writeUInt32LE(metadata.length, 4);
      for (let from = 0; from < listing.length; from += SECTOR)
        metadata.push(padded(listing.subarray(from, from + SECTOR)));
      metadata[at] = entry(at, 4, listing.length, 0, extent);
    }
    return at;
  };
  const top = folder(root, null);
  const set = Buffer.alloc(SECTOR);
  longAddress(set, 400, top, 1);
  metadata[fileSet] = tagged(set, 256, fileSet);

  const image = Buffer.alloc((PARTITION + FILES + used) * SECTOR);
  const put = (sector: number, bytes: Buffer): void => void bytes.copy(image, sector * SECTOR);
  for (const [at, id] of ['BEA01', 'NSR03', 'TEA01'].entries())
    image.write(id, (16 + at) * SECTOR + 1, 'latin1');
  const partition = Buffer.alloc(SECTOR);
  partition.writeUInt32LE(PARTITION, 188);
  partition.writeUInt32LE(FILES + used, 192);
  put(VDS, tagged(partition, 5, VDS));
  put(VDS + 1, tagged(logicalVolume(revision), 6, VDS + 1));
  put(VDS + 2, tagged(Buffer.alloc(SECTOR), 8, VDS + 2));
  const anchor = Buffer.alloc(SECTOR);
  anchor.writeUInt32LE(16 * SECTOR, 16);
  anchor.writeUInt32LE(VDS, 20);
  put(256, tagged(anchor, 2, 256));
  if (metadata.length > PIECES[0].blocks + PIECES[1].blocks)
    throw new Error('too many folders for this image');
  put(PARTITION + METADATA_ENTRY, metadataEntry());
  for (const [at, block] of metadata.entries()) {
    const second = at >= PIECES[0].blocks;
    put(PARTITION + (second ? PIECES[1].block + at - PIECES[0].blocks : PIECES[0].block + at), block);
  }
  put(PARTITION + FILES, Buffer.concat(data));
  return image;
}

function logicalVolume(revision: number): Buffer {
  const volume = Buffer.alloc(SECTOR);
  volume.writeUInt8(8, 84);
  volume.write('SSS_X64', 85, 'latin1');
  volume.writeUInt8(8, 84 + 127);
  volume.writeUInt32LE(SECTOR, 212);
  volume.write('*OSTA UDF Compliant', 217, 'latin1');
  volume.writeUInt16LE(revision, 240);
  longAddress(volume, 248, 0, 1);
  volume.writeUInt32LE(6 + 64, 264);
  volume.writeUInt32LE(2, 268);
  volume.set([1, 6, 1, 0, 0, 0], 440);
  volume.set([2, 64], 446);
  volume.write('*UDF Metadata Partition', 446 + 5, 'latin1');
  volume.writeUInt16LE(revision, 446 + 28);
  volume.writeUInt16LE(1, 446 + 36);
  volume.writeUInt32LE(METADATA_ENTRY, 446 + 40);
  return volume;
}

/** The metadata file: its bytes are the blocks of the metadata partition. */
function metadataEntry(): Buffer {
  const extents = Buffer.concat(
    PIECES.map(({ block, blocks }) => {
      const extent = Buffer.alloc(8);
      extent.writeUInt32LE(blocks * SECTOR, 0);
      extent.writeUInt32LE(block, 4);
      return extent;
    }),
  );
  return entry(METADATA_ENTRY, 250, (PIECES[0].blocks + PIECES[1].blocks) * SECTOR, 0, extents);
}

/** An extended file entry; `kind` 0: short addresses, 1: long ones, 3: the bytes themselves. */
function entry(location: number, type: number, size: number, kind: number, table: Buffer): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.writeUInt8(type, 16 + 11);
  bytes.writeUInt16LE(kind, 34);
  bytes.writeBigUInt64LE(BigInt(size), 56);
  bytes.writeBigUInt64LE(BigInt(size), 64);
  bytes.writeUInt32LE(table.length, 212);
  table.copy(bytes, 216);
  return tagged(bytes, 266, location);
}

function name(title: string, flags: number, target: number): Buffer {
  const wide = [...title].some((letter) => (letter.codePointAt(0) ?? 0) > 0xff);
  const text = wide ? Buffer.from(title, 'utf16le').swap16() : Buffer.from(title, 'latin1');
  const id = title === '' ? Buffer.alloc(0) : Buffer.concat([Buffer.from([wide ? 16 : 8]), text]);
  const bytes = Buffer.alloc(Math.ceil((38 + id.length) / 4) * 4);
  bytes.writeUInt16LE(1, 16);
  bytes.writeUInt8(flags, 18);
  bytes.writeUInt8(id.length, 19);
  longAddress(bytes, 20, target, 1);
  id.copy(bytes, 38);
  return tagged(bytes, 257, 0);
}

function longAddress(bytes: Buffer, at: number, block: number, partition: number): void {
  bytes.writeUInt32LE(SECTOR, at);
  bytes.writeUInt32LE(block, at + 4);
  bytes.writeUInt16LE(partition, at + 8);
}

function tagged(bytes: Buffer, id: number, location: number): Buffer {
  bytes.writeUInt16LE(id, 0);
  bytes.writeUInt16LE(3, 2);
  bytes.writeUInt32LE(location, 12);
  const sum = bytes.subarray(0, 16).reduce((total, byte, at) => (at === 4 ? total : total + byte), 0);
  bytes.writeUInt8(sum % 256, 4);
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((SECTOR - (bytes.length % SECTOR)) % SECTOR)]);
}
