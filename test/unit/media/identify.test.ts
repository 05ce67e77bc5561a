import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { localHost } from '../../../electron/host/index.ts';
import { identifyMedia } from '../../../electron/media/identify.ts';
import { hostSource } from '../../../electron/media/places.ts';
import { CasementError } from '../../../shared/errors.ts';
import type { WindowsMediaFacts } from '../../../shared/media-facts.ts';
import { type ImageSpec, inMemory, installer, makeWim, masterBridge } from './samples.ts';

const work = mkdtempSync(join(tmpdir(), 'casement-media-'));
afterAll(() => rmSync(work, { recursive: true }));

const SERVER_2022: ImageSpec[] = [
  { name: 'Windows Server 2022 SERVERSTANDARDCORE', edition: 'ServerStandard', type: 'Server Core' },
  {
    name: 'Windows Server 2022 SERVERSTANDARD',
    displayName: 'Windows Server 2022 Standard (Desktop Experience)',
    edition: 'ServerStandard',
    type: 'Server',
  },
];

let count = 0;
const place = (): string => {
  count += 1;
  const folder = join(work, `${count}`);
  mkdirSync(folder);
  return folder;
};

function windowsCd(images: readonly ImageSpec[], file = 'install.wim', boot = true): Buffer {
  const folder = place();
  const content = join(folder, 'cd');
  makeWim(folder, `cd/sources/${file}`, images, file.endsWith('.esd'));
  return masterBridge(content, join(folder, 'cd.iso'), { boot });
}

async function windows(cd: Buffer): Promise<WindowsMediaFacts> {
  const { facts } = await identifyMedia(inMemory(cd));
  if (facts.kind !== 'windows') throw new Error(`told as ${facts.kind}`);
  return facts;
}

const serverCd = windowsCd(SERVER_2022);

function virtioCd(words: readonly string[] = ['-R', '-V', 'virtio-win-0.1.285']): Buffer {
  const folder = place();
  const files = {
    'NetKVM/2k22/amd64/netkvm.inf': '',
    'NetKVM/w10/x86/netkvm.inf': '',
    'viostor/2k12R2/amd64/viostor.inf': '',
    'viostor/2k22/amd64/viostor.inf': '',
    'viostor/w10/ARM64/viostor.inf': '',
    'amd64/2k22/viostor.inf': '',
    'data/info.json': JSON.stringify({
      drivers: [{ driver_version: '61.77.104.17200' }, { driver_version: '100.96.104.28500' }],
    }),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'cd', name)), { recursive: true });
    writeFileSync(join(folder, 'cd', name), text);
  }
  const iso = join(folder, 'virtio.iso');
  execFileSync('genisoimage', ['-quiet', '-iso-level', '4', ...words, '-o', iso, join(folder, 'cd')]);
  return readFileSync(iso);
}

const msi = installer({
  ProductName: 'Cloudbase-Init 1.1.8',
  Manufacturer: 'Cloudbase Solutions Srl',
  ProductVersion: '1.1.8.0',
});

describe('a Windows CD', () => {
  it('is known by its WIM, with its editions in the order of Setup', async () => {
    const found = await identifyMedia(inMemory(serverCd));
    expect(found.facts).toMatchObject({
      kind: 'windows',
      product: '2022',
      title: 'Windows Server 2022',
      build: 20348,
      arch: 'amd64',
      languages: ['en-US', 'de-DE'],
      evaluation: false,
      boot: { bios: true, uefi: false },
      notes: [],
    });
    expect((found.facts as WindowsMediaFacts).images).toMatchObject([
      { index: 1, edition: 'ServerStandard', installationType: 'Server Core' },
      {
        index: 2,
        displayName: 'Windows Server 2022 Standard (Desktop Experience)',
        installationType: 'Server',
      },
    ]);
    console.log(`a Windows CD: ${found.bytesRead} bytes in ${found.reads} reads`);
    expect(found.bytesRead).toBeLessThan(2 * 1024 * 1024);
    expect(found.reads).toBeLessThan(40);
  });

  it('may hold a solid ESD instead, whatever the case of its name', async () => {
    const cd = windowsCd(
      [{ name: 'Windows 11 Pro', edition: 'Professional', type: 'Client', build: 26100 }],
      'install.esd',
    );
    expect(await windows(cd)).toMatchObject({ product: '11', title: 'Windows 11 (version 24H2 or later)' });
    const loud = windowsCd(
      [{ name: 'x', edition: 'Enterprise', type: 'Client', build: 19041 }],
      'INSTALL.WIM',
    );
    expect(await windows(loud)).toMatchObject({ product: '10', title: 'Windows 10 (version 2004 to 22H2)' });
  });

  it('is told as evaluation by its editions', async () => {
    const cd = windowsCd([{ name: 'x', edition: 'ServerStandardEval', type: 'Server', build: 26100 }]);
    expect(await windows(cd)).toMatchObject({ product: '2025', evaluation: true });
  });

  it.each([
    ['arm64', { arch: 12 }, /ARM processors/],
    ['x86', { arch: 0 }, /32-bit/],
    ['rtm', { build: 7600 }, /without Service Pack 1/],
    ['unknown', { build: 9200, type: 'Client' as const }, /build 9200/],
  ])('that cannot be used says why: %s', async (id, change, text) => {
    const facts = await windows(
      windowsCd([{ name: 'x', edition: 'ServerStandard', type: 'Server', ...change }]),
    );
    expect(facts.product).toBeNull();
    expect(facts.notes).toMatchObject([{ level: 'problem', id, text: expect.stringMatching(text) }]);
  });

  it('that does not start a computer, or is split, says so', async () => {
    expect((await windows(windowsCd(SERVER_2022, 'install.wim', false))).notes).toMatchObject([
      { id: 'not-bootable' },
    ]);
    expect((await windows(windowsCd(SERVER_2022, 'install.swm'))).notes).toMatchObject([{ id: 'split' }]);
  });

  it('of 8 GB costs no more reading than a small one', async () => {
    const file = join(place(), 'large.iso');
    writeFileSync(file, serverCd);
    truncateSync(file, 8 * 2 ** 30);
    const [large, small] = [
      await identifyMedia(await hostSource(localHost(), file)),
      await identifyMedia(inMemory(serverCd)),
    ];
    console.log(`an 8 GB Windows CD: ${large.bytesRead} bytes in ${large.reads} reads`);
    expect(large.facts).toEqual(small.facts);
    expect(large.reads).toBe(small.reads);
    expect(large.bytesRead).toBeLessThan(2 * 2 ** 20);
  });

  it('that holds two architectures says so', async () => {
    const cd = windowsCd(
      [{ name: 'Windows 10 Pro', edition: 'Professional', type: 'Client', build: 19041 }],
      '../x64/sources/install.esd',
    );
    const facts = await windows(cd);
    expect(facts.product).toBe('10');
    expect(facts.notes).toMatchObject([{ level: 'problem', id: 'two-architectures' }]);
  });

  it('cut off anywhere is called damaged', async () => {
    for (const keep of [0.999, 0.9, 0.6, 0.2]) {
      const cut = inMemory(serverCd.subarray(0, Math.floor(serverCd.length * keep)));
      await expect(identifyMedia(cut)).rejects.toMatchObject({ code: 'media.damaged' });
    }
  });
});

describe('a driver CD', () => {
  it.each([
    ['Rock Ridge', ['-R', '-V', 'virtio-win-0.1.285']],
    ['Joliet', ['-J', '-V', 'virtio-win-0.1.285']],
    ['another label', ['-R', '-V', 'DRIVERS']],
  ])('tells version and 64-bit folders, with %s', async (_, words) => {
    expect((await identifyMedia(inMemory(virtioCd(words)))).facts).toEqual({
      kind: 'virtio-win',
      version: '0.1.285',
      folders: { NetKVM: ['2k22'], viostor: ['2k12R2', '2k22'] },
      notes: [],
    });
  });
});

describe('an installer package', () => {
  it('is Cloudbase-Init with its version, or another program', async () => {
    expect((await identifyMedia(inMemory(msi))).facts).toEqual({
      kind: 'cloudbase-init',
      version: '1.1.8',
      notes: [],
    });
    const other = installer({ ProductName: 'QEMU guest agent', ProductVersion: '110.0.2' });
    expect((await identifyMedia(inMemory(other))).facts).toMatchObject({
      kind: 'other',
      what: 'the installer of QEMU guest agent',
    });
  });
});

test.each(['1.02', '1.50', '2.01'])('an empty UDF %s is read to its end', async (version) => {
  const file = join(place(), 'udf.img');
  execFileSync('truncate', ['-s', '8M', file]);
  execFileSync(
    'mkudffs',
    ['--blocksize=2048', '--media-type=dvd', `--udfrev=${version}`, '--label=EMPTY', file],
    {
      stdio: 'ignore',
    },
  );
  expect((await identifyMedia(inMemory(readFileSync(file)))).facts).toEqual({
    kind: 'other',
    what: 'a CD without Windows and without drivers (EMPTY)',
    notes: [],
  });
});

test('what is no medium at all is named', async () => {
  const facts = async (text: string) => (await identifyMedia(inMemory(Buffer.from(text)))).facts;
  expect(await facts('<!DOCTYPE html><html>')).toMatchObject({
    kind: 'other',
    what: expect.stringMatching(/web page/),
  });
  expect(await facts('')).toMatchObject({ kind: 'other' });
});

test('20,000 damaged media never crash it, hang it or fill the memory', { timeout: 120_000 }, async () => {
  const random = seeded(20_261_126);
  const before = process.memoryUsage().rss;
  const slowest = { ms: 0 };
  const ends = new Map<string, number>();
  for (const [base, rounds] of [
    [serverCd, 14_000],
    [virtioCd(), 4_000],
    [msi, 2_000],
  ] as const) {
    const filled = filledBlocks(base);
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now();
      const end = await identifyMedia(inMemory(mutated(base, filled, random))).then(
        ({ facts }) => facts.kind,
        (error: unknown) => (error instanceof CasementError ? error.code : `${error}`),
      );
      slowest.ms = Math.max(slowest.ms, performance.now() - began);
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
  }
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  console.log(
    `slowest ${slowest.ms.toFixed(0)} ms, memory ${grown.toFixed(0)} MiB more`,
    Object.fromEntries(ends),
  );
  expect([...ends.keys()].sort()).toEqual([
    'cloudbase-init',
    'media.damaged',
    'other',
    'virtio-win',
    'windows',
  ]);
  expect(slowest.ms).toBeLessThan(2000);
  expect(grown).toBeLessThan(600);
});

/** Mulberry32: the same numbers in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Blocks of 64 bytes that hold anything: a change elsewhere changes nothing. */
function filledBlocks(bytes: Buffer): number[] {
  const zero = Buffer.alloc(64);
  return Array.from({ length: Math.floor(bytes.length / 64) }, (_, at) => at * 64).filter(
    (at) => !bytes.subarray(at, at + 64).equals(zero),
  );
}

function mutated(base: Buffer, filled: readonly number[], random: (below: number) => number): Buffer {
  const bytes = Buffer.from(base);
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const at = (filled[random(filled.length)] ?? 0) + random(61);
    const values = [0, 1, 0x7fffffff, 0xffffffff, random(2 ** 32), random(bytes.length), random(1000)];
    if (random(2) === 0) bytes[at] = random(256);
    else bytes.writeUInt32LE(values[random(values.length)] ?? 0, at);
  }
  return random(10) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}
