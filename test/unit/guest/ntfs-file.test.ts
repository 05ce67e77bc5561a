// Whole files of real volumes made by mkntfs, in pieces where they were grown in turn; what mkntfs does not make, by hand.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cached } from '../../../electron/guest/cache.ts';
import { Ntfs } from '../../../electron/guest/ntfs.ts';
import { fileBytes } from '../../../electron/guest/ntfs-file.ts';
import { type Attribute, Damaged } from '../../../electron/guest/ntfs-record.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-ntfs-file-'));
const file = join(dir, 'volume');
const STEPS = 12;
const content = (seed: number, length: number) =>
  Buffer.from(Array.from({ length }, (_, n) => (n * seed + (n >> 8)) & 255));
const first = content(7, STEPS * 50_001);
const second = content(11, STEPS * 50_001);
let volume: Buffer;

beforeAll(() => {
  writeFileSync(file, '');
  truncateSync(file, 16 * 2 ** 20);
  execFileSync('/usr/sbin/mkntfs', ['-F', '-Q', '-q', '-s', '512', '-p', '0', '-H', '16', '-S', '63', file]);
  // Grown in turn, neither finds its next clusters behind its last.
  for (let step = 1; step <= STEPS; step += 1)
    for (const [name, bytes] of [
      ['first', first],
      ['second', second],
    ] as const) {
      writeFileSync(join(dir, 'part'), bytes.subarray(0, step * 50_001));
      execFileSync('/usr/sbin/ntfscp', ['-q', file, join(dir, 'part'), name]);
    }
  writeFileSync(join(dir, 'part'), 'small');
  execFileSync('/usr/sbin/ntfscp', ['-q', file, join(dir, 'part'), 'small']);
  volume = readFileSync(file);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true }));

const reader = () => Ntfs.open(cached(async (offset, length) => volume.subarray(offset, offset + length)));
async function open(name: string) {
  const ntfs = await reader();
  const entry = await ntfs.find([name]);
  if (!entry) throw new Error(`no ${name}`);
  return ntfs.open(entry.record);
}

describe('a file of an NTFS volume', () => {
  it.each([
    ['first', first],
    ['second', second],
    ['small', Buffer.from('small')],
  ] as const)('%s reads whole, and in any part', async (name, bytes) => {
    const { size, read } = await open(name);
    expect(size).toBe(bytes.length);
    expect((await read(0, size)).equals(bytes)).toBe(true);
    expect(
      (await read(Math.floor(size / 3), 70_000)).equals(
        bytes.subarray(Math.floor(size / 3)).subarray(0, 70_000),
      ),
    ).toBe(true);
    expect((await read(size - 2, 100)).equals(bytes.subarray(-2))).toBe(true);
    expect(await read(size, 10)).toHaveLength(0);
  });
});

const CLUSTER = 512;
const made = (more: Partial<Attribute>): Attribute => ({
  type: 0x80,
  name: '',
  firstVcn: 0,
  value: null,
  size: 4 * CLUSTER,
  initialized: 4 * CLUSTER,
  stored: 'plain',
  // One cluster at 2, a hole of two, one cluster at 5.
  runList: Buffer.from([0x11, 1, 2, 0x01, 2, 0x11, 1, 3, 0]),
  ...more,
});
const disk = Buffer.concat(Array.from({ length: 8 }, (_, n) => Buffer.alloc(CLUSTER, n)));
const over = (...data: Attribute[]) =>
  fileBytes(data, async (offset, length) => disk.subarray(offset, offset + length), CLUSTER);

describe('a file that is stored unusually', () => {
  it('has zeros where it has a hole, and behind what was ever written', async () => {
    const { read } = over(made({ initialized: 3 * CLUSTER + 100 }));
    const bytes = await read(0, 4 * CLUSTER);
    expect([0, CLUSTER, 3 * CLUSTER, 3 * CLUSTER + 99, 3 * CLUSTER + 100].map((at) => bytes[at])).toEqual([
      2, 0, 5, 5, 0,
    ]);
  });

  it('goes on in a further attribute', async () => {
    const rest = made({ firstVcn: 4, size: 0, runList: Buffer.from([0x11, 1, 7, 0]) });
    const { read } = over(made({ size: 5 * CLUSTER, initialized: 5 * CLUSTER }), rest);
    expect((await read(4 * CLUSTER, 10))[0]).toBe(7);
  });

  it.each([
    ['compressed', made({ stored: 'compressed' })],
    ['encrypted', made({ stored: 'encrypted' })],
  ])('%s is said to be so', (word, data) => {
    expect(() => over(data)).toThrow(Damaged);
    expect(() => over(data)).toThrow(word);
  });

  it('with a piece missing, or beyond the volume, is a Damaged', async () => {
    await expect(
      over(made({ size: 9 * CLUSTER, initialized: 9 * CLUSTER })).read(8 * CLUSTER, 1),
    ).rejects.toBeInstanceOf(Damaged);
    const beyond = over(made({ runList: Buffer.from([0x11, 4, 100, 0]) }));
    await expect(beyond.read(0, 1)).rejects.toBeInstanceOf(Damaged);
    expect(() => over()).toThrow(Damaged);
  });
});

describe('a reader that remembers', () => {
  it('gives the same bytes and asks for each block once', async () => {
    const asked: number[] = [];
    const read = cached(async (offset, length) => {
      asked.push(offset);
      return volume.subarray(offset, offset + length);
    });
    for (const [offset, length] of [
      [0, 10],
      [262_100, 600_000],
      [500_000, 50],
      [volume.length - 5, 50],
      [volume.length + 5, 50],
      [3, 0],
    ] as const)
      expect((await read(offset, length)).equals(volume.subarray(offset, offset + length))).toBe(true);
    await read(300_000, 100_000);
    expect(asked).toEqual([0, 262_144, volume.length - 262_144]);
  });
});
