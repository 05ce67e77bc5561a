// Sysprep's proof on the stand-in's disks, put there by Casement's own injection.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { injectFile, isGeneralized } from '../../../electron/guest/index.ts';
import { localHost } from '../../../electron/host/local.ts';
import { Disks, thisProbe } from './disks.ts';

const disks = new Disks();
afterAll(() => disks.remove());

describe('whether Sysprep has finished', { timeout: 120_000 }, () => {
  it('shows on the disk, whatever way it was partitioned', async () => {
    const host = localHost();
    const source = join(disks.dir, 'Sysprep_succeeded.tag');
    writeFileSync(source, 'done');
    for (const kind of ['mbr', 'gpt'] as const) {
      const disk = disks.fresh(kind);
      expect(await isGeneralized(host, disk)).toBe(false);
      const guestDir = 'C:\\Windows\\System32\\Sysprep';
      const { signal } = new AbortController();
      await injectFile(host, thisProbe('root'), { disk, source, guestDir, signal });
      expect(await isGeneralized(host, disk)).toBe(true);
    }
  });

  it('is not known of an encrypted disk, and no question of a disk without Windows', async () => {
    expect(await isGeneralized(localHost(), disks.fresh('bitlocker'))).toBe(false);
    await expect(isGeneralized(localHost(), disks.fresh('no-windows'))).rejects.toMatchObject({
      code: 'guest.no-windows',
    });
  });
});
