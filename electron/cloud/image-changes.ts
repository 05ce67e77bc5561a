// Changes to an image that exists, in Glance's own dialect of JSON Patch. Pure.
import type { ImageChanges } from './types.ts';

/** Media type of a change. Source: Image API v2, "Update image"; with v2.1 `add` also replaces. */
export const PATCH_TYPE = 'application/openstack-images-v2.1-json-patch';

interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** The operations that make `changes` of an image with these properties; none when nothing would change. */
export function imagePatch(
  changes: ImageChanges,
  properties: Readonly<Record<string, string>>,
): readonly Operation[] {
  const base: readonly (readonly [string, unknown])[] = [
    ['name', changes.name],
    ['visibility', changes.visibility],
    ['protected', changes.protected],
    ['os_hidden', changes.hidden],
    ['tags', changes.tags],
    ['min_disk', changes.minDiskGB],
    ['min_ram', changes.minRamMB],
  ];
  return [
    ...base.flatMap(([name, value]) =>
      value === undefined ? [] : [{ op: 'replace' as const, path: `/${name}`, value }],
    ),
    ...Object.entries(changes.set ?? {})
      .filter(([name, value]) => properties[name] !== value)
      .map(([name, value]) => ({ op: 'add' as const, path: pointer(name), value })),
    // Glance answers 409 to the removal of what is not there.
    ...(changes.remove ?? [])
      .filter((name) => Object.hasOwn(properties, name) && !Object.hasOwn(changes.set ?? {}, name))
      .map((name) => ({ op: 'remove' as const, path: pointer(name) })),
  ];
}

/** A property's name as JSON Pointer (RFC 6901). */
function pointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
