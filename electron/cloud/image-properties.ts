// What Glance is told about a Windows image, so that Nova gives its servers the devices they were installed with. Pure.
import { derivedProperties } from '../../shared/image-properties.ts';
import type { Plan } from '../../shared/plan.ts';
import { windowsProduct } from '../../shared/windows.ts';
import type { ImageRequest } from './types.ts';

const GIB = 2 ** 30;

/** Glance properties of the plan's image: the derived ones, and over them those the admin set. */
export function imageProperties(plan: Plan): Record<string, string> {
  return { ...derivedProperties(plan), ...plan.image?.properties };
}

/** The whole request for the plan's image; `virtualBytes` is the disk's virtual size where it was measured. */
export function imageRequest(plan: Plan, virtualBytes = 0): ImageRequest {
  return {
    name: plan.image?.name ?? plan.name,
    visibility: plan.image?.visibility ?? 'private',
    format: plan.image?.format ?? 'qcow2',
    // Nova refuses a flavor whose disk is smaller than the virtual size: round up, never down.
    minDiskGB: Math.max(plan.disk.sizeGB, Math.ceil(virtualBytes / GIB)),
    minRamMB: windowsProduct(plan.windows).minRamMB,
    properties: imageProperties(plan),
  };
}
