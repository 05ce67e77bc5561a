// The QEMU command line of a build VM: one pure function from plan, probe and paths to words.
// Sources: QEMU docs/system/i386/hyperv.rst; osinfo-db; virtio-win kvm-guest-drivers-windows issue 1574 (discard).
import { type WindowsProduct, windowsProduct } from '../../shared/windows.ts';
import { quoteWord } from '../host/quote.ts';
import { badDrive, noFirmware, noQemu, noSecureFirmware, noTpm, pathTooLong } from './faults.ts';
import type { MachineSpec } from './types.ts';

/** The files of one VM in its work folder; sockets are checked against Linux' limit by qemuWords. */
export function machineFiles(dir: string) {
  return {
    vnc: `${dir}/vnc.sock`,
    /** For the one who waits for the end: a monitor serves one client at a time. */
    qmpEvents: `${dir}/qmp.sock`,
    /** For short commands of everybody else. */
    qmpControl: `${dir}/qmp-control.sock`,
    serial: `${dir}/serial.log`,
    uefiVars: `${dir}/vars.fd`,
    /** Socket of the TPM's own program, and the folder with what the TPM remembers. */
    tpm: `${dir}/tpm.sock`,
    tpmState: `${dir}/tpm`,
    drives: `${dir}/drives.json`,
    /** The guest switched itself off: the phase is over. */
    ended: (phase: string) => `${dir}/ended-${phase}`,
    /** Somebody switched it off from outside. */
    stopped: (phase: string) => `${dir}/stopped-${phase}`,
  };
}

/** sun_path of Linux holds 108 bytes including the closing NUL. */
const LONGEST_SOCKET_PATH = 107;

/** All that QEMU's documentation recommends for Windows; stimer needs vpindex, synic and time. */
const HYPERV =
  'hv-relaxed,hv-vapic,hv-spinlocks=0x1fff,hv-vpindex,hv-runtime,hv-time,hv-synic,hv-stimer,hv-frequencies,hv-tlbflush,hv-ipi';

/** The oldest model with SSE4.2 and POPCNT, without which Windows 11 24H2 and Server 2025 do not start. */
const TCG_CPU = 'Nehalem';

/** Newer Windows stops trimming when the granularity is below 32 KiB. */
const DISCARD_GRANULARITY = 32768;

/**
 * The words that start QEMU. Throws `machine.no-qemu`, `machine.no-firmware`, `machine.path-too-long` or
 * `machine.bad-drive` when no such VM can be.
 */
export function qemuWords(spec: MachineSpec): string[] {
  const { plan, probe } = spec;
  if (!probe.qemu) throw noQemu();
  const files = machineFiles(spec.dir);
  for (const path of [files.vnc, files.qmpEvents, files.qmpControl, files.tpm])
    if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) throw pathTooLong(path);
  const product = windowsProduct(plan.windows);
  const kvm = acceleration(spec) === 'kvm';
  const major = Number.parseInt(probe.qemu.version, 10);
  const q35 = plan.machine.type === 'q35';
  const firmware = firmwareWords(spec, files.uefiVars);
  return [
    probe.qemu.binary,
    ...['-name', 'casement', '-nodefaults', '-no-user-config', '-display', 'none'],
    // A guest that switches itself off leaves QEMU behind in state `shutdown`, where it can be seen later too.
    '-no-shutdown',
    ...['-machine', [plan.machine.type, 'vmport=off', ...hpet(major).machine, ...firmware.machine].join(',')],
    ...hpet(major).words,
    ...['-accel', kvm ? 'kvm' : 'tcg,thread=multi'],
    ...['-cpu', kvm ? `host,${HYPERV}` : TCG_CPU],
    ...['-smp', `${plan.machine.cores},sockets=1,cores=${plan.machine.cores},threads=1`],
    ...['-m', String(plan.machine.memoryMB)],
    // Windows keeps its clock in local time, and Nova gives os_type=windows the same.
    ...['-rtc', kvm ? 'base=localtime,driftfix=slew' : 'base=localtime'],
    ...(kvm ? ['-global', 'kvm-pit.lost_tick_policy=delay'] : []),
    // A guest that fell asleep would look dead to the admin.
    ...['-global', q35 ? 'ICH9-LPC.disable_s3=1' : 'PIIX4_PM.disable_s3=1'],
    ...firmware.words,
    ...tpmWords(spec, files.tpm),
    ...['-boot', 'strict=on'],
    ...diskWords(spec),
    ...spec.cds.flatMap((cd, index) => cdWords(cd, index, spec)),
    ...usbWords(product, q35),
    // What Nova's servers have: a device that is there gets its driver installed.
    ...['-device', 'virtio-serial-pci', '-device', 'virtio-balloon-pci', '-device', 'virtio-rng-pci'],
    ...['-vga', 'std', '-vnc', `unix:${comma(files.vnc)},share=force-shared`],
    ...(plan.machine.network
      ? ['-netdev', 'user,id=net0', '-device', 'virtio-net-pci,netdev=net0,romfile=']
      : ['-nic', 'none']),
    ...['-chardev', `file,id=serial0,path=${comma(files.serial)}`, '-serial', 'chardev:serial0'],
    ...['-qmp', `unix:${comma(files.qmpEvents)},server=on,wait=off`],
    ...['-qmp', `unix:${comma(files.qmpControl)},server=on,wait=off`],
    ...['-msg', 'timestamp=on'],
  ];
}

/** The same words for a person to read: one option a line, fit for a POSIX shell. */
export function qemuShell(words: readonly string[]): string {
  return words.reduce((text, word, index) => {
    const separator = index === 0 ? '' : word.startsWith('-') ? ' \\\n  ' : ' ';
    return `${text}${separator}${quoteWord(word)}`;
  }, '');
}

/** What the VM runs on: the plan's wish, else what the probe proved. */
export function acceleration({ plan, probe }: Pick<MachineSpec, 'plan' | 'probe'>): 'kvm' | 'tcg' {
  return plan.machine.accel === 'auto' ? probe.accel : plan.machine.accel;
}

/** The firmware of a UEFI VM: the plain one, else the secure-boot one (which needs q35 with SMM); null for BIOS. */
export function firmwareOf({
  plan,
  probe,
}: Pick<MachineSpec, 'plan' | 'probe'>): { code: string; vars: string; secure: boolean } | null {
  if (plan.machine.firmware === 'bios') return null;
  if (plan.machine.secureBoot) {
    if (probe.ovmfSecure) return { ...probe.ovmfSecure, secure: true };
    throw noSecureFirmware();
  }
  if (probe.ovmf) return { ...probe.ovmf, secure: false };
  if (probe.ovmfSecure && plan.machine.type === 'q35') return { ...probe.ovmfSecure, secure: true };
  throw noFirmware();
}

function firmwareWords(spec: MachineSpec, vars: string): { machine: string[]; words: string[] } {
  const firmware = firmwareOf(spec);
  if (!firmware) return { machine: [], words: [] };
  const flash = (unit: number, options: string, file: string) => [
    '-drive',
    `if=pflash,format=raw,unit=${unit},${options}file=${comma(file)}`,
  ];
  return {
    machine: firmware.secure ? ['smm=on'] : [],
    words: [
      ...(firmware.secure ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
      ...flash(0, 'readonly=on,', firmware.code),
      ...flash(1, '', vars),
    ],
  };
}

/** The words of swtpm, which ends when QEMU lets go of it. Throws `machine.no-tpm`. null where the VM has no TPM. */
export function tpmProgram({
  plan,
  probe,
  dir,
}: Pick<MachineSpec, 'plan' | 'probe' | 'dir'>): string[] | null {
  if (!plan.machine.tpm) return null;
  if (probe.swtpm === null) throw noTpm();
  const { tpm, tpmState } = machineFiles(dir);
  return [
    ...[probe.swtpm, 'socket', '--tpm2', '--terminate'],
    ...['--tpmstate', `dir=${tpmState}`, '--ctrl', `type=unixio,path=${tpm}`],
  ];
}

function tpmWords({ plan }: MachineSpec, socket: string): string[] {
  if (!plan.machine.tpm) return [];
  return [
    ...['-chardev', `socket,id=tpm,path=${comma(socket)}`, '-tpmdev', 'emulator,id=tpm0,chardev=tpm'],
    ...['-device', 'tpm-crb,tpmdev=tpm0'],
  ];
}

/** The HPET costs Windows CPU time; `-no-hpet` went away with QEMU 9, the machine's property came before it. */
function hpet(major: number): { machine: string[]; words: string[] } {
  return major >= 8 ? { machine: ['hpet=off'], words: [] } : { machine: [], words: ['-no-hpet'] };
}

function diskWords({ plan, disk, bootFrom }: MachineSpec): string[] {
  // JSON, because a file name may hold commas. Cache mode is writeback: flushes of the guest reach the disk.
  const node = {
    'node-name': 'disk0',
    driver: 'qcow2',
    discard: 'unmap',
    'detect-zeroes': 'unmap',
    file: { driver: 'file', filename: disk, discard: 'unmap' },
  };
  const properties = `id=disk,drive=disk0,bootindex=${bootFrom === 'disk' ? 0 : 10},discard_granularity=${DISCARD_GRANULARITY}`;
  return [
    ...['-blockdev', JSON.stringify(node)],
    ...(plan.machine.diskBus === 'virtio-blk'
      ? ['-device', `virtio-blk-pci,${properties}`]
      : ['-device', 'virtio-scsi-pci,id=scsi0', '-device', `scsi-hd,bus=scsi0.0,${properties}`]),
  ];
}

/** CDs stay on IDE (pc) or AHCI (q35): Setup of the 24H2 family mishandles drivers when its CD is on virtio. */
function cdWords(cd: MachineSpec['cds'][number], index: number, { plan, bootFrom }: MachineSpec): string[] {
  const q35 = plan.machine.type === 'q35';
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(cd.id) || index >= (q35 ? 6 : 4)) throw badDrive(cd.id);
  // Two IDE channels with two units each; the first two CDs get a channel of their own.
  const place = q35 ? `bus=ide.${index}` : `bus=ide.${index % 2},unit=${index >> 1}`;
  const node = {
    'node-name': `medium-${cd.id}`,
    driver: 'raw',
    'read-only': true,
    file: { driver: 'file', filename: cd.file, 'read-only': true },
  };
  const drive = cd.file === null ? '' : `,drive=medium-${cd.id}`;
  return [
    ...(cd.file === null ? [] : ['-blockdev', JSON.stringify(node)]),
    ...[
      '-device',
      `ide-cd,id=cd-${cd.id},${place},bootindex=${(bootFrom === 'cd' ? 0 : 11) + index}${drive}`,
    ],
  ];
}

/** A tablet, so that the pointer of the screen and of the guest are one. NT 6.1 has no xHCI driver. */
function usbWords(product: WindowsProduct, q35: boolean): string[] {
  const controller = product.usb === 'xhci' ? 'qemu-xhci' : q35 ? 'ich9-usb-uhci1' : 'piix3-usb-uhci';
  return ['-device', `${controller},id=usb`, '-device', 'usb-tablet,bus=usb.0'];
}

/** QEMU's own escape inside `key=value,…` options. */
function comma(value: string): string {
  return value.replaceAll(',', ',,');
}
