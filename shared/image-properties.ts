// The Glance properties of a Windows image: what Nova must know to give its servers the devices they were installed
// with. Pure; the wizard shows them before the upload sets them.
import type { Plan } from './plan.ts';
import { handsFree } from './plan.ts';
import { windowsProduct } from './windows.ts';

/** What the properties follow from. */
export interface Built extends Pick<Plan, 'windows' | 'machine' | 'cloudbaseInit'> {
  readonly setup?: { readonly mode: string } | undefined;
  readonly image?: Pick<NonNullable<Plan['image']>, 'tpm' | 'without'> | undefined;
}

/** What was found on the finished disk; null where nobody has looked. */
export interface Found {
  readonly guestAgent: boolean | null;
}

/**
 * Properties that follow from what is built, without the ones the admin replaces. Both bus and network card are always
 * named: with `os_distro` alone Nova asks libosinfo, which knows no virtio device for any Windows.
 */
export function derivedProperties(
  { windows, machine, setup, cloudbaseInit, image }: Built,
  found: Found = { guestAgent: null },
): Record<string, string> {
  const product = windowsProduct(windows);
  const scsi = machine.diskBus === 'virtio-scsi';
  // A hands-free build installs the agent; whoever installs by hand may have left it out.
  const agent = found.guestAgent ?? handsFree({ setup });
  const all: Record<string, string> = {
    os_type: 'windows',
    os_distro: product.osinfo,
    os_version: product.osVersion,
    os_admin_user: cloudbaseInit?.username ?? 'Administrator',
    hw_disk_bus: scsi ? 'scsi' : 'virtio',
    ...(scsi ? { hw_scsi_model: 'virtio-scsi' } : {}),
    hw_vif_model: 'virtio',
    hw_firmware_type: machine.firmware,
    hw_machine_type: machine.type,
    // Started with Secure Boot where the cloud has it.
    ...(machine.secureBoot ? { os_secure_boot: 'optional' } : {}),
    // Windows needs a TPM for its installation only, and a cloud without emulated TPMs would start no server at all.
    ...(image?.tpm ? { hw_tpm_version: '2.0', hw_tpm_model: 'tpm-crb' } : {}),
    ...(agent ? { hw_qemu_guest_agent: 'yes' } : {}),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !image?.without?.includes(name)));
}
