// Every error this folder throws, with the sentences an admin reads. Pure.
import { CasementError } from '../../shared/errors.ts';
import { visible } from '../host/faults.ts';

export const pathTooLong = (path: string) =>
  new CasementError({
    code: 'machine.path-too-long',
    title: 'The work folder has too long a path',
    whatHappened: `Linux allows 107 bytes for the path of a socket; ${visible(path)} has ${Buffer.byteLength(path)}.`,
    whatToDo: 'Use an account on the host whose home folder has a shorter path.',
  });

export const noFirmware = () =>
  new CasementError({
    code: 'machine.no-firmware',
    title: 'The host has no UEFI firmware for VMs',
    whatHappened: 'This build uses UEFI, and no OVMF firmware was found on the host.',
    whatToDo: 'Install the package ovmf (Debian, Ubuntu) or edk2-ovmf (Red Hat, SUSE), or choose BIOS.',
  });

export const noSecureFirmware = () =>
  new CasementError({
    code: 'machine.no-firmware',
    title: 'The host has no Secure Boot firmware for VMs',
    whatHappened:
      'This build uses Secure Boot, and no OVMF firmware with Microsoft’s keys was found on the host.',
    whatToDo:
      'Install the package ovmf (Debian, Ubuntu) or edk2-ovmf (Red Hat, SUSE), or switch Secure Boot off on the page "Disk & machine".',
  });

export const noTpm = () =>
  new CasementError({
    code: 'machine.no-tpm',
    title: 'The host has no TPM for VMs',
    whatHappened: 'This build uses a TPM 2.0, and the program swtpm was not found on the host.',
    whatToDo:
      'Install the package swtpm on the host, or switch the TPM off on the page "Disk & machine": Setup is then told to do without.',
  });

export const tpmFailed = (log: string) =>
  new CasementError({
    code: 'machine.tpm-failed',
    title: 'The TPM of the build VM did not start',
    whatHappened: lastLine(log) || 'swtpm on the host ended at once and said nothing.',
    whatToDo: 'Look at the details; the work folder on the host must be writable and have free space.',
    detail: log.slice(-8000),
  });

export const noQemu = () =>
  new CasementError({
    code: 'machine.no-qemu',
    title: 'QEMU is not installed on the host',
    whatHappened: 'No QEMU program for 64-bit PCs was found on the host.',
    whatToDo: 'Check the host on the Host page; it shows the command that installs QEMU.',
  });

export const badDrive = (id: string) =>
  new CasementError({
    code: 'machine.bad-drive',
    title: 'There is no such CD drive',
    whatHappened: `The build VM has no CD drive called "${visible(id)}".`,
    whatToDo: 'Choose one of the drives shown beside the screen.',
  });

/** QEMU ended before it could be spoken to; its own words decide which sentence fits. */
export function startFailed(log: string): CasementError {
  const detail = log.slice(-8000);
  if (/Failed to get .{0,20}lock/.test(log))
    return new CasementError({
      code: 'machine.disk-in-use',
      title: 'The disk is in use',
      whatHappened: 'Another program on the host, probably another VM, has the disk of this build open.',
      whatToDo: 'End that program, then try again.',
      detail,
    });
  if (/[Cc]ould not access KVM|failed to initialize kvm/i.test(log))
    return new CasementError({
      code: 'machine.no-kvm',
      title: 'The build VM cannot use KVM',
      whatHappened: `QEMU could not open KVM on the host. ${lastLine(log)}`,
      whatToDo:
        'Add your account to the group kvm on the host and sign in again, or let the build run without KVM (slow).',
      detail,
    });
  return new CasementError({
    code: 'machine.start-failed',
    title: 'The build VM did not start',
    whatHappened: lastLine(log) || 'QEMU ended at once and said nothing.',
    whatToDo: 'Read what QEMU said in the details, correct it on the host or in the plan, and try again.',
    detail,
  });
}

export const startTimeout = (seconds: number, log: string) =>
  new CasementError({
    code: 'machine.start-failed',
    title: 'The build VM did not start',
    whatHappened: `QEMU was started but did not answer within ${seconds} seconds.`,
    whatToDo: 'Check whether the host is overloaded, then try again.',
    detail: log.slice(-8000),
  });

export const notRunning = (cause: unknown) =>
  new CasementError(
    {
      code: 'machine.not-running',
      title: 'The build VM is not running',
      whatHappened: 'No build VM answers in the work folder of this build.',
      whatToDo: 'Continue the build; it starts the VM when it needs it.',
      detail: cause instanceof Error ? cause.message : '',
    },
    cause,
  );

export const qmpBroken = (why: string, detail = '') =>
  new CasementError({
    code: 'machine.monitor-lost',
    title: 'The connection to the build VM broke',
    whatHappened: `QEMU's monitor ${why}.`,
    whatToDo: 'Try again. If it happens again, check whether the VM is still running.',
    detail,
  });

export const qmpRefused = (command: string, description: string) =>
  new CasementError({
    code: 'machine.command-refused',
    title: 'The build VM refused this',
    whatHappened: `QEMU answered: ${description}`,
    whatToDo: 'Check the state of the VM on its screen, then try again.',
    detail: `${command}: ${description}`,
  });

export const noSuchMedium = (path: string) =>
  new CasementError({
    code: 'machine.no-such-medium',
    title: 'There is no such ISO file',
    whatHappened: `The host has no file ${visible(path)}, so the drive was left as it was.`,
    whatToDo: 'Choose an ISO file that is on the host.',
  });

export const badKey = (key: string) =>
  new CasementError({
    code: 'machine.unknown-key',
    title: 'This key does not exist',
    whatHappened: `QEMU knows no key called "${visible(key)}".`,
    whatToDo: 'Use names such as ctrl, alt, delete, ret, esc, tab, f1, up, a or 1.',
  });

export const diskExists = (path: string) =>
  new CasementError({
    code: 'machine.disk-exists',
    title: 'There is a disk already',
    whatHappened: `${visible(path)} exists on the host and was left as it is.`,
    whatToDo: 'Continue the build that made it, or remove the file and try again.',
  });

export const noSpace = (freeBytes: number, needBytes: number) =>
  new CasementError({
    code: 'machine.no-space',
    title: 'The host has too little free space',
    whatHappened: `${gib(freeBytes)} are free where the disk would be made; installing Windows needs about ${gib(needBytes)}.`,
    whatToDo: 'Free some space on the host, or use an account whose home folder is on a larger disk.',
  });

export const badImage = (path: string, words: string) =>
  new CasementError({
    code: 'machine.bad-disk',
    title: 'This is not a usable disk image',
    whatHappened: `qemu-img could not read ${visible(path)}.`,
    whatToDo: 'Check that the path names a qcow2 disk image that you may read.',
    detail: words.slice(-4000),
  });

const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

function lastLine(log: string): string {
  return log.trim().split('\n').at(-1)?.slice(0, 500) ?? '';
}
