// Servers and images that a command names, by name or id.
import type { ImageView, ServerView } from '../../shared/views.ts';
import type { Cloud } from '../cloud/types.ts';
import { usageError } from './output.ts';

/** The one server of this name or id. Throws `usage` naming those there are. */
export async function findServer(cloud: Cloud, name: string): Promise<ServerView> {
  const servers = await cloud.servers();
  return only(
    'server',
    name,
    servers,
    servers.filter((server) => server.id === name || server.name === name),
  );
}

/** The one image of this name or id. Throws `usage` naming those there are. */
export async function findImage(cloud: Cloud, name: string): Promise<ImageView> {
  // A hidden image stands in no list and is found by its id all the same.
  const byId = /^[0-9a-f-]{32,36}$/i.test(name) ? await cloud.image(name) : null;
  if (byId) return byId;
  const images = await cloud.images();
  return only(
    'image',
    name,
    images,
    images.filter((image) => image.name === name),
  );
}

function only<T extends { readonly id: string; readonly name: string }>(
  what: string,
  name: string,
  all: readonly T[],
  found: readonly T[],
): T {
  const [one] = found;
  if (one && found.length === 1) return one;
  throw usageError(
    found.length === 0 ? `No ${what} is called ${name}.` : `${found.length} ${what}s are called ${name}.`,
    found.length === 0
      ? `There are: ${
          all
            .slice(0, 50)
            .map((each) => each.name)
            .join(', ') || 'none'
        }.`
      : `Write the id of one: ${found.map(({ id }) => id).join(', ')}.`,
  );
}
