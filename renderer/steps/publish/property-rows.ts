// The rows of the table of properties: what is derived, what the admin set, what was left out. Pure.
import { propertyMeaning } from '../../../shared/image-meta.ts';
import { derivedProperties } from '../../../shared/image-properties.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import type { Draft } from '../../state/draft.ts';
import { setupOf } from '../../state/draft-setup.ts';

export interface PropertyRow {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
  /** `derived`, changed or added by the admin (`own`), or derived and left out. */
  readonly state: 'derived' | 'own' | 'left-out';
  /** Whether a derived one comes back when the admin's is removed. */
  readonly replaces: boolean;
}

/** Always there: an image has these two fields, whatever its properties. */
const FIELDS = new Set(['min_disk', 'min_ram']);

/** All rows in their order: derived ones first, then those the admin added. */
export function propertyRows(
  draft: Pick<Draft, 'windows' | 'machine' | 'setup' | 'image' | 'sizeGB'>,
): PropertyRow[] {
  const { windows, machine, setup, image, sizeGB } = draft;
  const { properties: own, without, tpm } = image;
  const derived: Record<string, string> = {
    ...derivedProperties({
      windows,
      machine,
      setup,
      image: { tpm },
      cloudbaseInit: setupOf(draft).cloudbaseInit,
    }),
    min_disk: String(sizeGB),
    min_ram: String(windowsProduct(windows).minRamMB),
  };
  return Object.entries({ ...derived, ...own }).map(([name, value]) => ({
    name,
    value,
    meaning: propertyMeaning(name) || 'Your own: Nova does not look at it',
    state: name in own ? 'own' : without.includes(name) ? 'left-out' : 'derived',
    replaces: name in derived,
  }));
}

/** Whether a row can be left out altogether. */
export const canLeaveOut = (name: string): boolean => !FIELDS.has(name);
