// Judges what a probe saw: one finding a subject, in the words of a Windows admin. Pure.
import type { Finding, InjectionMethod, Ovmf } from '../../shared/views.ts';
import {
  installRemedy,
  MANAGERS,
  type Manager,
  type Packaged,
  type Remedy,
  renderRemedy,
} from './fix-remedies.ts';
import { PLAIN_FIRMWARE, pickFirmware, SECURE_FIRMWARE } from './probe-firmware.ts';
import { judgeKvm } from './probe-kvm.ts';
import type { ProbeFacts } from './probe-parse.ts';

const GIB = 1024 ** 3;
/** A Windows ISO, the driver CD and a growing disk want this much; below the second nothing can start. */
const COMFORTABLE_SPACE = 40 * GIB;
const LEAST_SPACE = GIB;
/** Memory that runs the smallest proposed build VM (2 GiB) beside the host itself. */
const COMFORTABLE_MEMORY = 3 * GIB;
/** ISO tools, best first. */
const ISO_TOOLS = ['xorriso', 'genisoimage', 'mkisofs'];
/** What the detached jobs and the transfers are made of. */
const BASIC_TOOLS = ['flock', 'setsid', 'sha256sum', 'timeout', 'find'];

/** What the findings come down to for the rest of the program. */
export interface Judgement {
  readonly ovmf: Ovmf | null;
  readonly ovmfSecure: Ovmf | null;
  readonly isoTool: string | null;
  readonly injection: InjectionMethod | null;
  readonly cloudReachable: boolean | null;
  readonly findings: readonly Finding[];
}

const METHODS: Readonly<Record<InjectionMethod, string>> = {
  fuse: 'qemu-storage-daemon (FUSE) and the NTFS tools',
  guestfish: 'libguestfs (guestfish)',
  nbd: 'qemu-nbd with the kernel module',
};

/** The findings of a probe. `cloudUrl` is the address that was asked about, undefined when none was. */
export function judge(facts: ProbeFacts, cloudUrl: string | undefined): Judgement {
  const ovmf = pickFirmware(PLAIN_FIRMWARE, facts.firmware);
  const ovmfSecure = pickFirmware(SECURE_FIRMWARE, facts.firmware);
  const isoTool = ISO_TOOLS.map((name) => facts.tools.get(name)).find((path) => path !== undefined) ?? null;
  const injection = injectionMethod(facts);
  const missing = BASIC_TOOLS.filter((name) => !facts.tools.has(name));
  const qemuImg = facts.tools.get('qemu-img');
  const swtpm = facts.tools.get('swtpm');
  const curl = facts.tools.get('curl');
  const add = adder(facts);
  return {
    ovmf,
    ovmfSecure,
    isoTool,
    injection,
    cloudReachable: cloudUrl === undefined ? null : facts.cloud !== null && facts.cloud.exit === 0,
    findings: [
      add('qemu', 'QEMU', true, facts.qemu && `QEMU ${facts.qemu.version} (${facts.qemu.binary})`, {
        good: 'This is the program that runs the virtual machine in which Windows is installed.',
        bad: 'QEMU runs the virtual machine in which Windows is installed; without it nothing can be built here.',
      }),
      kvmFinding(facts),
      measured(
        'cores',
        'Processor cores',
        `${facts.cores}`,
        facts.cores >= 2,
        'Windows Setup runs well with two cores or more.',
        'With a single core Windows Setup works but takes much longer.',
      ),
      measured(
        'memory',
        'Memory',
        `${gib(facts.memory)} (${gib(facts.memoryAvailable)} available)`,
        facts.memory >= COMFORTABLE_MEMORY,
        'This is what the build VM and the host share.',
        'This is little for a Windows VM: choose a small memory size for the machine, or another host.',
      ),
      space(facts),
      add('qemu-img', 'Disk tool', true, qemuImg, {
        good: 'It creates the virtual disk.',
        bad: 'Without qemu-img no virtual disk can be created.',
      }),
      add('ovmf', 'UEFI firmware', false, ovmf?.code, {
        good: 'Virtual machines can start with UEFI.',
        bad: 'Only BIOS machines can be built; Windows 11 and Server 2025 want UEFI.',
      }),
      add('ovmf-secure', 'UEFI with Secure Boot', false, ovmfSecure?.code, {
        good: 'Virtual machines can start with Secure Boot.',
        bad: 'Machines with Secure Boot cannot be built; Windows 11 asks for it.',
      }),
      add('swtpm', 'TPM emulator', false, swtpm, {
        good: 'Virtual machines can have a TPM 2.0.',
        bad: 'Without it a virtual machine has no TPM; Windows 11 asks for one.',
      }),
      add('iso-tool', 'ISO tool', false, isoTool, {
        good: 'It makes small CDs for the virtual machine.',
        bad: 'Without it no CD with extra files can be made for the virtual machine.',
      }),
      add('injection', 'Way into the Windows disk', true, injection && METHODS[injection], {
        good: 'The Cloudbase-Init installer is put on the switched-off Windows disk this way.',
        bad: 'Casement finds no way to put the Cloudbase-Init installer on the Windows disk.',
      }),
      add('curl', 'Download tool', false, curl, {
        good: 'The host downloads media and uploads the image by itself.',
        bad: 'Without curl the host cannot download media; the image goes through this workstation.',
      }),
      add('tools', 'Basic tools', true, missing.length === 0 ? BASIC_TOOLS.join(', ') : null, {
        good: 'Long work goes on when the connection breaks.',
        bad: `Casement needs these programs to run long work on the host: ${missing.join(', ')}.`,
      }),
      ...(cloudUrl === undefined ? [] : [cloudFinding(facts, cloudUrl)]),
    ],
  };
}

/** The best method the host can really use. */
function injectionMethod(facts: ProbeFacts): InjectionMethod | null {
  const all = (...names: string[]) => names.every((name) => facts.tools.has(name));
  const ntfs = all('ntfscp', 'ntfsls', 'ntfscat', 'ntfsinfo');
  const mounts = facts.root || all('fusermount3');
  if (facts.fuseExport && facts.fuseDevice && mounts && ntfs) return 'fuse';
  if (all('guestfish')) return 'guestfish';
  if (all('qemu-nbd') && facts.nbdModule && (facts.root || facts.sudo)) return 'nbd';
  return null;
}

function kvmFinding(facts: ProbeFacts): Finding {
  const { status, value, meaning, remedy } = judgeKvm(facts);
  const fix = remedy && renderRemedy(remedy, facts.root);
  return { id: 'kvm', title: 'KVM', status, value, meaning, fix, required: false };
}

/** A finding that is simply there or not, with the package that mends it. */
function adder(facts: ProbeFacts) {
  return (
    id: Packaged,
    title: string,
    required: boolean,
    found: string | null | undefined,
    meaning: { good: string; bad: string },
  ): Finding => {
    if (found)
      return { id, title, status: 'passed', value: found, meaning: meaning.good, fix: null, required };
    const remedy = packageRemedy(facts, id);
    const fix = remedy && renderRemedy(remedy, facts.root);
    return {
      id,
      title,
      status: required ? 'failed' : 'warned',
      value: 'not found',
      meaning: meaning.bad,
      fix,
      required,
    };
  };
}

/** The remedy for this host's distribution; the package manager follows from os-release, else from what is installed. */
function packageRemedy(facts: ProbeFacts, id: Packaged): Remedy | null {
  const names = [facts.os.id, ...facts.os.like];
  const manager = managerOf(names, facts.packages);
  return manager && installRemedy(manager, id, names.includes('rhel') || names.includes('centos'));
}

const FAMILIES: readonly (readonly [manager: Manager, ids: readonly string[]])[] = [
  ['apt-get', ['debian', 'ubuntu']],
  ['dnf', ['fedora', 'rhel', 'centos']],
  ['zypper', ['suse', 'opensuse', 'sles']],
  ['pacman', ['arch']],
  ['apk', ['alpine']],
];

function managerOf(names: readonly string[], installed: readonly string[]): Manager | null {
  const [family] = FAMILIES.find(([, ids]) => names.some((name) => ids.includes(name))) ?? [];
  if (family === 'dnf' && installed.includes('yum') && !installed.includes('dnf')) return 'yum';
  return family ?? MANAGERS.find((manager) => installed.includes(manager)) ?? null;
}

function measured(
  id: string,
  title: string,
  value: string,
  enough: boolean,
  good: string,
  little: string,
): Finding {
  return {
    id,
    title,
    status: enough ? 'passed' : 'warned',
    value,
    meaning: enough ? good : little,
    fix: null,
    required: false,
  };
}

function space(facts: ProbeFacts): Finding {
  const rest = { id: 'disk-space', title: 'Free space', fix: null, required: true };
  const value = `${gib(facts.free)} in ${facts.builds}`;
  if (!facts.writable)
    return {
      ...rest,
      value,
      status: 'failed',
      meaning: `Your account may not write to ${facts.builds}, where builds are kept.`,
    };
  if (facts.free < LEAST_SPACE)
    return { ...rest, value, status: 'failed', meaning: 'There is no room for a virtual disk.' };
  if (facts.free < COMFORTABLE_SPACE)
    return {
      ...rest,
      value,
      status: 'warned',
      meaning: `A Windows build with its media needs up to ${gib(COMFORTABLE_SPACE)}; it may run out of room.`,
    };
  return { ...rest, value, status: 'passed', meaning: 'Media and virtual disks are kept here.' };
}

function cloudFinding(facts: ProbeFacts, url: string): Finding {
  const rest = { id: 'cloud', title: 'Way to the cloud', fix: null, required: false };
  if (facts.cloud === null)
    return {
      ...rest,
      status: 'unknown',
      value: 'could not be asked',
      meaning: 'Without curl on the host this cannot be told; the image will go through this workstation.',
    };
  if (facts.cloud.exit === 0)
    return {
      ...rest,
      status: 'passed',
      value: `${url} answers`,
      meaning: 'The host sends the image to the cloud by itself.',
    };
  return {
    ...rest,
    status: 'warned',
    value: `${url} does not answer (${CURL_SAYS[facts.cloud.exit] ?? `curl status ${facts.cloud.exit}`})`,
    meaning:
      'The host does not reach the cloud; the image will go through this workstation, which is slower.',
  };
}

/** The exit statuses of curl that a wrong or closed way leads to. */
const CURL_SAYS: Readonly<Record<number, string>> = {
  6: 'unknown name',
  7: 'no connection',
  28: 'no answer in time',
  35: 'TLS failed',
  52: 'empty answer',
  56: 'connection broken',
};

const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;
