// Every error this folder throws, with the sentences an admin reads. Pure.
import { CasementError } from '../../shared/errors.ts';
import { visible } from '../host/faults.ts';

export const diskInUse = (disk: string, detail = '') =>
  new CasementError({
    code: 'guest.disk-in-use',
    title: 'The disk is in use',
    whatHappened: `Another program on the host, probably a running VM, has ${visible(disk)} open. The disk was not touched.`,
    whatToDo: 'Shut the VM down from inside Windows and wait until it has ended, then try again.',
    detail,
  });

export const diskUnreadable = (disk: string, words: string) =>
  new CasementError({
    code: 'guest.disk-unreadable',
    title: 'The disk could not be read',
    whatHappened: `qemu-img could not read ${visible(disk)}. The disk was not touched.`,
    whatToDo: 'Check that the path names a disk image and that your account may read and write it.',
    detail: words.slice(-4000),
  });

export const noWindows = (disk: string, found: readonly string[]) =>
  new CasementError({
    code: 'guest.no-windows',
    title: 'There is no Windows on this disk',
    whatHappened:
      found.length === 0
        ? `${visible(disk)} has no partition table. The disk was not touched.`
        : `No partition of ${visible(disk)} has a folder Windows\\System32\\config. The disk was not touched.`,
    whatToDo: 'Install Windows first and shut it down from inside, then try again.',
    detail: found.join('\n'),
  });

/** Why nothing may be written into a Windows that is not in state `clean`. */
export function notClean(state: 'dirty' | 'hibernated' | 'bitlocker'): CasementError {
  const sentences = {
    dirty: {
      title: 'Windows was not shut down properly',
      whatHappened:
        'The file system of Windows is marked as damaged or still in use. The disk was not touched.',
      whatToDo:
        'Start the VM again, let Windows check its disk, and shut it down from inside with: shutdown /s /t 0',
    },
    hibernated: {
      title: 'Windows is asleep',
      whatHappened:
        'Windows was hibernated (or shut down with fast startup), so its file system is not complete on the disk. The disk was not touched.',
      whatToDo:
        'Start the VM again, switch hibernation off with: powercfg -h off   and shut it down with: shutdown /s /t 0',
    },
    bitlocker: {
      title: 'The Windows drive is encrypted',
      whatHappened: 'The Windows partition is encrypted with BitLocker. The disk was not touched.',
      whatToDo:
        'Start the VM again, decrypt the drive with: manage-bde -off C:   wait until it has finished, and shut Windows down.',
    },
  }[state];
  return new CasementError({ code: `guest.${state}`, ...sentences });
}

export const noMethod = () =>
  new CasementError({
    code: 'guest.no-method',
    title: 'The host cannot write into a Windows disk',
    whatHappened: 'None of the programs that can write into the disk of a switched-off VM was found.',
    whatToDo: 'Check the host on the Host page; it shows the command that installs one.',
  });

export const noFolder = (folder: string) =>
  new CasementError({
    code: 'guest.no-folder',
    title: 'Windows has no such folder',
    whatHappened: `The folder ${visible(folder)} does not exist on the Windows drive. The disk was not touched.`,
    whatToDo: 'Choose a folder that exists, for example Users\\Public\\Desktop.',
  });

export const badName = (name: string) =>
  new CasementError({
    code: 'guest.bad-name',
    title: 'Windows does not allow this file name',
    whatHappened: `"${visible(name)}" holds characters or a name that Windows refuses. The disk was not touched.`,
    whatToDo: 'Rename the file and try again.',
  });

export const noSource = (path: string) =>
  new CasementError({
    code: 'guest.no-source',
    title: 'The file to copy is not there',
    whatHappened: `The host has no file ${visible(path)}. The disk was not touched.`,
    whatToDo: 'Check the path; it is a path on the host.',
  });

export const writeFailed = (words: string) =>
  new CasementError({
    code: 'guest.write-failed',
    title: 'The file could not be put onto the Windows drive',
    whatHappened: 'The programs on the host that write into the disk reported a failure.',
    whatToDo: 'Check that the Windows drive has room left, read the details, and try again.',
    detail: words.slice(-4000),
  });

/** libguestfs starts a small VM from the host's own kernel, which some distributions let root alone read. */
export const noAppliance = (words: string) =>
  new CasementError({
    code: 'guest.no-appliance',
    title: 'libguestfs could not start on the host',
    whatHappened:
      'guestfish builds a small VM from the kernel of the host, and could not. The disk was not touched.',
    whatToDo:
      'On Ubuntu let your account read the kernel: sudo chmod 0644 /boot/vmlinuz-*. Elsewhere run libguestfs-test-tool on the host; it says what is missing.',
    detail: words.slice(-4000),
  });

export const notVerified = (expected: string, found: string) =>
  new CasementError({
    code: 'guest.not-verified',
    title: 'The file on the Windows drive is not the same',
    whatHappened: 'After copying, the file was read back from the disk and differs from the original.',
    whatToDo: 'Try again. If it happens again, check the disk of the host for errors.',
    detail: `expected SHA-256 ${expected}\nfound    SHA-256 ${found || '(nothing)'}`,
  });
