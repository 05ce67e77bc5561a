// The laboratory's stand-in for Windows Setup reads the product's answer files as Setup does, and stops where Windows stops.
// Whole installations are in test/integration/run/hands-free.test.ts.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type SetupAnswers, setupAnswerFile } from '../../../electron/guest/answer-setup.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { labEnv } from '../lab.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-standin-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Year = '2022' | '2025';
const DRIVERS = ['viostor', 'vioscsi', 'NetKVM'];

const answers = (change: Partial<SetupAnswers> = {}): string =>
  setupAnswerFile({
    product: windowsProduct('2022'),
    machine: { firmware: 'bios', memoryMB: 1024, cores: 1, tpm: false, secureBoot: false },
    uiLanguage: 'en-US',
    keyboard: 'en-US',
    systemLocale: 'en-US',
    userLocale: 'en-US',
    timeZone: 'UTC',
    edition: 2,
    productKey: null,
    organization: 'Stand-in',
    administratorPassword: 'Aa1&<"$(reboot)',
    ...change,
  });

/** A CD with this answer file and the drivers of one Windows. */
function buildCd(name: string, text: string, drivers: string): string {
  const root = join(dir, name);
  mkdirSync(join(root, '$WinPEDriver$'), { recursive: true });
  writeFileSync(join(root, 'Autounattend.xml'), text);
  for (const driver of DRIVERS)
    execFileSync(
      'xorriso',
      [
        ...['-osirrox', 'on', '-indev', labEnv().media.virtioIso],
        ...['-extract', `/${driver}/${drivers}/amd64`, join(root, '$WinPEDriver$', driver)],
      ],
      { stdio: 'pipe' },
    );
  const iso = `${root}.iso`;
  execFileSync('genisoimage', [
    ...['-quiet', '-J', '-joliet-long', '-R', '-V', 'CASEMENT'],
    ...['-o', iso, root],
  ]);
  return iso;
}

/** Starts Setup on an empty disk; the lines of COM1 up to the first one that `until` fits. */
async function setup(year: Year, cd: string, until: RegExp): Promise<string[]> {
  const disk = `${cd}.qcow2`;
  const serial = `${cd}.serial`;
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '20G']);
  const windows = join(dirname(labEnv().media.windowsIso), `windows-server-${year}-standin.iso`);
  const child = spawn(
    'qemu-system-x86_64',
    [
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-machine', 'pc', '-cpu', 'Nehalem'],
      ...['-accel', 'tcg', '-m', '1024', '-vga', 'std', '-nic', 'none', '-serial', `file:${serial}`],
      ...['-drive', `if=none,id=disk,format=qcow2,file=${disk}`, '-device', 'virtio-blk-pci,drive=disk'],
      ...[windows, cd].flatMap((file, at) => [
        ...['-drive', `if=none,id=cd${at},format=raw,readonly=on,file=${file}`],
        ...['-device', `ide-cd,bus=ide.${at},drive=cd${at},bootindex=${at}`],
      ]),
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = (): string[] => {
    const text = readFileSync(serial, { encoding: 'latin1', flag: 'a+' });
    return [...text.matchAll(/(standin|casement): .*$/gm)].map(([line]) => line.trim());
  };
  try {
    for (let tenths = 0; child.exitCode === null && tenths < 2400; tenths += 1) {
      await pause(100);
      const end = lines().findIndex((line) => until.test(line));
      if (end >= 0) return lines().slice(0, end + 1);
    }
    return lines();
  } finally {
    child.kill();
    await ended;
  }
}

const KEY = 'VDYBN-27WPP-V4HQT-9VMD4-VMK7H';

describe('the stand-in with an answer file', { timeout: 300_000 }, () => {
  it.each<[string, string, string, string, Year?, string?]>([
    ['a stray byte', `${answers()}x`, 'answer file ignored', 'language'],
    ['an unknown prefix', answers().replaceAll('xmlns:wcm', 'xmlns:foo'), 'answer file ignored', 'language'],
    ['a language that is not on the CD', answers({ uiLanguage: 'fr-FR' }), 'answer file found', 'language'],
    ['an edition that is not there', answers({ edition: 9 }), 'answer file found', 'edition'],
    ['an empty key', answers({ productKey: '' }), 'answer file found', 'key'],
    [
      'a key on evaluation media',
      answers({ productKey: KEY }),
      'refused key-on-evaluation',
      'failed',
      '2025',
    ],
    ['drivers of another Windows', answers(), 'refused disk-configuration no-disk', 'failed', '2022', '2k25'],
    [
      'partitions for UEFI',
      answers({ machine: { firmware: 'uefi', memoryMB: 1024, cores: 1, tpm: false, secureBoot: false } }),
      'refused disk-configuration gpt-on-bios',
      'failed',
    ],
    [
      'another disk',
      answers().replaceAll('<DiskID>0</DiskID>', '<DiskID>1</DiskID>'),
      'refused disk-configuration disk-id',
      'failed',
    ],
    [
      'a partition that is not there',
      answers().replace(
        '<PartitionID>2</PartitionID>\n          </InstallTo>',
        '<PartitionID>5</PartitionID></InstallTo>',
      ),
      'refused image-install no-partition',
      'failed',
    ],
  ])('stops at %s', async (name, text, said, screen, year = '2022', drivers = '2k22') => {
    const cd = buildCd(name.replaceAll(' ', '-'), text, drivers);
    const lines = await setup(year, cd, /screen setup-(language|edition|key|disk|failed|restart)/);
    expect(lines).toContain(`standin: ${said}`);
    expect(lines.at(-1)).toBe(`standin: screen setup-${screen}`);
  });
});
