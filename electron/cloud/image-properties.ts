// What Glance is told about a Windows image, so that Nova gives its servers the devices they were installed with. Pure.
import { derivedProperties } from '../../shared/image-properties.ts';
import type { Inspection } from '../../shared/inspection.ts';
import type { Plan } from '../../shared/plan.ts';
import { windowsProduct } from '../../shared/windows.ts';
import type { ImageRequest } from './types.ts';

const GIB = 2 ** 30;

/** What was measured of the finished disk. */
export interface Measured {
  /** Size of the disk inside, in bytes; 0 when nobody has asked. */
  readonly virtualBytes: number;
  readonly inspection?: Inspection | undefined;
}

/** The parts of a plan that its image follows from. */
export type ImageParts = Pick<
  Plan,
  'name' | 'windows' | 'machine' | 'disk' | 'setup' | 'cloudbaseInit' | 'image'
>;

/** Glance properties of the plan's image: the derived ones, and over them those the admin set. */
export function imageProperties(plan: ImageParts, inspection?: Inspection): Record<string, string> {
  const agent = inspection?.checks.find(({ id }) => id === 'guest-agent')?.status;
  const guestAgent = agent === undefined || agent === 'unknown' ? null : agent === 'passed';
  const { min_disk: _disk, min_ram: _ram, ...own } = plan.image?.properties ?? {};
  return { ...derivedProperties(plan, { guestAgent }), ...own };
}

/** The whole request for the plan's image. */
export function imageRequest(plan: ImageParts, measured: Measured = { virtualBytes: 0 }): ImageRequest {
  const { image } = plan;
  const wanted = image?.properties ?? {};
  return {
    name: image?.name ?? plan.name,
    visibility: image?.visibility ?? 'private',
    format: image?.format ?? 'qcow2',
    // Nova refuses a flavor whose disk is smaller than the virtual size: round up, never down.
    minDiskGB: Math.max(
      plan.disk.sizeGB,
      Math.ceil(measured.virtualBytes / GIB),
      Number(wanted.min_disk ?? 0),
    ),
    minRamMB: Number(wanted.min_ram ?? windowsProduct(plan.windows).minRamMB),
    tags: image?.tags ?? [],
    properties: imageProperties(plan, measured.inspection),
  };
}
