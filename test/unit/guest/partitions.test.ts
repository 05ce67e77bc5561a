import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { partitions, type Read } from '../../../electron/guest/partitions.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-table-'));
afterAll(() => rmSync(dir, { recursive: true }));

const MIB = 2 ** 20;
const over =
  (bytes: Buffer): Read =>
  async (offset, length) =>
    bytes.subarray(offset, offset + length);

/** A disk of 64 MiB partitioned by sfdisk. */
function disk(label: 'dos' | 'gpt', lines: readonly string[]): Buffer {
  const file = join(dir, 'disk');
  writeFileSync(file, '');
  truncateSync(file, 64 * MIB);
  execFileSync('/usr/sbin/sfdisk', ['-q', '--label', label, file], { input: `${lines.join('\n')}\n` });
  return readFileSync(file);
}

describe('a partition table', () => {
  it('of BIOS Setup has its partitions in order', async () => {
    const table = disk('dos', ['start=1MiB, size=10MiB, type=7, bootable', 'start=11MiB, type=7']);
    expect(await partitions(over(table))).toEqual([
      { number: 1, offset: MIB, size: 10 * MIB, type: 'mbr 07' },
      { number: 2, offset: 11 * MIB, size: 53 * MIB, type: 'mbr 07' },
    ]);
  });

  it('with logical partitions numbers them from 5, as Linux does', async () => {
    const table = disk('dos', [
      'start=1MiB, size=4MiB, type=7',
      'start=8MiB, type=5',
      'start=9MiB, size=8MiB, type=7',
      'start=20MiB, size=8MiB, type=7',
    ]);
    expect((await partitions(over(table))).map(({ number, offset }) => [number, offset / MIB])).toEqual([
      [1, 1],
      [5, 9],
      [6, 20],
    ]);
  });

  it('of UEFI Setup tells what each partition is', async () => {
    const table = disk('gpt', [
      'start=1MiB, size=10MiB, type=U',
      'start=11MiB, size=2MiB, type=E3C9E316-0B5C-4DB8-817D-F92DF00215AE',
      'start=13MiB, size=40MiB, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
    ]);
    expect((await partitions(over(table))).at(-1)).toEqual({
      number: 3,
      offset: 13 * MIB,
      size: 40 * MIB,
      type: 'gpt EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
    });
  });

  it('that is missing gives no partitions', async () => {
    expect(await partitions(over(Buffer.alloc(0)))).toEqual([]);
    expect(await partitions(over(Buffer.alloc(MIB)))).toEqual([]);
  });

  it('of any bytes at all ends in a list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 2048, maxLength: 4096 }), async (bytes) => {
        const hostile = Buffer.from(bytes);
        hostile.writeUInt16LE(0xaa55, 510);
        // Half of them with an extended partition that leads anywhere.
        hostile[450] = bytes[0] === undefined || bytes[0] < 128 ? 5 : 0xee;
        const read: Read = async (offset, length) => {
          const wrapped = Buffer.concat([hostile, hostile]);
          return wrapped.subarray(
            offset % hostile.length,
            (offset % hostile.length) + Math.min(length, 2048),
          );
        };
        expect((await partitions(read)).length).toBeLessThan(10_000);
      }),
    );
  });
});
