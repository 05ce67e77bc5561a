// Which command mends which finding, per package manager. Pure: a remedy is a list of commands as words, so what is
// shown and what is run are the same thing.
import { quoteWords } from './quote.ts';

/** Commands run one after the other as root; the last one's exit status counts. */
export type Remedy = readonly (readonly string[])[];

export const MANAGERS = ['apt-get', 'dnf', 'yum', 'zypper', 'pacman', 'apk'] as const;
export type Manager = (typeof MANAGERS)[number];

/** Findings that a package mends. */
const PACKAGED = [
  'qemu',
  'qemu-img',
  'ovmf',
  'ovmf-secure',
  'swtpm',
  'iso-tool',
  'injection',
  'curl',
  'tools',
] as const;
export type Packaged = (typeof PACKAGED)[number];

const BASE = ['util-linux', 'coreutils', 'findutils'];

// dnf and zypper install by the path of a file too; used where the package's name differs between releases.
const FEDORA: Readonly<Record<Packaged, readonly string[] | null>> = {
  qemu: ['qemu-kvm'],
  'qemu-img': ['qemu-img'],
  ovmf: ['edk2-ovmf'],
  'ovmf-secure': ['edk2-ovmf'],
  swtpm: ['swtpm', 'swtpm-tools'],
  'iso-tool': ['xorriso'],
  injection: ['/usr/bin/qemu-storage-daemon', 'ntfsprogs', 'fuse3'],
  curl: ['curl'],
  tools: BASE,
};

const PACKAGES: Readonly<Record<Manager, Readonly<Record<Packaged, readonly string[] | null>>>> = {
  'apt-get': {
    qemu: ['qemu-system-x86'],
    'qemu-img': ['qemu-utils'],
    ovmf: ['ovmf'],
    'ovmf-secure': ['ovmf'],
    swtpm: ['swtpm', 'swtpm-tools'],
    'iso-tool': ['xorriso'],
    injection: ['qemu-system-common', 'ntfs-3g', 'fuse3'],
    curl: ['curl'],
    tools: BASE,
  },
  dnf: FEDORA,
  yum: FEDORA,
  zypper: {
    qemu: ['qemu-x86'],
    'qemu-img': ['/usr/bin/qemu-img'],
    ovmf: ['qemu-ovmf-x86_64'],
    'ovmf-secure': ['qemu-ovmf-x86_64'],
    swtpm: ['swtpm'],
    'iso-tool': ['xorriso'],
    injection: ['/usr/bin/qemu-storage-daemon', 'ntfsprogs', 'fuse3'],
    curl: ['curl'],
    tools: BASE,
  },
  pacman: {
    qemu: ['qemu-system-x86'],
    'qemu-img': ['qemu-img'],
    ovmf: ['edk2-ovmf'],
    // Arch ships no variable store with Microsoft's keys.
    'ovmf-secure': null,
    swtpm: ['swtpm'],
    'iso-tool': ['libisoburn'],
    injection: ['libguestfs'],
    curl: ['curl'],
    tools: BASE,
  },
  apk: {
    qemu: ['qemu-system-x86_64'],
    'qemu-img': ['qemu-img'],
    ovmf: ['ovmf'],
    'ovmf-secure': null,
    swtpm: ['swtpm'],
    'iso-tool': ['xorriso'],
    injection: null,
    curl: ['curl'],
    tools: BASE,
  },
};

const INSTALL: Readonly<Record<Manager, (packages: readonly string[]) => Remedy>> = {
  // A list of packages that is too old names files that are gone; an unreadable foreign source must not stop the rest.
  'apt-get': (packages) => [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', ...packages],
  ],
  dnf: (packages) => [['dnf', 'install', '-y', ...packages]],
  yum: (packages) => [['yum', 'install', '-y', ...packages]],
  zypper: (packages) => [['zypper', '--non-interactive', 'install', ...packages]],
  pacman: (packages) => [['pacman', '-Sy', '--noconfirm', '--needed', ...packages]],
  apk: (packages) => [['apk', 'add', ...packages]],
};

/** RHEL builds qemu-storage-daemon without FUSE and has no ntfsprogs of its own: there libguestfs does it. */
const RHEL_INJECTION = ['/usr/bin/guestfish', 'libguestfs-winsupport'];

/** What installs the package behind a finding; null where the distribution has none. */
export function installRemedy(manager: Manager, finding: Packaged, rhel: boolean): Remedy | null {
  const packages = rhel && finding === 'injection' ? RHEL_INJECTION : PACKAGES[manager][finding];
  return packages === null ? null : INSTALL[manager](packages);
}

/** Loads the kernel's KVM module for the CPU flag. */
export const loadKvm = (flag: 'vmx' | 'svm'): Remedy => [
  ['modprobe', flag === 'vmx' ? 'kvm_intel' : 'kvm_amd'],
];

/** Lets an account use /dev/kvm; counts from its next sign-in. */
export const joinGroup = (group: string, user: string): Remedy => [['usermod', '-aG', group, user]];

/** A remedy as the line an admin could type. */
export function renderRemedy(remedy: Remedy, root: boolean): string {
  return remedy.map((words) => quoteWords(root ? words : ['sudo', ...words])).join('; ');
}

/** Every remedy there is for a finding of a host; the one that renders to the shown text is the one to run. */
export function candidates(finding: string, user: string): Remedy[] {
  if (finding === 'kvm') return [loadKvm('vmx'), loadKvm('svm'), joinGroup('kvm', user)];
  const packaged = PACKAGED.find((id) => id === finding);
  if (packaged === undefined) return [];
  return MANAGERS.flatMap((manager) => [
    installRemedy(manager, packaged, false),
    installRemedy(manager, packaged, true),
  ]).filter((remedy) => remedy !== null);
}
