import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { injectFile, locateWindows } from '../../../electron/guest/index.ts';
import { copyWith, workFolder } from '../../../electron/guest/methods.ts';
import { openDisk } from '../../../electron/guest/reader.ts';
import { localHost } from '../../../electron/host/local.ts';
import { until } from '../../until.ts';
import { leaveAll, meet, specOf } from '../host/bench.ts';
import { labEnv } from '../lab.ts';
import { applianceKernel } from './appliance.ts';
import { Disks, KINDS, type Kind, sha256, thisProbe } from './disks.ts';

const host = localHost();
const disks = new Disks();
const MSI = join(disks.dir, 'CloudbaseInitSetup_x64.msi');
const { signal } = new AbortController();
const root = thisProbe('root');
const code = (expected: string) => expect.objectContaining({ code: expected });
const inject = (disk: string, more: Partial<Parameters<typeof injectFile>[2]> = {}) =>
  injectFile(host, root, { disk, source: MSI, method: 'fuse', signal, ...more });

beforeAll(() => {
  writeFileSync(MSI, Buffer.alloc(3_000_001, 'an installer of an odd length '));
  chmodSync(MSI, 0o644);
  // All at once would only make two cores wait for each other.
  for (const kind of KINDS) disks.fresh(kind);
}, 300_000);
afterEach(leaveAll);
afterAll(() => disks.remove());

/** What virt tools would see: the file read from the disk by means of its own. */
async function readBack(disk: string, guestPath: string): Promise<string> {
  const { offset, size } = await locateWindows(host, root, disk);
  const raw = `${disk}.raw`;
  const part = JSON.stringify({
    driver: 'raw',
    offset,
    size,
    file: { driver: 'qcow2', file: { driver: 'file', filename: disk } },
  });
  execFileSync('qemu-img', ['convert', '-O', 'raw', `json:${part}`, raw]);
  const { stdout } = await promisify(execFile)('ntfscat', [raw, guestPath], {
    encoding: 'buffer',
    maxBuffer: 1e8,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  return stdout.toString('latin1');
}

describe('finding Windows', () => {
  it.each<[Kind, object]>([
    ['mbr', { partition: 2, offset: 351 * 2 ** 20, windows: '/Windows', state: 'clean' }],
    ['mbr-single', { partition: 1, offset: 2 ** 20, windows: '/Windows', state: 'clean' }],
    ['gpt', { partition: 3, offset: 117 * 2 ** 20, windows: '/Windows', state: 'clean' }],
    ['public-desktop', { partition: 2, state: 'clean' }],
    ['dirty', { partition: 2, state: 'dirty' }],
    ['hibernated', { partition: 2, state: 'hibernated' }],
    ['bitlocker', { partition: 2, state: 'bitlocker' }],
  ])('on a disk of kind %s tells partition and state, and changes nothing', async (kind, expected) => {
    const disk = disks.fresh(kind);
    const before = sha256(disk);
    expect(await locateWindows(host, root, disk)).toMatchObject(expected);
    expect(sha256(disk)).toBe(before);
  });

  it.each<Kind>(['no-windows', 'linux', 'corrupt'])(
    'on a disk of kind %s says there is none',
    async (kind) => {
      await expect(locateWindows(host, root, disks.fresh(kind))).rejects.toThrow(code('guest.no-windows'));
    },
  );

  it('of a file that is not there or no disk says so', async () => {
    await expect(locateWindows(host, root, '/nowhere.qcow2')).rejects.toThrow(code('guest.disk-unreadable'));
    await expect(locateWindows(host, root, MSI)).rejects.toThrow(code('guest.no-windows'));
  });
});

describe('putting a file into Windows', () => {
  it.each<[Kind, string]>([
    ['mbr', '/Users/Administrator/Desktop/CloudbaseInitSetup_x64.msi'],
    ['mbr-single', '/Users/Administrator/Desktop/CloudbaseInitSetup_x64.msi'],
    ['gpt', '/Users/Administrator/Desktop/CloudbaseInitSetup_x64.msi'],
    ['public-desktop', '/Users/Public/Desktop/CloudbaseInitSetup_x64.msi'],
  ])('on a disk of kind %s lays it on the right desktop', async (kind, guestPath) => {
    const disk = disks.fresh(kind);
    const messages: string[] = [];
    const injected = await inject(disk, { onProgress: ({ message }) => messages.push(message) });
    expect(injected).toMatchObject({ guestPath, method: 'fuse', bytes: 3_000_001, sha256: sha256(MSI) });
    expect(await readBack(disk, guestPath)).toBe(readFileSync(MSI, 'latin1'));
    expect(execFileSync('qemu-img', ['check', disk], { encoding: 'utf8' })).toContain('No errors');
    expect(existsSync(workFolder(disk))).toBe(false);
    expect(messages).toEqual(['Finding Windows on the disk', 'Copying and reading back', 'Verified']);
  });

  it.each<[Kind, string]>([
    ['dirty', 'guest.dirty'],
    ['hibernated', 'guest.hibernated'],
    ['bitlocker', 'guest.bitlocker'],
    ['no-windows', 'guest.no-windows'],
    ['linux', 'guest.no-windows'],
    ['corrupt', 'guest.no-windows'],
  ])('refuses a disk of kind %s with %s and leaves every byte as it was', async (kind, expected) => {
    const disk = disks.fresh(kind);
    const before = sha256(disk);
    await expect(inject(disk)).rejects.toThrow(code(expected));
    expect(sha256(disk)).toBe(before);
    expect(existsSync(workFolder(disk))).toBe(false);
  });

  it('refuses a disk that a VM has open and leaves every byte as it was', async () => {
    const disk = disks.fresh('mbr');
    const before = sha256(disk);
    const vm = spawn('qemu-system-x86_64', [
      '-S',
      '-display',
      'none',
      '-nodefaults',
      '-accel',
      'tcg',
      '-drive',
      `file=${disk},format=qcow2,if=virtio`,
    ]);
    try {
      const asked = () => host.run(['qemu-img', 'info', disk], { allowFailure: true });
      await until('the VM holds its disk', async () => (await asked()).stderr.includes('lock'));
      await expect(inject(disk)).rejects.toThrow(code('guest.disk-in-use'));
      expect(sha256(disk)).toBe(before);
    } finally {
      vm.kill('SIGKILL');
    }
  });

  it('writes nothing when the same file is there already', async () => {
    const disk = disks.fresh('mbr');
    await inject(disk);
    const { mtimeMs } = statSync(disk);
    const before = sha256(disk);
    expect(await inject(disk)).toMatchObject({ sha256: sha256(MSI) });
    expect(sha256(disk)).toBe(before);
    expect(statSync(disk).mtimeMs).toBe(mtimeMs);
  });

  it('replaces another file of that name, longer or shorter', async () => {
    const disk = disks.fresh('mbr');
    await inject(disk);
    const folder = disks.fresh('corrupt').replace(/\/[^/]+$/, '');
    const source = join(folder, 'CLOUDBASEINITSETUP_X64.MSI');
    writeFileSync(source, 'short');
    const { guestPath } = await inject(disk, { source });
    expect(guestPath).toBe('/Users/Administrator/Desktop/CloudbaseInitSetup_x64.msi');
    expect(await readBack(disk, guestPath)).toBe('short');
  });

  it('takes a folder written as Windows or as Linux does, in any case, and a hostile file name as it is', async () => {
    const disk = disks.fresh('mbr');
    const source = join(disks.dir, "-q $(touch x) 'é 文'; &.txt");
    writeFileSync(source, 'data');
    const { guestPath } = await inject(disk, { source, guestDir: 'c:\\users\\PUBLIC\\desktop' });
    expect(guestPath).toBe("/Users/Public/Desktop/-q $(touch x) 'é 文'; &.txt");
    expect(await readBack(disk, guestPath)).toBe('data');
  });

  it.each([
    ['guest.no-folder', { guestDir: 'Users/Nobody/Desktop' }],
    ['guest.no-folder', { guestDir: 'Users/../Windows' }],
    ['guest.no-folder', { guestDir: 'Windows/explorer.exe' }],
    ['guest.no-source', { source: '/nowhere/a.msi' }],
    ['guest.bad-name', { source: '/nowhere/a:b.msi' }],
    ['guest.bad-name', { source: '/nowhere/con.msi' }],
  ])('refuses with %s what cannot be: %j', async (expected, more) => {
    const disk = disks.fresh('mbr');
    const before = sha256(disk);
    await expect(inject(disk, more)).rejects.toThrow(code(expected));
    expect(sha256(disk)).toBe(before);
  });

  it('tidies up after a copy that was killed, whose daemon still holds the disk', async () => {
    const disk = disks.fresh('mbr');
    const opened = await openDisk(host, disk);
    const location = await locateWindows(host, root, disk);
    // A source that never ends keeps the program busy until it is killed.
    const fifo = join(disks.dir, 'endless.msi');
    execFileSync('mkfifo', [fifo]);
    const [program = '', ...args] = copyWith('fuse', {
      disk: opened,
      location,
      source: fifo,
      guestPath: '/Users/Public/Desktop/endless.msi',
      compareFirst: false,
      plain: true,
      sudo: false,
    });
    const copy = spawn(program, args, { detached: true, stdio: 'ignore' });
    const pidFile = join(workFolder(disk), 'pid');
    await until('the program has begun', () => existsSync(pidFile));
    const daemon = Number(readFileSync(pidFile, 'utf8'));
    await expect(inject(disk)).rejects.toThrow(code('guest.disk-in-use'));
    process.kill(-(copy.pid ?? 0), 'SIGKILL');
    expect(existsSync(`/proc/${daemon}`)).toBe(true);
    expect(await inject(disk)).toMatchObject({ sha256: sha256(MSI) });
    // Ended; whether somebody has reaped it is no matter.
    const cmdline = `/proc/${daemon}/cmdline`;
    expect(existsSync(cmdline) ? readFileSync(cmdline, 'utf8') : '').toBe('');
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(workFolder(disk));
  });
});

describe('an account without root rights, over SSH', () => {
  it('puts the file in, verifies it, and leaves nothing behind', async () => {
    const owner = /\/\/([^@]+)@/.exec(labEnv().hosts.user.address)?.[1] ?? '';
    const disk = disks.fresh('mbr', owner);
    const { host: remote } = await meet(specOf('user'));
    const started = Date.now();
    const injected = await injectFile(remote, thisProbe('plain'), {
      disk,
      source: MSI,
      method: 'fuse',
      signal,
    });
    console.log(`injected over SSH as ${owner} in ${Date.now() - started} ms`);
    expect(injected).toMatchObject({ method: 'fuse', sha256: sha256(MSI) });
    expect(await readBack(disk, injected.guestPath)).toBe(readFileSync(MSI, 'latin1'));
    expect(existsSync(workFolder(disk))).toBe(false);
  });
});

describe('guestfish', () => {
  it('puts the file in where there is no FUSE export', async () => {
    Object.assign(process.env, applianceKernel());
    const disk = disks.fresh('gpt');
    const injected = await inject(disk, { method: 'guestfish' });
    expect(injected).toMatchObject({ method: 'guestfish', sha256: sha256(MSI) });
    expect(await readBack(disk, injected.guestPath)).toBe(readFileSync(MSI, 'latin1'));
    expect(existsSync(workFolder(disk))).toBe(false);
  }, 240_000);
});
