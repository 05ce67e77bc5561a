// Which flavors can carry an image, and why the others cannot. Pure.
import { z } from 'zod';
import type { FlavorView } from '../../shared/views.ts';

const flavorBody = z.object({
  id: z.string(),
  name: z.string(),
  vcpus: z.number(),
  ram: z.number(),
  disk: z.number(),
});

/** A flavor of Nova with the reason why it cannot carry an image that needs this disk (GiB) and memory (MiB). */
export function flavorView(body: unknown, need: { minDiskGB: number; minRamMB: number }): FlavorView {
  const { id, name, vcpus, ram, disk } = flavorBody.parse(body);
  const reasons: string[] = [];
  // Disk 0 means "as large as the image"; most clouds let only administrators use that (Nova: policy zero_disk_flavor).
  if (disk === 0 && need.minDiskGB > 0) reasons.push('it has no disk of its own, which most clouds refuse');
  else if (disk < need.minDiskGB)
    reasons.push(`its disk has ${disk} GB, the image needs ${need.minDiskGB} GB`);
  if (ram < need.minRamMB) reasons.push(`it has ${ram} MB of memory, the image needs ${need.minRamMB} MB`);
  return {
    id,
    name,
    vcpus,
    memoryMB: ram,
    diskGB: disk,
    unfit: reasons.length > 0 ? reasons.join('; ') : null,
  };
}

/** The fitting ones first, then small before large. */
export function sortFlavors(flavors: readonly FlavorView[]): FlavorView[] {
  const weight = (flavor: FlavorView) => (flavor.unfit === null ? 0 : 1);
  return [...flavors].sort(
    (a, b) =>
      weight(a) - weight(b) || a.memoryMB - b.memoryMB || a.diskGB - b.diskGB || a.name.localeCompare(b.name),
  );
}
