import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localHost } from '../../../electron/host/local.ts';
import { probeHost } from '../../../electron/host/probe.ts';
import { judge } from '../../../electron/host/probe-findings.ts';
import { bootSector, GUEST_EXIT } from '../../../electron/host/probe-guest.ts';
import { type ProbeFacts, parseProbe } from '../../../electron/host/probe-parse.ts';
import { PROBE_SCRIPT } from '../../../electron/host/probe-script.ts';
import type { Finding } from '../../../shared/views.ts';

/** What the script prints on a well-equipped Debian, changed as told; null takes a record away. */
function printed(change: Readonly<Record<string, string | null>> = {}, more: readonly string[] = []): string {
  const records: Record<string, string | null> = {
    begin: 'ok',
    'os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
    hostname: 'kvm1',
    arch: 'x86_64',
    user: 'ada',
    uid: '1000',
    home: '/home/ada',
    groups: 'ada kvm',
    'account-groups': 'ada kvm',
    qemu: '/usr/bin/qemu-system-x86_64',
    'qemu-version': 'QEMU emulator version 7.2.15 (Debian 1:7.2+dfsg-7)',
    virtualization: 'vmx',
    'kvm-group': 'kvm',
    kvm: 'tried',
    'kvm-exit': String(GUEST_EXIT),
    cores: '8',
    memory: 'MemTotal:       16318480 kB\nMemAvailable:   12000000 kB',
    builds: '/home/ada/.casement/builds',
    space: '/dev/sda1 102400000 1000 99000000 1% /home',
    writable: 'yes',
    'dev-fuse': 'yes',
    'fuse-export': 'yes',
    ...change,
    end: 'ok',
  };
  const tools =
    'qemu-img ntfscp ntfsls ntfscat ntfsinfo fusermount3 swtpm xorriso curl flock setsid sha256sum timeout find';
  const lines = [
    ...Object.entries(records).flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`])),
    ...tools.split(' ').map((tool) => `tool=${tool} /usr/bin/${tool}`),
    ...more,
  ];
  return lines.map((line) => `${line}\0`).join('');
}

function facts(
  change: Readonly<Record<string, string | null>> = {},
  more: readonly string[] = [],
): ProbeFacts {
  const parsed = parseProbe(printed(change, more));
  if (!parsed) throw new Error('the report is incomplete');
  return parsed;
}

function finding(about: ProbeFacts, id: string, cloudUrl?: string): Finding {
  const found = judge(about, cloudUrl).findings.find((one) => one.id === id);
  if (!found) throw new Error(`no finding ${id}`);
  return found;
}

const without = (about: ProbeFacts, ...tools: string[]): ProbeFacts => ({
  ...about,
  tools: new Map([...about.tools].filter(([name]) => !tools.includes(name))),
});

describe('reading a probe', () => {
  it('understands a well-equipped host', () => {
    expect(facts()).toMatchObject({
      os: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
      qemu: { binary: '/usr/bin/qemu-system-x86_64', version: '7.2.15' },
      root: false,
      kvm: 'works',
      cores: 8,
      memory: 16318480 * 1024,
      free: 99000000 * 1024,
    });
  });

  it('takes an answer without its last record for none', () => {
    expect(parseProbe(printed().replace('end=ok\0', ''))).toBeNull();
    expect(parseProbe('Welcome!\nYour account has no shell.\n')).toBeNull();
  });

  it('is not misled by a login message or by values that look like records', () => {
    const hostile = `Last login\nuid=0\n${printed({ hostname: 'a\nuid=0\nkvm=tried', home: '/home/$(reboot)\n' })}`;
    expect(parseProbe(hostile)).toMatchObject({ root: false, hostname: 'a\nuid=0\nkvm=tried' });
  });

  it('reads a mount point with blanks and a free space of zero', () => {
    expect(facts({ space: '//nas/my share 1000 900 0 100% /mnt/my disk' }).free).toBe(0);
    expect(facts({ space: '//nas/my share 1000 900 100 90% /mnt/my disk' }).free).toBe(102400);
  });
});

describe('judging KVM', () => {
  it('believes only a guest that came to its own end', () => {
    expect(facts().kvm).toBe('works');
    expect(facts({ 'kvm-exit': '0' }).kvm).toBe('broken');
    expect(facts({ 'kvm-exit': '134' }).kvm).toBe('broken');
    expect(facts({ 'kvm-exit': '124' }).kvm).toBe('slow');
    expect(
      finding(facts({ 'kvm-exit': '134', 'kvm-said': 'KVM internal error\nEAX=0' }), 'kvm'),
    ).toMatchObject({
      status: 'warned',
      required: false,
      value: 'opens, but a tiny guest did not live (KVM internal error)',
    });
  });

  it('offers the kvm group to an account without permission, and a new sign-in to one that was just added', () => {
    const out = facts({ kvm: 'forbidden', groups: 'ada', 'account-groups': 'ada' });
    expect(finding(out, 'kvm').fix).toBe('sudo usermod -aG kvm ada');
    const added = facts({ kvm: 'forbidden', groups: 'ada', 'account-groups': 'ada kvm' });
    expect(finding(added, 'kvm')).toMatchObject({
      fix: null,
      meaning: expect.stringContaining('connect again'),
    });
  });

  it('names the kernel module, the firmware setting or nested virtualization when there is no /dev/kvm', () => {
    expect(finding(facts({ kvm: 'missing' }), 'kvm').fix).toBe('sudo modprobe kvm_intel');
    expect(finding(facts({ kvm: 'missing', virtualization: 'svm', uid: '0' }), 'kvm').fix).toBe(
      'modprobe kvm_amd',
    );
    const bios = finding(facts({ kvm: 'missing', virtualization: '' }), 'kvm');
    expect(bios).toMatchObject({ fix: null, meaning: expect.stringContaining('VT-x') });
    const nested = finding(facts({ kvm: 'missing', virtualization: '', nested: 'yes' }), 'kvm');
    expect(nested).toMatchObject({ fix: null, meaning: expect.stringContaining('nested') });
  });

  it('quotes a hostile account name in the fix', () => {
    const hostile = facts({ kvm: 'forbidden', groups: '', 'account-groups': '', user: 'a; reboot' });
    expect(finding(hostile, 'kvm').fix).toBe("sudo usermod -aG kvm 'a; reboot'");
  });
});

describe('the other findings', () => {
  it('name the command of the distribution', () => {
    const noQemu = { qemu: '', kvm: 'no-qemu' };
    const fix = (os: string, more: readonly string[] = []) =>
      finding(facts({ ...noQemu, 'os-release': os }, more), 'qemu').fix;
    expect(fix('ID=ubuntu\nID_LIKE=debian')).toBe(
      'sudo apt-get update; sudo apt-get install -y --no-install-recommends qemu-system-x86',
    );
    expect(fix('ID="rocky"\nID_LIKE="rhel centos fedora"')).toBe('sudo dnf install -y qemu-kvm');
    expect(fix('ID=centos', ['packages=yum'])).toBe('sudo yum install -y qemu-kvm');
    expect(fix('ID="opensuse-leap"\nID_LIKE="suse opensuse"')).toBe(
      'sudo zypper --non-interactive install qemu-x86',
    );
    expect(fix('ID=unheard-of', ['packages=pacman'])).toBe(
      'sudo pacman -Sy --noconfirm --needed qemu-system-x86',
    );
    expect(fix('ID=unheard-of')).toBeNull();
    expect(finding(facts({ ...noQemu, uid: '0' }), 'qemu').fix).toMatch(/^apt-get update; apt-get install/);
  });

  it('take the best injection method that the host can really use', () => {
    const method = (about: ProbeFacts) => judge(about, undefined).injection;
    const more = ['tool=guestfish /usr/bin/guestfish', 'tool=qemu-nbd /usr/bin/qemu-nbd', 'nbd-module=yes'];
    expect(method(facts({}, more))).toBe('fuse');
    expect(method(without(facts({}, more), 'ntfscat'))).toBe('guestfish');
    expect(method(facts({ 'dev-fuse': null }, more))).toBe('guestfish');
    expect(method(without(facts({}, more), 'fusermount3'))).toBe('guestfish');
    expect(method(without(facts({ 'fuse-export': null, sudo: 'yes' }, more), 'guestfish'))).toBe('nbd');
    const none = without(facts({ 'fuse-export': null }, more), 'guestfish');
    expect(method(none)).toBeNull();
    expect(finding(none, 'injection')).toMatchObject({ status: 'failed', required: true });
  });

  it('find the firmware where each distribution keeps it', () => {
    const firmware = (...files: string[]) =>
      judge(
        facts(
          {},
          files.map((file) => `firmware=${file}`),
        ),
        undefined,
      );
    expect(firmware('/usr/share/edk2/ovmf/OVMF_CODE.fd', '/usr/share/edk2/ovmf/OVMF_VARS.fd').ovmf).toEqual({
      code: '/usr/share/edk2/ovmf/OVMF_CODE.fd',
      vars: '/usr/share/edk2/ovmf/OVMF_VARS.fd',
    });
    expect(firmware('/usr/share/OVMF/OVMF_CODE_4M.fd').ovmf).toBeNull();
    expect(
      firmware('/usr/share/OVMF/OVMF_CODE_4M.secboot.fd', '/usr/share/OVMF/OVMF_VARS_4M.ms.fd'),
    ).toMatchObject({ ovmf: null, ovmfSecure: { vars: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd' } });
  });

  it('warn of little room and fail where nothing can be written', () => {
    expect(finding(facts(), 'disk-space').status).toBe('passed');
    expect(finding(facts({ space: '/dev/sda1 1 1 9000000 1% /' }), 'disk-space').status).toBe('warned');
    expect(finding(facts({ space: '/dev/sda1 1 1 9000 1% /' }), 'disk-space').status).toBe('failed');
    expect(finding(facts({ writable: null }), 'disk-space').status).toBe('failed');
  });

  it('tell an unreachable cloud from one that could not be asked', () => {
    const url = 'https://cloud.example:5000/v3';
    expect(judge(facts(), undefined).cloudReachable).toBeNull();
    expect(judge(facts({ cloud: '0 300' }), url).cloudReachable).toBe(true);
    expect(judge(facts({ cloud: '28 000' }), url).cloudReachable).toBe(false);
    expect(finding(facts({ cloud: '28 000' }), 'cloud', url).value).toContain('no answer in time');
    expect(finding(facts(), 'cloud', url).status).toBe('unknown');
  });
});

describe('the probe script', () => {
  it('runs in dash and tells about this computer', async () => {
    const report = await probeHost(localHost(), { workRoot: '/nowhere/at all' });
    expect(report).toMatchObject({ user: userInfo().username, workRoot: '/nowhere/at all' });
    expect(report.freeBytes).toBeGreaterThan(0);
    expect(report.memoryMB).toBeGreaterThan(100);
    expect(report.findings.every(({ meaning }) => meaning.endsWith('.'))).toBe(true);
  });

  it('runs nothing when only a part of it arrives', () => {
    const half = PROBE_SCRIPT.slice(0, PROBE_SCRIPT.indexOf('say end'));
    expect(() => execFileSync('sh', ['-s'], { input: half, stdio: ['pipe', 'pipe', 'ignore'] })).toThrow();
  });

  it('prints the boot sector byte for byte', () => {
    const [, escapes = ''] = /printf '((?:\\\d{3}){512})' >guest\.img/.exec(PROBE_SCRIPT) ?? [];
    const file = join(mkdtempSync(join(tmpdir(), 'casement-probe-')), 'guest.img');
    execFileSync('sh', ['-c', `printf '${escapes}' >"$1"`, 'sh', file]);
    expect(readFileSync(file)).toEqual(Buffer.from(bootSector()));
  });

  it('has jump targets and addresses that fit the code', () => {
    const code = Buffer.from(bootSector());
    // The far jump lands on the 64-bit fwait, lgdt reads the limit of two descriptors.
    expect(code[code.readUInt16LE(0x62) - 0x7c00]).toBe(0x9b);
    expect(code.readUInt16LE(code.readUInt16LE(0x51) - 0x7c00)).toBe(15);
    expect(code[code.readUInt16LE(0x0f) - 0x7c00]).toBe(0xdb);
  });
});
