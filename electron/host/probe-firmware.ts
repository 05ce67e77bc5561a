// Where the distributions keep UEFI firmware for guests. Pure; the first pair whose two files exist wins.
import type { Ovmf } from '../../shared/views.ts';

const pairs = (folder: string, names: readonly (readonly [code: string, vars: string])[]): Ovmf[] =>
  names.map(([code, vars]) => ({ code: `${folder}/${code}`, vars: `${folder}/${vars}` }));

/** UEFI without Secure Boot. 4 MiB builds first: Windows' updates of the variable store outgrow the 2 MiB ones. */
export const PLAIN_FIRMWARE: readonly Ovmf[] = [
  // Debian, Ubuntu
  ...pairs('/usr/share/OVMF', [
    ['OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd'],
    ['OVMF_CODE.fd', 'OVMF_VARS.fd'],
  ]),
  // Fedora, RHEL and their kin
  ...pairs('/usr/share/edk2/ovmf', [['OVMF_CODE.fd', 'OVMF_VARS.fd']]),
  // openSUSE, SLES
  ...pairs('/usr/share/qemu', [
    ['ovmf-x86_64-4m-code.bin', 'ovmf-x86_64-4m-vars.bin'],
    ['ovmf-x86_64-code.bin', 'ovmf-x86_64-vars.bin'],
  ]),
  // Arch
  ...pairs('/usr/share/edk2/x64', [
    ['OVMF_CODE.4m.fd', 'OVMF_VARS.4m.fd'],
    ['OVMF_CODE.fd', 'OVMF_VARS.fd'],
  ]),
];

/** UEFI with Secure Boot and Microsoft's keys enrolled in the variable store. */
export const SECURE_FIRMWARE: readonly Ovmf[] = [
  ...pairs('/usr/share/OVMF', [
    ['OVMF_CODE_4M.secboot.fd', 'OVMF_VARS_4M.ms.fd'],
    ['OVMF_CODE_4M.ms.fd', 'OVMF_VARS_4M.ms.fd'],
    ['OVMF_CODE.secboot.fd', 'OVMF_VARS.ms.fd'],
    ['OVMF_CODE.secboot.fd', 'OVMF_VARS.secboot.fd'],
  ]),
  ...pairs('/usr/share/edk2/ovmf', [['OVMF_CODE.secboot.fd', 'OVMF_VARS.secboot.fd']]),
  ...pairs('/usr/share/qemu', [
    ['ovmf-x86_64-smm-ms-code.bin', 'ovmf-x86_64-smm-ms-vars.bin'],
    ['ovmf-x86_64-ms-4m-code.bin', 'ovmf-x86_64-ms-4m-vars.bin'],
    ['ovmf-x86_64-ms-code.bin', 'ovmf-x86_64-ms-vars.bin'],
  ]),
];

/** Every file the probe must look for. */
export const FIRMWARE_FILES: readonly string[] = [
  ...new Set([...PLAIN_FIRMWARE, ...SECURE_FIRMWARE].flatMap(({ code, vars }) => [code, vars])),
];

/** The first pair of which both files are there. */
export function pickFirmware(pairs: readonly Ovmf[], present: ReadonlySet<string>): Ovmf | null {
  return pairs.find(({ code, vars }) => present.has(code) && present.has(vars)) ?? null;
}
