import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { injectFile, inspectDisk } from '../../../electron/guest/index.ts';
import { localHost } from '../../../electron/host/local.ts';
import { leaveAll, meet, specOf } from '../host/bench.ts';
import { labEnv } from '../lab.ts';
import { type Contents, Disks, type Kind, sha256, thisProbe } from './disks.ts';

const host = localHost();
const disks = new Disks();
const { signal } = new AbortController();
afterAll(() => disks.remove());

/** Ids of all checks but those of a finding that is told apart. */
const HIDDEN_BY_BITLOCKER = [
  ...[
    'sysprep',
    'image-state',
    'sysprep-errors',
    'storage-driver',
    'network-driver',
    'other-drivers',
    'rdp',
    'firewall',
  ],
  ...['cloudbase-init', 'cloudbase-settings', 'guest-agent', 'answer-files', 'pending-reboot', 'hibernation'],
  ...['ntfs-clean', 'registry', 'clock'],
];

describe('looking at a finished disk', { timeout: 120_000 }, () => {
  it.each<[Kind, Contents, 'good' | 'bad', Record<string, string>]>([
    ['mbr', 'good', 'good', {}],
    ['gpt', 'good', 'good', {}],
    ['gpt-recovery', 'good', 'good', { 'recovery-partition': 'warned' }],
    ['mbr', 'unsysprepped', 'bad', { sysprep: 'failed', 'image-state': 'failed' }],
    [
      'mbr',
      'driverless',
      'bad',
      {
        'storage-driver': 'failed',
        'network-driver': 'failed',
        'other-drivers': 'warned',
        'guest-agent': 'warned',
      },
    ],
    ['mbr', 'no-rdp', 'bad', { rdp: 'failed', firewall: 'failed' }],
    ['dirty', 'good', 'bad', { 'ntfs-clean': 'failed' }],
    ['hibernated', 'good', 'bad', { hibernation: 'failed' }],
    [
      'bitlocker',
      'good',
      'bad',
      { bitlocker: 'failed', ...Object.fromEntries(HIDDEN_BY_BITLOCKER.map((id) => [id, 'unknown'])) },
    ],
  ])(
    'of kind %s, %s, says %s, with exactly these findings, and changes nothing',
    async (kind, contents, verdict, findings) => {
      const disk = disks.fresh(kind, undefined, contents);
      const before = sha256(disk);
      const found = await inspectDisk(host, disk);
      expect(found.verdict).toBe(verdict);
      if (kind === 'bitlocker') expect(found).toMatchObject({ product: null, title: null, build: null });
      else expect(found).toMatchObject({ product: '2022', title: 'Windows Server 2022', build: 20348 });
      const notPassed = found.checks.filter(({ status }) => status !== 'passed');
      expect(Object.fromEntries(notPassed.map(({ id, status }) => [id, status]))).toEqual(findings);
      for (const { remedy } of notPassed) expect(remedy).not.toBe('');
      expect(sha256(disk)).toBe(before);
    },
  );

  it('tells the value and the place where it was read', async () => {
    const { checks } = await inspectDisk(host, disks.fresh('mbr', undefined, 'no-rdp'));
    const rdp = checks.find(({ id }) => id === 'rdp');
    expect(rdp?.evidence).toContain(
      'HKLM\\SYSTEM\\ControlSet001\\Control\\Terminal Server!fDenyTSConnections = 1',
    );
  });

  it('says that a registry is damaged, and what else it saw', async () => {
    const disk = disks.fresh('mbr', undefined, 'good');
    const source = join(disks.dir, 'SYSTEM');
    writeFileSync(source, Buffer.alloc(20_000, 'spoilt'));
    await injectFile(host, thisProbe('root'), { disk, source, guestDir: 'Windows/System32/config', signal });
    const found = await inspectDisk(host, disk);
    expect(found).toMatchObject({ verdict: 'bad', product: '2022', build: 20348 });
    const status = Object.fromEntries(found.checks.map((check) => [check.id, check.status]));
    expect(status).toMatchObject({
      registry: 'failed',
      rdp: 'unknown',
      'image-state': 'passed',
      'ntfs-clean': 'passed',
    });
  });

  it('takes images of other formats, and refuses what has no Windows', async () => {
    const qcow2 = disks.fresh('mbr', undefined, 'good');
    const vmdk = `${qcow2}.vmdk`;
    execFileSync('qemu-img', ['convert', '-O', 'vmdk', qcow2, vmdk]);
    expect(await inspectDisk(host, vmdk)).toMatchObject({ verdict: 'good' });
    for (const kind of ['no-windows', 'linux', 'corrupt'] as const)
      await expect(inspectDisk(host, disks.fresh(kind))).rejects.toMatchObject({ code: 'guest.no-windows' });
  });

  it('works over SSH for an account without rights, with few questions to the host', async () => {
    const owner = /\/\/([^@]+)@/.exec(labEnv().hosts.user.address)?.[1] ?? '';
    const disk = disks.fresh('mbr', owner, 'good');
    const { host: remote } = await meet(specOf('user'));
    let asked = 0;
    const counted = {
      ...remote,
      run: (...args: Parameters<typeof remote.run>) => {
        asked += 1;
        return remote.run(...args);
      },
    };
    const began = Date.now();
    expect(await inspectDisk(counted, disk)).toMatchObject({ verdict: 'good' });
    console.log(`inspected over SSH in ${Date.now() - began} ms, ${asked} questions`);
    expect(asked).toBeLessThan(40);
    await leaveAll();
  });

  it('is a command that prints JSON and ends with 1 for a bad image', () => {
    const inspect = (disk: string, ...words: string[]) => {
      try {
        const stdout = execFileSync(
          process.execPath,
          ['electron/cli.ts', 'image', 'inspect', disk, ...words],
          { encoding: 'utf8' },
        );
        return { code: 0, stdout };
      } catch (thrown) {
        const { status, stdout } = thrown as { status: number; stdout: string };
        return { code: status, stdout };
      }
    };
    const good = inspect(disks.fresh('mbr', undefined, 'good'), '--json');
    expect(good.code).toBe(0);
    const printed = JSON.parse(good.stdout) as Record<string, unknown>;
    expect(Object.keys(printed)).toEqual(['verdict', 'product', 'title', 'build', 'checks']);
    const bad = inspect(disks.fresh('mbr', undefined, 'no-rdp'));
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^A bad image: Windows Server 2022, build 20348\n/);
    expect(bad.stdout).toMatch(
      /FAILED {3}Remote Desktop is allowed\n.*fDenyTSConnections = 1.*\n {9}What to do: /,
    );
    expect(readFileSync('README.md', 'utf8')).toContain('image inspect');
  });
});
