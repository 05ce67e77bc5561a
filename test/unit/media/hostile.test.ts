// Media that were made to hang or to fill the memory, not merely damaged on their way.
import { describe, expect, test } from 'vitest';
import { identifyMedia } from '../../../electron/media/identify.ts';
import { inMemory, installer } from './samples.ts';

const SECTOR = 2048;

/** A CD whose one folder holds `names` folders, each of which is that folder again. */
function circularCd(names: readonly string[], more: number): Buffer {
  const record = (name: string, size: number) => {
    const bytes = Buffer.alloc(34 + name.length - (name.length % 2 === 0 ? 0 : 1));
    bytes[0] = bytes.length;
    bytes.writeUInt32LE(18, 2);
    bytes.writeUInt32LE(size, 10);
    bytes[25] = 2;
    bytes[32] = name.length;
    bytes.write(name, 33, 'latin1');
    return bytes;
  };
  const all = [...names, ...Array.from({ length: more }, (_, at) => `D${at}`)];
  const sectors: Buffer[][] = [[]];
  for (const name of all) {
    const used = sectors.at(-1)?.reduce((sum, { length }) => sum + length, 0) ?? 0;
    if (used + record(name, 0).length > SECTOR) sectors.push([]);
    sectors.at(-1)?.push(record(name, 0));
  }
  const size = sectors.length * SECTOR;
  const cd = Buffer.alloc(18 * SECTOR + size);
  for (const [at, type] of [
    [16, 1],
    [17, 255],
  ] as const) {
    cd[at * SECTOR] = type;
    cd.write('CD001', at * SECTOR + 1, 'latin1');
  }
  cd.writeUInt32LE(cd.length / SECTOR, 16 * SECTOR + 80);
  record('\0', size).copy(cd, 16 * SECTOR + 156);
  sectors.forEach((records, at) => {
    const filled = records.map((one) => {
      one.writeUInt32LE(size, 10);
      return one;
    });
    Buffer.concat(filled).copy(cd, (18 + at) * SECTOR);
  });
  return cd;
}

describe('a CD whose folders hold themselves', () => {
  test.each([
    ['small', 50],
    ['full', 8000],
  ])('ends soon: %s', { timeout: 30_000 }, async (_, more) => {
    const cd = circularCd(['viostor', 'amd64'], more);
    const began = performance.now();
    const end = await identifyMedia(inMemory(cd)).then(
      ({ facts }) => facts.kind,
      (error: { code?: string }) => error.code,
    );
    expect(['virtio-win', 'media.damaged']).toContain(end);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe('a package', () => {
  const package_ = installer({ ProductName: 'Cloudbase-Init 1.1.8', ProductVersion: '1.1.8.0' });
  const firstOfDirectory = package_.readUInt32LE(0x30);
  const table = (package_.readUInt32LE(0x4c) + 1) * 512;
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(package_);
    change(bytes);
    return bytes;
  };

  test.each<[string, (bytes: Buffer) => void]>([
    [
      'with a directory that leads back to itself',
      (b) => b.writeUInt32LE(firstOfDirectory, table + firstOfDirectory * 4),
    ],
    ['with a table of sectors longer than itself', (b) => b.writeUInt32LE(0xffff_ffff, 0x2c)],
    ['with sectors of 2^64 bytes', (b) => b.writeUInt16LE(64, 0x1e)],
    ['with small streams of 4 GiB', (b) => b.writeUInt32LE(0xffff_fff0, (firstOfDirectory + 1) * 512 + 0x78)],
  ])('%s is told as damaged', async (_, change) => {
    await expect(identifyMedia(inMemory(changed(change)))).rejects.toMatchObject({ code: 'media.damaged' });
  });

  test('with tables of 4 GiB is told as damaged', async () => {
    const bytes = changed((b) => {
      for (let at = (firstOfDirectory + 1) * 512 + 128; at + 128 <= b.length; at += 128)
        if (b[at + 66] === 2) b.writeUInt32LE(0xffff_fff0, at + 0x78);
    });
    await expect(identifyMedia(inMemory(bytes))).rejects.toMatchObject({ code: 'media.damaged' });
  });

  test('of any size is read only where its tables lie', async () => {
    const large = { size: 4 * 2 ** 30, read: inMemory(package_).read };
    const { facts, bytesRead } = await identifyMedia(large);
    expect(facts).toMatchObject({ kind: 'cloudbase-init', version: '1.1.8' });
    expect(bytesRead).toBeLessThan(256 * 1024);
  });
});
