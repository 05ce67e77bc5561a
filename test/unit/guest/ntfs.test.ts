// On real volumes made by mkntfs, and on the same volumes damaged at random.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootSectorKind, Ntfs } from '../../../electron/guest/ntfs.ts';
import { Damaged } from '../../../electron/guest/ntfs-record.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-ntfs-'));
const file = join(dir, 'volume');
const NAMES = [
  'plain.txt',
  'with blanks and é 文.txt',
  ...Array.from({ length: 300 }, (_, n) => `file ${n}.txt`),
];
let volume: Buffer;
const over = (bytes: Buffer) => Ntfs.open(async (offset, length) => bytes.subarray(offset, offset + length));

beforeAll(() => {
  writeFileSync(file, '');
  truncateSync(file, 8 * 2 ** 20);
  execFileSync('/usr/sbin/mkntfs', ['-F', '-Q', '-q', '-s', '512', '-p', '0', '-H', '16', '-S', '63', file]);
  writeFileSync(join(dir, 'text'), 'hello');
  for (const name of NAMES)
    execFileSync('/usr/sbin/ntfscp', ['-q', file, join(dir, 'text'), name], {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
  volume = readFileSync(file);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true }));

describe('an NTFS volume', () => {
  it('lists a folder of many files with all their names, once each', async () => {
    const names = (await (await over(volume)).list(5)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(NAMES));
    expect(new Set(names).size).toBe(names.length);
  });

  it('finds a file whatever the case, and gives its path as written', async () => {
    expect(await (await over(volume)).find(['WITH Blanks and É 文.TXT'])).toMatchObject({
      path: '/with blanks and é 文.txt',
      directory: false,
      bytes: 5,
    });
    expect(await (await over(volume)).find(['plain.txt', 'below'])).toBeNull();
    expect(await (await over(volume)).find(['absent'])).toBeNull();
  });

  it('gives the first bytes of a file, small or large', async () => {
    const ntfs = await over(volume);
    const head = async (name: string) => {
      const entry = await ntfs.find([name]);
      return entry ? (await ntfs.head(entry.record)).toString() : null;
    };
    expect(await head('plain.txt')).toBe('hello');
    expect((await head('$UpCase'))?.length).toBeGreaterThan(100);
  });

  it('fresh from mkntfs is not dirty', async () => {
    expect(await (await over(volume)).dirty()).toBe(false);
  });

  it('is told from BitLocker and from anything else by its boot sector', () => {
    const sector = Buffer.from(volume.subarray(0, 512));
    expect(bootSectorKind(sector)).toBe('ntfs');
    sector.write('-FVE-FS-', 3);
    expect(bootSectorKind(sector)).toBe('bitlocker');
    expect(bootSectorKind(Buffer.alloc(0))).toBe('other');
  });

  it('damaged anywhere either still reads or says that it is damaged, and always ends', async () => {
    const table = Number(volume.readBigUInt64LE(48)) * 4096;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(16 * 1024), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (changes, inTable) => {
          const hurt = Buffer.from(volume.subarray(0, table + 2 ** 20));
          for (const [at, byte] of changes) hurt[(inTable ? table : 0) + at] = byte;
          try {
            const ntfs = await over(hurt);
            await ntfs.find(['Windows']);
            await ntfs.dirty();
          } catch (error) {
            expect(error).toBeInstanceOf(Damaged);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
