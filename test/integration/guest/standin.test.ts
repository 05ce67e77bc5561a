// The laboratory's stand-in for Windows Setup reads the product's answer files as Setup does, and stops where Windows stops.
// Whole installations are in test/integration/run/hands-free.test.ts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type SetupAnswers, setupAnswerFile } from '../../../electron/guest/answer-setup.ts';
import { localHost } from '../../../electron/host/index.ts';
import { buildMachine } from '../../../electron/machine/index.ts';
import { runPhase } from '../../../electron/run/stages/vm.ts';
import { watchBuild } from '../../../electron/run/stages/watch-build.ts';
import type { StageContext } from '../../../electron/run/types.ts';
import { SETUP_SCREENS } from '../../../shared/setup-screens.ts';
import type { Progress } from '../../../shared/stages.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { specFor } from '../../unit/machine/spec.ts';
import { until } from '../../until.ts';
import { labEnv } from '../lab.ts';
import { thisProbe } from './disks.ts';

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

/** What a build told somebody who watched it. */
interface Watched {
  readonly com1: readonly string[];
  readonly said: readonly string[];
  readonly notes: readonly string[];
  readonly pictures: readonly string[];
}

/** Starts Setup on an empty disk, as a build does, and watches until it stands still at one of the screens. */
async function watchSetup(year: Year, cd: string, screen: RegExp): Promise<Watched> {
  const work = mkdtempSync(join(dir, 'build-'));
  const disk = join(work, 'disk.qcow2');
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '20G']);
  const { plan } = specFor('2022', { firmware: 'bios', type: 'pc', memoryMB: 1024, cores: 1, accel: 'tcg' });
  const windows = join(dirname(labEnv().media.windowsIso), `windows-server-${year}-standin.iso`);
  const said: string[] = [];
  const notes: string[] = [];
  const host = localHost();
  const context = {
    plan,
    facts: {
      ...{ dir: work, disk, probe: thisProbe('root'), media: { windows: { path: windows } } },
      edition: { index: 2, name: 'Standard', bytes: 1e9 },
    },
    ports: { host: async () => host },
    progress: ({ message }: Progress) => void said.push(message),
    note: async (_: unknown, message: string) => void notes.push(message),
  } as unknown as StageContext;
  const com1 = (): string[] => {
    const text = readFileSync(join(work, 'serial.log'), { encoding: 'latin1', flag: 'a+' });
    return [...text.matchAll(/(standin|casement): .*$/gm)].map(([line]) => line.trim());
  };
  const stop = new AbortController();
  const phase = runPhase(
    context,
    'install',
    { sentence: null, buildCd: cd, watch: watchBuild(context, 'install', PATIENCE) },
    stop.signal,
  ).catch((thrown: unknown) => {
    if (!stop.signal.aborted) throw thrown;
  });
  try {
    await until('the screen of Setup', () => com1().some((line) => screen.test(line)), STAND_MS);
    said.length = 0;
    await until(
      'the sentence that nothing changes',
      () => said.some((message) => message.startsWith('Nothing has changed')),
      STAND_MS,
    );
    const film = join(work, 'film');
    return { com1: com1(), said, notes, pictures: readdirSync(film).map((name) => join(film, name)) };
  } finally {
    stop.abort();
    await phase;
    await buildMachine(host, work, 'install').stop();
  }
}

const PATIENCE = { pictureMs: 1000, stuckMs: 4000 };

/** How long Setup may take to its screen, and the watch to see that it stands still, in ms. */
const STAND_MS = 240_000;

const KEY = 'VDYBN-27WPP-V4HQT-9VMD4-VMK7H';

describe('the stand-in with an answer file', { timeout: 300_000 }, () => {
  it.each<[string, string, string, string, string, Year?, string?]>([
    ['a stray byte', `${answers()}x`, 'answer file ignored', 'language', 'language'],
    [
      'an unknown prefix',
      answers().replaceAll('xmlns:wcm', 'xmlns:foo'),
      'answer file ignored',
      'language',
      'language',
    ],
    [
      'a language that is not on the CD',
      answers({ uiLanguage: 'fr-FR' }),
      'answer file found',
      'language',
      'language',
    ],
    ['an edition that is not there', answers({ edition: 9 }), 'answer file found', 'edition', 'edition'],
    ['an empty key', answers({ productKey: '' }), 'answer file found', 'key', 'product-key'],
    [
      'a key on evaluation media',
      answers({ productKey: KEY }),
      'refused key-on-evaluation',
      'failed',
      'product-key',
      '2025',
    ],
    [
      'drivers of another Windows',
      answers(),
      'refused disk-configuration no-disk',
      'failed',
      'disk',
      '2022',
      '2k25',
    ],
    [
      'partitions for UEFI',
      answers({ machine: { firmware: 'uefi', memoryMB: 1024, cores: 1, tpm: false, secureBoot: false } }),
      'refused disk-configuration gpt-on-bios',
      'failed',
      'disk',
    ],
    [
      'another disk',
      answers().replaceAll('<DiskID>0</DiskID>', '<DiskID>1</DiskID>'),
      'refused disk-configuration disk-id',
      'failed',
      'disk',
    ],
    [
      'a partition that is not there',
      answers().replace(
        '<PartitionID>2</PartitionID>\n          </InstallTo>',
        '<PartitionID>5</PartitionID></InstallTo>',
      ),
      'refused image-install no-partition',
      'failed',
      'disk',
    ],
  ])('stops at %s, and the admin reads what its screen means', async (...given) => {
    const [name, text, answered, screen, meaning, year = '2022', drivers = '2k22'] = given;
    const cd = buildCd(name.replaceAll(' ', '-'), text, drivers);
    const { com1, said, notes, pictures } = await watchSetup(
      year,
      cd,
      /screen setup-(language|edition|key|disk|failed|restart)/,
    );
    expect(com1).toContain(`standin: ${answered}`);
    expect(com1.at(-1)).toBe(`standin: screen setup-${screen}`);
    expect(said.at(-1)).toMatch(
      /^Nothing has changed for \d+ minutes: Windows may wait for an answer\. Look at its screen\.$/,
    );
    const row = SETUP_SCREENS.find(({ id }) => id === meaning);
    expect(notes).toContain(`If it shows this: ${row?.shows}. ${row?.means} ${row?.todo}`);
    const last = notes.findLast((note) => note.startsWith('Nothing changes any more'));
    expect(pictures).toContain(/on the host: (.*)$/.exec(last ?? '')?.[1]);
  });
});
