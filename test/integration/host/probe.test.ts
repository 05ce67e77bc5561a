import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { fixFinding } from '../../../electron/host/fix.ts';
import { localHost } from '../../../electron/host/local.ts';
import { probeHost } from '../../../electron/host/probe.ts';
import { bootSector, GUEST_EXIT } from '../../../electron/host/probe-guest.ts';
import type { Host } from '../../../electron/host/types.ts';
import type { ProbeReport } from '../../../shared/views.ts';
import { labEnv } from '../lab.ts';
import { bareSpec, leaveAll, meet, specOf } from './bench.ts';
import { slowLine } from './slow-line.ts';

const scratch = mkdtempSync(join(tmpdir(), 'casement-probe-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
afterEach(leaveAll);

/** What this host is asked to run, it runs inside a folder that is all it knows of the world. */
function inside(root: string): Host {
  const local = localHost();
  const run: Host['run'] = (words, options) =>
    local.run(['env', '-i', 'PATH=/bin', 'HOME=/root', '/usr/sbin/chroot', root, ...words], options);
  return { ...local, run };
}

/** A host with busybox and nothing else. */
function bareHost(name: string, osRelease: string): Host {
  const root = join(scratch, name);
  for (const folder of ['bin', 'etc', 'proc', 'root', 'tmp', 'dev'])
    mkdirSync(join(root, folder), { recursive: true });
  execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
  execFileSync('cp', ['/bin/busybox', join(root, 'bin/busybox')]);
  const tools = 'sh id uname cat mktemp rm mkdir head tail sed grep df nproc tr dd printf mv chroot sleep';
  for (const tool of tools.split(' ')) symlinkSync('busybox', join(root, 'bin', tool));
  writeFileSync(join(root, 'etc/os-release'), osRelease);
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
  return inside(root);
}

describe('the tiny guest', () => {
  it('comes to its own end on an emulated processor', () => {
    const image = join(scratch, 'guest.img');
    writeFileSync(image, Buffer.concat([bootSector(), Buffer.alloc(1024 * 1024 - 512)]));
    const { status } = spawnSync(
      'qemu-system-x86_64',
      [
        ...['-accel', 'tcg', '-cpu', 'max', '-machine', 'q35', '-m', '64', '-nodefaults', '-display', 'none'],
        ...['-no-reboot', '-device', 'isa-debug-exit,iobase=0xf4,iosize=4'],
        ...['-drive', `file=${image},format=raw,if=none,id=d`, '-device', 'virtio-blk-pci,drive=d'],
      ],
      { timeout: 20_000 },
    );
    expect(status).toBe(GUEST_EXIT);
  });
});

describe('probing a host', () => {
  it('finds through an unprivileged account what the laboratory has, in one command', async () => {
    const { host } = await meet(specOf('user'));
    let commands = 0;
    const counted: Host = {
      ...host,
      run: (words, options) => {
        commands++;
        return host.run(words, options);
      },
    };
    const report = await probeHost(counted, { cloudUrl: labEnv().cloud.authUrl });
    expect(commands).toBe(1);
    expect(report).toMatchObject({
      os: { id: 'debian', version: '12' },
      user: new URL(labEnv().hosts.user.address).username,
      root: false,
      sudo: false,
      qemu: { version: expect.stringMatching(/^\d+\.\d+/) },
      injection: 'fuse',
      curl: true,
      cloudReachable: true,
      workRoot: `${report.home}/.casement/builds`,
    });
    expect(report.findings.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  it('sees that an account may use sudo without a password', async () => {
    const { host } = await meet(specOf('sudo'));
    expect(await probeHost(host)).toMatchObject({ root: false, sudo: true });
  });

  it('takes less than 3 s on a line of 20 ms, with an unreachable cloud and a fresh look at KVM', async () => {
    const line = await slowLine(Number(new URL(labEnv().hosts.user.address).port), 10);
    const user = new URL(labEnv().hosts.user.address).username;
    const spec = bareSpec('user', {
      address: `ssh://${user}@127.0.0.1:${line.port}`,
      identity: labEnv().hosts.user.identity,
    });
    const { host } = await meet(spec, { answer: () => [] });
    // It takes the call and says nothing, so that curl must give up by itself: the longest a cloud can take.
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const cloudUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v3`;
    const slow = await probeHost(host, { cloudUrl, fresh: true });
    silent.close();
    const again = await probeHost(host, { cloudUrl: labEnv().cloud.authUrl });
    console.log(`probe over 20 ms: worst case ${slow.durationMs} ms, remembered ${again.durationMs} ms`);
    expect(slow.cloudReachable).toBe(false);
    expect(slow.durationMs).toBeLessThan(3000);
    expect(again.durationMs).toBeLessThan(1500);
    await host.close();
    line.close();
  });

  it('names every missing tool and the command of the distribution that installs it', async () => {
    const fedora = await probeHost(
      bareHost('fedora', 'ID=fedora\nVERSION_ID=41\nPRETTY_NAME="Fedora Linux 41"\n'),
    );
    const fixes = Object.fromEntries(fedora.findings.map(({ id, fix }) => [id, fix]));
    expect(fedora).toMatchObject({
      os: { name: 'Fedora Linux 41' },
      qemu: null,
      accel: 'tcg',
      injection: null,
    });
    expect(fixes).toMatchObject({
      qemu: 'dnf install -y qemu-kvm',
      'qemu-img': 'dnf install -y qemu-img',
      ovmf: 'dnf install -y edk2-ovmf',
      swtpm: 'dnf install -y swtpm swtpm-tools',
      'iso-tool': 'dnf install -y xorriso',
      injection: 'dnf install -y /usr/bin/qemu-storage-daemon ntfsprogs fuse3',
      curl: 'dnf install -y curl',
      tools: 'dnf install -y util-linux coreutils findutils',
    });
    const suse = await probeHost(bareHost('suse', 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n'));
    expect(suse.findings.find(({ id }) => id === 'qemu')?.fix).toBe(
      'zypper --non-interactive install qemu-x86',
    );
  });

  it('says in a sentence that an account without a shell cannot be checked', async () => {
    const host: Host = {
      ...localHost(),
      run: (_, options) => localHost().run(['echo', 'No shell for you'], options),
    };
    await expect(probeHost(host)).rejects.toMatchObject({
      code: 'host.probe-failed',
      whatToDo: expect.stringContaining('ordinary shell'),
    });
  });
});

/** This computer with a home folder of its own and with a QEMU that behaves as told. */
function withQemu(home: string, behaviour: string): Host {
  const bin = join(scratch, home, 'bin');
  mkdirSync(bin, { recursive: true });
  const version = 'QEMU emulator version 8.2.0';
  const program = `#!/bin/sh\n[ "$1" != --version ] || { echo '${version}'; exit 0; }\n${behaviour}\n`;
  writeFileSync(join(bin, 'qemu-system-x86_64'), program, { mode: 0o755 });
  const local = localHost();
  const env = ['env', `HOME=${join(scratch, home)}`, `PATH=${bin}:/usr/bin:/bin`];
  return { ...local, run: (words, options) => local.run([...env, ...words], options) };
}

describe.skipIf(!existsSync('/dev/kvm'))('proving KVM', () => {
  const memoOf = (home: string) => join(scratch, home, '.casement', 'kvm-check');
  const value = (report: ProbeReport) => report.findings.find(({ id }) => id === 'kvm')?.value;

  it('believes a guest that came to its end, and asks again only after a new start of the host', async () => {
    const host = withQemu('well', `echo tried >>"$HOME/tries"; exit ${GUEST_EXIT}`);
    const tries = () => readFileSync(join(scratch, 'well', 'tries'), 'utf8').split('\n').length - 1;
    expect((await probeHost(host)).accel).toBe('kvm');
    expect((await probeHost(host)).accel).toBe('kvm');
    expect(tries()).toBe(1);
    await probeHost(host, { fresh: true });
    expect(tries()).toBe(2);
    const memo = readFileSync(memoOf('well'), 'utf8');
    expect(memo).toContain(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    writeFileSync(memoOf('well'), `another start ${memo}`);
    await probeHost(host);
    expect(tries()).toBe(3);
  });

  it('does not believe a guest that died, and remembers what QEMU said', async () => {
    const host = withQemu('broken', 'echo "KVM internal error. Suberror: 1" >&2; exit 0');
    for (const _ of ['tried', 'remembered']) {
      const report = await probeHost(host);
      expect(report.accel).toBe('tcg');
      expect(value(report)).toContain('KVM internal error. Suberror: 1');
    }
  });

  it('gives up in time on a KVM that hangs, and asks again after a while', async () => {
    const host = withQemu('stuck', 'exec sleep 20');
    const first = await probeHost(host);
    expect(first.accel).toBe('tcg');
    expect(value(first)).toContain('did not end in time');
    expect(first.durationMs).toBeLessThan(3000);
    const then = new Date(Date.now() - 3_600_000);
    withQemu('stuck', `exit ${GUEST_EXIT}`);
    expect((await probeHost(host)).accel).toBe('tcg');
    utimesSync(memoOf('stuck'), then, then);
    expect((await probeHost(host)).accel).toBe('kvm');
  });
});

describe('fixing what a probe found', () => {
  it('becomes root through sudo and changes the host', async () => {
    const { host } = await meet(specOf('sudo'));
    const report = await probeHost(host);
    const groups = async () => (await host.run(['id', '-nG', report.user])).stdout.trim().split(' ');
    const before = await groups();
    const shown = `sudo usermod -aG kvm ${report.user}`;
    const finding = {
      id: 'kvm',
      title: 'KVM',
      status: 'warned',
      value: '',
      meaning: '',
      required: false,
    } as const;
    let output = '';
    const { exitCode } = await fixFinding(
      host,
      { ...report, findings: [{ ...finding, fix: shown }] },
      'kvm',
      {
        onOutput: (text) => {
          output += text;
        },
      },
    );
    expect(exitCode).toBe(0);
    expect(output).toBe(`$ ${shown}\n`);
    expect(await groups()).toContain('kvm');
    if (!before.includes('kvm')) await host.run(['sudo', '-n', 'gpasswd', '-d', report.user, 'kvm']);
  });

  it('says that a password is needed where sudo asks for one', async () => {
    const { host } = await meet(specOf('user'));
    const report = await probeHost(host);
    const finding = {
      id: 'curl',
      title: '',
      status: 'warned',
      value: '',
      meaning: '',
      required: false,
    } as const;
    const fix = 'sudo apt-get update; sudo apt-get install -y --no-install-recommends curl';
    const asked = fixFinding(host, { ...report, findings: [{ ...finding, fix }] }, 'curl', {
      onOutput: () => {},
    });
    await expect(asked).rejects.toMatchObject({ code: 'host.sudo-password-needed' });
  });
});
