// All servers of a project for a long list, page after page, with the names of their images.
import type { ImageView, ServerView } from '../../shared/views.ts';
import type { ServerRow } from '../../shared/views-servers.ts';
import { parseJson } from './identity.ts';
import type { Nova } from './nova.ts';
import { nextQuery } from './paging.ts';
import { launchTag, parseServer, type ServerBody, serverView } from './server-view.ts';

/** Nova gives at most 1000 at once (its `max_limit`); fewer show the first ones sooner. */
const PAGE = 500;

/** Calls back with every page as it arrives. Aborts between two pages. */
export async function serverRows(
  nova: Nova,
  images: () => Promise<readonly ImageView[]>,
  onPage: (rows: readonly ServerRow[]) => void,
  signal?: AbortSignal,
): Promise<void> {
  // A Glance that does not answer takes the names of the images away, not the servers.
  const found = images().catch(() => []);
  const seen = new Set<string>();
  for (let query: string | null = `limit=${PAGE}`; query !== null && !seen.has(query); ) {
    signal?.throwIfAborted();
    seen.add(query);
    const answer = await nova.call('GET', `/servers/detail?${query}`, 'listing the servers');
    const body = (parseJson(answer.text) ?? {}) as { servers?: unknown };
    const servers = Array.isArray(body.servers) ? body.servers.map(parseServer) : [];
    const byId = new Map((await found).map((image) => [image.id, image]));
    onPage(servers.map((server) => rowOf(server, serverView(server), byId)));
    query = nextQuery(body, 'servers');
  }
}

function rowOf(body: ServerBody, view: ServerView, images: ReadonlyMap<string, ImageView>): ServerRow {
  const image = view.image === null ? undefined : images.get(view.image);
  return {
    ...view,
    imageName: image?.name ?? null,
    windows: isWindows(body, image),
    passwordStands: body.metadata.admin_pass !== undefined,
    created: body.created,
  };
}

/** Whether a server runs Windows, as far as the cloud tells: by its metadata, its tags, the property or the name of its image. */
function isWindows(server: ServerBody, image: Pick<ImageView, 'name' | 'properties'> | undefined): boolean {
  const says = image?.properties.os_type ?? server.metadata.os_type;
  if (says !== undefined) return says.toLowerCase() === 'windows';
  // Casement launches nothing else, and the password may have been taken out of the metadata since.
  if (server.metadata.admin_pass !== undefined || launchTag(server) !== null) return true;
  return /\bwin(dows)?[\s._-]*(server|\d{1,4}|10|11)|windows/i.test(
    `${image?.name ?? ''} ${image?.properties.os_distro ?? ''} ${image ? '' : server.name}`,
  );
}
