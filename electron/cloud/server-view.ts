// A server as Nova describes it, as the rest of Casement sees it. Pure.
import { z } from 'zod';
import type { ServerView } from '../../shared/views.ts';
import type { LaunchedServer } from './types.ts';

/** Metadata key that carries the launch's tag on clouds without tags at creation (before 2.52). */
export const TAG_KEY = 'casement-tag';
/** Begins the tag that says which of several servers of one launch this is, counted from 1. */
export const INDEX_TAG = 'casement-index:';

/** Begins the tag of everything that Casement launched. */
export const MARK = /^casement:/;

const serverBody = z.object({
  id: z.string(),
  name: z.string().default(''),
  status: z.string().default('UNKNOWN'),
  addresses: z
    .record(
      z.string(),
      z.array(
        z.object({
          addr: z.string(),
          version: z.number().default(4),
          'OS-EXT-IPS:type': z.string().optional(),
        }),
      ),
    )
    .default({}),
  // An empty text for a server that boots from a volume.
  image: z.union([z.object({ id: z.string() }), z.string(), z.null()]).optional(),
  flavor: z.object({ id: z.string().optional(), original_name: z.string().optional() }).optional(),
  key_name: z.string().nullish(),
  fault: z.object({ message: z.string() }).optional(),
  metadata: z.record(z.string(), z.string()).default({}),
  tags: z.array(z.string()).default([]),
  created: z.string().default(''),
  'OS-SRV-USG:launched_at': z.string().nullish(),
  'OS-EXT-STS:task_state': z.string().nullish(),
});
export type ServerBody = z.output<typeof serverBody>;

/** Parses a server of Nova's answers. */
export function parseServer(body: unknown): ServerBody {
  return serverBody.parse(body);
}

/** Whether a launch marked this server with `tag`. */
export function carries(server: ServerBody, tag: string): boolean {
  return launchTags(server).includes(tag);
}

/** Every tag of a server, wherever its cloud keeps them. */
export function launchTags(server: ServerBody): string[] {
  return [...server.tags, ...(server.metadata[TAG_KEY]?.split(' ') ?? [])];
}

/** The tag of the launch that made a server; null when it was not Casement. */
export function launchTag(server: ServerBody): string | null {
  return launchTags(server).find((tag) => MARK.test(tag)) ?? null;
}

/** Which of the servers of one launch this is, from 1; 1 for a launch of one. */
export function launchIndex(server: ServerBody): number {
  const tag = launchTags(server).find((found) => found.startsWith(INDEX_TAG));
  return Number(tag?.slice(INDEX_TAG.length)) || 1;
}

/** Whether Nova still has it, or is about to have it: what failed or is being deleted makes room for another try. */
export function stands(server: ServerBody): boolean {
  return (
    !/^(ERROR|DELETED|SOFT_DELETED)$/.test(server.status) && server['OS-EXT-STS:task_state'] !== 'deleting'
  );
}

/** A server of a launch, with what decides about its password. */
export function launchedServer(server: ServerBody): LaunchedServer {
  return {
    view: serverView(server),
    index: launchIndex(server),
    createdAt: server.created,
    launchedAt: server['OS-SRV-USG:launched_at'] ?? null,
    adminPassGiven: server.metadata.admin_pass !== undefined,
    leaving: server['OS-EXT-STS:task_state'] === 'deleting',
  };
}

/** The server for the fronts; IPv4 before IPv6 and floating before fixed, as one would try them. */
export function serverView(body: ServerBody): ServerView {
  const addresses = Object.entries(body.addresses).flatMap(([network, list]) =>
    list.map(({ addr, version, 'OS-EXT-IPS:type': type }) => ({
      network,
      address: addr,
      floating: type === 'floating',
      version,
    })),
  );
  addresses.sort((a, b) => Number(b.floating) - Number(a.floating) || a.version - b.version);
  return {
    id: body.id,
    name: body.name,
    status: body.status,
    addresses: addresses.map(({ version: _, ...rest }) => rest),
    image: typeof body.image === 'object' && body.image !== null ? body.image.id : null,
    flavor: body.flavor?.original_name ?? body.flavor?.id ?? '',
    keypair: body.key_name ?? null,
    fault: body.status === 'ERROR' ? (body.fault?.message ?? 'Nova gives no reason.') : null,
  };
}
