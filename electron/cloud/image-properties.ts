// What Glance is told about a Windows image, so that Nova gives its servers the devices they were installed with. Pure.
import type { Plan } from '../../shared/plan.ts';
import { windowsProduct } from '../../shared/windows.ts';
import type { ImageRequest } from './types.ts';

const GIB = 2 ** 30;

/**
 * Glance properties of the plan's image. Both bus and network card are always named: with `os_distro` alone Nova
 * asks libosinfo, which knows no virtio device for any Windows.
 */
export function imageProperties(plan: Plan): Record<string, string> {
  const product = windowsProduct(plan.windows);
  const scsi = plan.machine.diskBus === 'virtio-scsi';
  return {
    os_type: 'windows',
    os_distro: product.osinfo,
    os_version: product.osVersion,
    os_admin_user: 'Administrator',
    hw_disk_bus: scsi ? 'scsi' : 'virtio',
    ...(scsi ? { hw_scsi_model: 'virtio-scsi' } : {}),
    hw_vif_model: 'virtio',
    hw_firmware_type: plan.machine.firmware,
    hw_machine_type: plan.machine.type,
    ...plan.image?.properties,
  };
}

/** The whole request for the plan's image; `virtualBytes` is the disk's virtual size where it was measured. */
export function imageRequest(plan: Plan, virtualBytes = 0): ImageRequest {
  return {
    name: plan.image?.name ?? plan.name,
    visibility: plan.image?.visibility ?? 'private',
    // Nova refuses a flavor whose disk is smaller than the virtual size: round up, never down.
    minDiskGB: Math.max(plan.disk.sizeGB, Math.ceil(virtualBytes / GIB)),
    minRamMB: windowsProduct(plan.windows).minRamMB,
    properties: imageProperties(plan),
  };
}
