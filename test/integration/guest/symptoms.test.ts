// What Windows Setup leaves on a disk when it gives up, and what the admin reads of it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestLogs, injectFile, symptomIn } from '../../../electron/guest/index.ts';
import { localHost } from '../../../electron/host/local.ts';
import { applianceKernel } from './appliance.ts';
import { Disks, thisProbe } from './disks.ts';

const host = localHost();
const disks = new Disks();
const { signal } = new AbortController();
afterAll(() => disks.remove());

const LINE = '2026-11-27 10:00:00, Error      [0x060432] IBS    ';
const UTF16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}\r\n`, 'utf16le');

describe('the logs of a Setup that gave up', { timeout: 240_000 }, () => {
  let disk = '';
  beforeAll(() => {
    disk = disks.fresh('mbr');
  });

  it.each([
    [
      "Windows could not apply the unattend answer file's <DiskConfiguration> setting.",
      'disk-configuration',
      /no driver for the disk/,
    ],
    ['The product key entered does not match any of the Windows images.', 'product-key', /product key/],
    ["This PC can't run Windows 11", 'windows-11', /lacks what Windows 11 asks for/],
  ])('that says “%s” are told as %s', async (text, id, sentence) => {
    const source = join(disks.dir, 'setuperr.log');
    writeFileSync(source, UTF16(LINE + text));
    await injectFile(host, thisProbe('root'), { disk, source, guestDir: 'Windows/Panther', signal });
    const logs = await guestLogs(host, disk);
    expect(logs.map(({ path }) => path)).toContain('C:\\Windows\\Panther\\setuperr.log');
    const symptom = symptomIn(logs.map(({ tail }) => tail).join('\n'));
    expect(symptom?.id).toBe(id);
    expect(symptom?.whatHappened).toMatch(sentence);
    expect(symptom?.whatToDo).toMatch(/start again\.$/);
  });

  it('are found also where Setup keeps them before Windows has a folder', async () => {
    const log = join(disks.dir, 'early.log');
    writeFileSync(log, `${LINE}no images are available\r\n`);
    const other = disks.fresh('mbr-single');
    execFileSync(
      'guestfish',
      [
        ...['-a', other, 'run', ':', 'mount', '/dev/sda1', '/'],
        ...[':', 'mkdir-p', '/$WINDOWS.~BT/Sources/Panther'],
        ...[':', 'upload', log, '/$WINDOWS.~BT/Sources/Panther/setuperr.log'],
      ],
      {
        env: {
          ...process.env,
          LIBGUESTFS_BACKEND: 'direct',
          LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg',
          ...applianceKernel(),
        },
        stdio: 'pipe',
      },
    );
    const logs = await guestLogs(host, other);
    const early = logs.find(({ path }) => path === 'C:\\$WINDOWS.~BT\\Sources\\Panther\\setuperr.log');
    expect(symptomIn(early?.tail ?? '')?.id).toBe('product-key');
  });
});
