// Debian packages: installs what is missing, never asks, never lets a daemon start.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { attempt, run } from './command.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_TEXT = "#!/bin/sh\n# Put here for the moment by Casement's laboratory.\nexit 101\n";

/** Packages each part of the laboratory needs. */
export const PACKAGES = {
  openstack: [
    'python3-keystone',
    'python3-eventlet',
    'python3-glance',
    'glance-common',
    'python3-placement',
    'python3-nova',
    'nova-common',
    'python3-neutron',
    'neutron-common',
  ],
  ssh: ['openssh-server', 'openssh-client', 'iproute2', 'sudo', 'putty-tools'],
  servers: [
    'freerdp2-shadow-x11',
    'freerdp2-x11',
    'xvfb',
    'imagemagick',
    'fonts-dejavu-core',
    'x11-apps',
    'x11-utils',
    'iproute2',
  ],
  host: [
    'qemu-system-x86',
    'qemu-utils',
    'ovmf',
    'swtpm',
    'swtpm-tools',
    'genisoimage',
    'xorriso',
    'wimtools',
    'udftools',
    'ntfs-3g',
    'fdisk',
    'libhivex-bin',
    'libguestfs-tools',
    'curl',
    'fuse3',
  ],
} as const;

async function missingFrom(wanted: readonly string[]): Promise<string[]> {
  // dpkg's own placeholders, put together so that nobody takes them for ours.
  const format = `${['Package', 'db:Status-Status'].map((field) => `$\{${field}}`).join(' ')}\n`;
  const answer = (await attempt('dpkg-query', ['-W', '-f', format])) ?? '';
  const installed = new Set(
    answer
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return [...new Set(wanted)].filter((name) => !installed.has(name));
}

/** Installs those packages that are missing; resolves to their names. The log file receives apt's output. */
export async function installPackages(wanted: readonly string[], log: string): Promise<string[]> {
  // What an interrupted installation left would keep every later package's daemon from starting.
  if (existsSync(POLICY) && readFileSync(POLICY, 'utf8') === POLICY_TEXT) rmSync(POLICY);
  const missing = await missingFrom(wanted);
  if (missing.length === 0) return [];
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, POLICY_TEXT, { mode: 0o755 });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const get = (...words: string[]) =>
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=900', ...words], { env, log });
  const install = () => get('install', '-y', '--no-install-recommends', ...missing);
  try {
    await install().catch(async () => {
      await get('update');
      await install();
    });
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
  return missing;
}
