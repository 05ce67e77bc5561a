// A new image takes the name of an older one. May be begun again after a kill at any point: whoever looks in between sees
// at worst two images of the name, never none.
import { toErrorData } from '../../shared/errors.ts';
import type { ImageView } from '../../shared/views.ts';
import type { Cloud } from '../cloud/types.ts';

/** Longest name of an image, in characters. Source: Glance's schema. */
const LONGEST = 255;

/** The name an image bears that shall replace another one, until it is proven. */
export function workingName(name: string): string {
  return cut(name, ' (new, not yet proven)');
}

/** Images of this project that would give up their name to a new one called `name`, newest first. */
export function replaceable(
  images: readonly ImageView[],
  { id, name, owner }: { readonly id?: string; readonly name: string; readonly owner: string | null },
): ImageView[] {
  return images.filter(
    (image) => image.name === name && image.id !== id && image.status === 'active' && image.owner === owner,
  );
}

export interface Replacement {
  readonly id: string;
  readonly name: string;
  /** ISO time of the replacement; it is noted on the older image. */
  readonly at: string;
  /** The tag of the run: what bears it is the run's own work and never replaced. */
  readonly tag: string;
}

/**
 * Gives the image its name; older images of that name in the same project are renamed with their date and hidden.
 * Gives sentences for the admin. Throws when the new image is gone or may not be renamed; what cannot be done to an older
 * one is said.
 */
export async function replaceOlder(
  cloud: Cloud,
  { id, name, at, tag }: Replacement,
): Promise<readonly string[]> {
  const image = await cloud.updateImage(id, { name });
  const images = await cloud.images();
  const older = replaceable(images, { id, name, owner: image.owner }).filter(
    ({ tags }) => !tags.includes(tag),
  );
  const taken = new Set(images.map((other) => other.name));
  const told: string[] = [];
  for (const one of older) {
    const former = formerName(one, at, taken);
    taken.add(former);
    told.push(await retire(cloud, one, former, { id, at }));
  }
  return [`The new image is called “${name}”.`, ...told];
}

/** The older image's name with its date; with the time too where two images of a day would be called the same. */
function formerName({ name, createdAt }: ImageView, at: string, taken: ReadonlySet<string>): string {
  const made = createdAt || at;
  const day = cut(name, ` (${made.slice(0, 10)})`);
  if (!taken.has(day)) return day;
  const minute = cut(name, ` (${made.slice(0, 16).replace('T', ' ')})`);
  for (let n = 2, tried = minute; ; n += 1) {
    if (!taken.has(tried)) return tried;
    tried = cut(name, ` (${made.slice(0, 16).replace('T', ' ')}, ${n})`);
  }
}

async function retire(
  cloud: Cloud,
  older: ImageView,
  former: string,
  by: { readonly id: string; readonly at: string },
): Promise<string> {
  const set = { casement_replaced_by: by.id, casement_replaced_at: by.at };
  try {
    await cloud.updateImage(older.id, { name: former, set });
  } catch (thrown) {
    return `The older image ${older.id} keeps the name too: ${toErrorData(thrown).whatHappened}`;
  }
  const goes = 'Servers made from it go on working.';
  try {
    // Glance hides images since Rocky.
    await cloud.updateImage(older.id, { hidden: true });
    return `The older image ${older.id} is now called “${former}” and hidden from lists. ${goes}`;
  } catch (thrown) {
    return `The older image ${older.id} is now called “${former}”, but could not be hidden: ${toErrorData(thrown).whatHappened} ${goes}`;
  }
}

/** The name, cut so that the ending fits behind it. */
function cut(name: string, ending: string): string {
  return [...name].slice(0, LONGEST - ending.length).join('') + ending;
}
