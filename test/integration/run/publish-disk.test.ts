// `casement publish` and `casement images` on a disk that no run made, against the laboratory's Glance.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cloud } from '../../../electron/cloud/types.ts';
import type { Host } from '../../../electron/host/types.ts';
import { type DiskWish, publishDisk } from '../../../electron/run/publish-disk.ts';
import { imageSchema } from '../../../shared/plan-image.ts';
import { labCloud, labHost } from '../cloud/lab-cloud.ts';

const name = `test disk ${randomUUID()}`;
const home = mkdtempSync(join(tmpdir(), 'casement-home-'));
let cloud: Cloud;
let host: Host;
let dir: string;

beforeAll(async () => {
  cloud = await labCloud();
  host = await labHost();
  dir = `${await host.home()}/${randomUUID()}`;
  await host.run(['mkdir', dir]);
  await host.run(['qemu-img', 'create', '-q', '-f', 'qcow2', `${dir}/a.qcow2`, '3G']);
});
afterAll(async () => {
  const all = [...(await cloud.images()), ...(await cloud.images({ hidden: true }))];
  for (const image of all)
    if (image.name.includes(name)) {
      await cloud.updateImage(image.id, { protected: false });
      await cloud.deleteImage(image.id);
    }
  await host.run(['rm', '-rf', dir]);
  rmSync(home, { recursive: true });
  await cloud.close();
  await host.close();
});

const wish = (disk: string, image: object, more: Partial<DiskWish> = {}): DiskWish => ({
  ...{ host, cloud, home, disk: `${dir}/${disk}` },
  image: imageSchema.parse({ name, ...image }),
  windows: '2022',
  machine: { firmware: 'uefi', diskBus: 'virtio-scsi' },
  inspect: false,
  prove: null,
  onProgress: () => undefined,
  say: () => undefined,
  signal: new AbortController().signal,
  ...more,
});

test('a finished disk becomes a proven image with its passport, and a second one takes its name', async () => {
  const first = await publishDisk(wish('a.qcow2', { tags: ['gold'] }));
  const image = await cloud.image(first.id);
  expect(image).toMatchObject({ name, status: 'active', hash: first.sha512, minDiskGB: 3 });
  expect(image?.tags).toContain('gold');
  expect(image?.properties).toMatchObject({
    hw_firmware_type: 'uefi',
    hw_disk_bus: 'scsi',
    casement_windows: 'Windows Server 2022',
  });
  expect(JSON.parse(readFileSync(first.passport, 'utf8'))).toMatchObject({ image: { hash: first.sha512 } });
  // Asked once more, it is the same image.
  expect((await publishDisk(wish('a.qcow2', { tags: ['gold'] }))).id).toBe(first.id);

  await host.run(['qemu-img', 'create', '-q', '-f', 'qcow2', `${dir}/b.qcow2`, '4G']);
  const unproven = async () => ({ proven: false, told: {} });
  const waiting = await publishDisk(wish('b.qcow2', { replace: true, protected: true }, { prove: unproven }));
  expect(waiting.name).toBe(`${name} (new, not yet proven)`);
  const proven = async () => ({ proven: true, told: { 'Signed in': 'as Administrator' } });
  const second = await publishDisk(wish('b.qcow2', { replace: true, protected: true }, { prove: proven }));
  expect(second).toMatchObject({ id: waiting.id, name, told: { 'Signed in': 'as Administrator' } });
  expect(await cloud.image(second.id)).toMatchObject({ name, protected: true, hidden: false, minDiskGB: 4 });
  const former = await cloud.image(first.id);
  expect(former?.hidden).toBe(true);
  expect(former?.name).toMatch(/ \(\d{4}-\d\d-\d\d\)$/);
  expect(former?.properties.casement_replaced_by).toBe(second.id);
  expect(second.told.Replaced).toContain('hidden');
});

test('a disk that stands on another, or has another format, is refused before anything is made', async () => {
  const before = (await cloud.images()).length;
  const backing = ['-b', `${dir}/a.qcow2`, '-F', 'qcow2'];
  await host.run(['qemu-img', 'create', '-q', '-f', 'qcow2', ...backing, `${dir}/c.qcow2`]);
  await host.run(['qemu-img', 'create', '-q', '-f', 'vmdk', `${dir}/d.vmdk`, '1G']);
  for (const disk of ['c.qcow2', 'd.vmdk'])
    await expect(publishDisk(wish(disk, {}))).rejects.toMatchObject({
      code: 'publish.unfit-disk',
      whatHappened: expect.stringContaining('qemu-img convert'),
    });
  await expect(publishDisk(wish('a.qcow2', { properties: { min_disk: '1' } }))).rejects.toMatchObject({
    whatHappened: expect.stringContaining('at least 3'),
  });
  expect(await cloud.images()).toHaveLength(before);
});
