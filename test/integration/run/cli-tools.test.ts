import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labEnv } from '../lab.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-cli-tools-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

function casement(...words: string[]) {
  const env = { ...process.env, CASEMENT_HOME: home };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['electron/cli.ts', ...words], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}
const sshFlags = (name: 'user' | 'inner'): string[] => {
  const { address, identity, knownHosts, jump } = labEnv().hosts[name];
  return [
    '--host',
    address,
    '--identity',
    identity,
    '--known-hosts',
    knownHosts,
    ...(jump ?? []).flatMap((hop) => ['--jump', hop]),
  ];
};

describe('commands for one thing at a time', { timeout: 120_000 }, () => {
  it('checks a host over SSH and through a jump host', () => {
    for (const name of ['user', 'inner'] as const) {
      const { status, stdout } = casement('host', 'check', ...sshFlags(name), '--json');
      expect(status, stdout).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ root: false });
    }
  });

  it('refuses an unknown host key when nobody is there to look at it', async () => {
    const { address, identity } = labEnv().hosts.user;
    const empty = join(home, 'known_hosts');
    await writeFile(empty, '');
    const words = [
      'host',
      'check',
      '--host',
      address,
      '--identity',
      identity,
      '--known-hosts',
      empty,
      '--json',
    ];
    const { status, stdout } = casement(...words);
    expect(status).toBe(1);
    expect(JSON.parse(stdout).error.code).toMatch(/^host\./);
  });

  it('finds Windows on a disk, puts a file into it and says so as JSON', () => {
    const disk = join(home, 'disk.qcow2');
    const made = spawnSync('bash', ['test/lab/standin/make-disk.sh', 'mbr', disk], { encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
    const located = casement('image', 'locate', disk, '--json');
    expect(located.status, located.stdout).toBe(0);
    const where = JSON.parse(located.stdout);
    expect(Object.keys(where)).toEqual(['partition', 'offset', 'size', 'windows', 'state']);
    expect(where).toMatchObject({ windows: '/Windows', state: 'clean' });
    const { cloudbaseInitMsi } = labEnv().media;
    const injected = casement('image', 'inject', disk, cloudbaseInitMsi, '--json');
    expect(injected.status, injected.stdout).toBe(0);
    expect(JSON.parse(injected.stdout).guestPath).toMatch(/Desktop\/CloudbaseInitSetup_x64\.msi$/);
  });

  it('says what media on a host behind SSH are, and whether they fit a Windows', () => {
    const { windowsIso, virtioIso, cloudbaseInitMsi } = labEnv().media;
    const told = (file: string, ...more: string[]) => {
      const { status, stdout } = casement('media', 'identify', file, ...more, ...sshFlags('user'), '--json');
      expect(status, stdout).toBe(0);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const server = told(windowsIso);
    expect(server).toMatchObject({ kind: 'windows', product: '2022', build: 20348, notes: [] });
    expect(server.bytesRead).toBeLessThan(2 * 1024 * 1024);
    // A read over SFTP is three round trips: open, read, close.
    expect(3 * Number(server.reads)).toBeLessThan(40);
    expect(told(virtioIso, '--windows', '2012r2')).toMatchObject({
      kind: 'virtio-win',
      notes: [{ level: 'problem', id: 'virtio-test-signed' }],
    });
    expect(told(cloudbaseInitMsi, '--windows', '2022')).toMatchObject({ kind: 'cloudbase-init', notes: [] });
  });

  it('warns beside its answer, on standard error, of a cloud whose certificate nobody checks', () => {
    const { authUrl, username, password, project, userDomain, projectDomain } = labEnv().cloud;
    const auth = {
      ...{ auth_url: authUrl, username, password, project_name: project },
      ...{ user_domain_name: userDomain, project_domain_name: projectDomain },
    };
    const file = join(home, 'clouds.yaml');
    writeFileSync(file, JSON.stringify({ clouds: { unchecked: { auth, verify: false } } }));
    for (const command of ['images', 'servers']) {
      const { stdout, stderr } = casement(command, '--json', '--cloud', 'unchecked', '--clouds-file', file);
      expect(Array.isArray(JSON.parse(stdout))).toBe(true);
      expect(stderr).toBe(
        `WARNING: the certificate of ${authUrl} is not checked: anybody on the way can read your password and change your images.\n`,
      );
    }
  });

  it('says which servers there are when the named one is not', () => {
    const { cloudsYaml, cloud } = labEnv().cloud;
    const { status, stdout } = casement(
      ...['password', 'no-such-server', '--cloud', cloud, '--clouds-file', cloudsYaml],
      ...['--private-key', labEnv().keys.rsaPem, '--json'],
    );
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error.whatHappened).toContain('no-such-server');
  });

  it('writes what Setup would be told, and no secret unless it is asked to', async () => {
    const printed = casement('lab', 'plan').stdout;
    const file = join(home, 'plan.yaml');
    await writeFile(file, printed);
    const out = join(home, 'answers');
    const { status, stdout, stderr } = casement('answer', file, '--out', out, '--json');
    expect(status, stderr).toBe(0);
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(files.map((path) => path.slice(out.length + 1)).sort()).toEqual([
      'install/Autounattend.xml',
      'install/casement/build.cmd',
      'install/casement/build.ps1',
      'install/contents.txt',
      'seal/casement/build.cmd',
      'seal/casement/build.ps1',
      'seal/casement/cloudbase-init-unattend.conf',
      'seal/casement/cloudbase-init.conf',
      'seal/casement/sysprep.xml',
      'seal/contents.txt',
    ]);
    const xml = await readFile(join(out, 'install', 'Autounattend.xml'), 'utf8');
    expect(xml.match(/<Value>\*\*\*<\/Value>/g)).toHaveLength(2);
    // The laboratory's CD is no evaluation: the published key of its edition.
    expect(xml).toContain('<Key>VDYBN-27WPP-V4HQT-9VMD4-VMK7H</Key>');
    expect(await readFile(join(out, 'install', 'contents.txt'), 'utf8')).toMatch(
      /^\$WinPEDriver\$\/viostor\/viostor\.inf\t\d+ bytes from .*virtio-win-0\.1\.285\.iso$/m,
    );

    expect(casement('answer', file, '--out', out)).toMatchObject({ status: 2 });
    const open = join(home, 'open');
    expect(casement('answer', file, '--out', open, '--secrets').status).toBe(0);
    const secret = await readFile(join(open, 'install', 'Autounattend.xml'), 'utf8');
    const value = /<AdministratorPassword>\s*<Value>([^<]+)</.exec(secret)?.[1] ?? '';
    expect(Buffer.from(value, 'base64').toString('utf16le')).toMatch(
      /^[A-Za-z0-9]{24}AdministratorPassword$/,
    );
    expect(statSync(open).mode & 0o077).toBe(0);
  });

  it('refuses to answer for media that do not fit the plan', async () => {
    const plan = casement('lab', 'plan').stdout;
    const file = join(home, 'plan.yaml');
    const tell = (changed: string) => {
      writeFileSync(file, changed);
      const { status, stdout } = casement('answer', file, '--out', join(home, 'none'), '--json');
      expect(status).not.toBe(0);
      return (JSON.parse(stdout) as { error: { code: string; whatHappened: string } }).error;
    };
    expect(tell(plan.replace('windows: "2022"', 'windows: "2019"'))).toMatchObject({
      code: 'setup.unfit-media',
      whatHappened: expect.stringMatching(/holds Windows Server 2022.*plan says Windows Server 2019/),
    });
    expect(tell(`${plan}\n`.replace('mode: hands-free', 'mode: hands-free\n  edition: 7'))).toMatchObject({
      code: 'setup.no-edition',
      whatHappened: expect.stringContaining('Desktop Experience'),
    });
    const keyed = plan.replace('mode: hands-free', 'mode: hands-free\n  productKey: env:CASEMENT_TEST_KEY');
    const evaluation = keyed
      .replace('windows: "2022"', 'windows: "2025"')
      .replace('windows-server-2022-standin', 'windows-server-2025-standin');
    expect(tell(evaluation)).toMatchObject({
      code: 'setup.unfit-media',
      whatHappened: expect.stringContaining('an evaluation, which refuses every product key'),
    });
    expect(tell(plan.replace(/virtio-win-[^"\n]*\.iso/, 'CloudbaseInitSetup_x64.msi'))).toMatchObject({
      code: 'setup.unfit-media',
      whatHappened: expect.stringContaining('holds no virtio drivers'),
    });
  });
});
