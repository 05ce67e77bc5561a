// The Glance properties of a Windows image: what Nova must know to give its servers the devices they were installed
// with. Pure; the wizard shows them before the upload sets them.
import type { Plan } from './plan.ts';
import { windowsProduct } from './windows.ts';

/**
 * Properties that follow from the plan, without the ones the admin replaces. Both bus and network card are always
 * named: with `os_distro` alone Nova asks libosinfo, which knows no virtio device for any Windows.
 */
export function derivedProperties({
  windows,
  machine,
}: Pick<Plan, 'windows' | 'machine'>): Record<string, string> {
  const product = windowsProduct(windows);
  const scsi = machine.diskBus === 'virtio-scsi';
  return {
    os_type: 'windows',
    os_distro: product.osinfo,
    os_version: product.osVersion,
    os_admin_user: 'Administrator',
    hw_disk_bus: scsi ? 'scsi' : 'virtio',
    ...(scsi ? { hw_scsi_model: 'virtio-scsi' } : {}),
    hw_vif_model: 'virtio',
    hw_firmware_type: machine.firmware,
    // Started with Secure Boot where the cloud has it; the TPM of the build is not needed any more.
    ...(machine.secureBoot ? { os_secure_boot: 'optional' } : {}),
    hw_machine_type: machine.type,
  };
}
