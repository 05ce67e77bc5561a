// Orders the servers of a launch that are not there yet: a few at a time, each by its own, none twice.
import { CasementError, toErrorData } from '../../../shared/errors.ts';
import { serverNames } from '../../../shared/plan-server.ts';
import type { Cloud, LaunchedServer } from '../../cloud/types.ts';
import { chosenFlavor } from './check-cloud.ts';
import { chosenNetworks } from './choose.ts';
import { groupsFor } from './extras.ts';
import { inPool } from './pool.ts';
import { createTrack, type Track } from './track.ts';
import type { LaunchFacts } from './types.ts';

/** Orders on their way at once: Nova's API answers each in a second or two, and a cloud is not ours alone. */
const ORDERS = 5;

/** After these nobody knows whether Nova took the order. */
const UNSURE = /^cloud\.(unreachable|timeout|service-failed)$/;

export interface OrderPart {
  readonly image: string;
  readonly tag: string;
  readonly adminPass: string | null;
}

/** One track a server: those that stand already, and those that were ordered now or could not be. */
export async function orderServers(cloud: Cloud, facts: LaunchFacts, part: OrderPart): Promise<Track[]> {
  const standing = await removeFailed(cloud, await cloud.launched(part.tag));
  const { spec } = facts;
  const securityGroups = await groupsFor(cloud, facts, part.tag);
  const flavor = chosenFlavor(facts)?.id ?? spec.flavor;
  const networks = chosenNetworks(facts).found.map(({ id }) => id);
  const tracks = serverNames(spec).map((name, i) => {
    const there = standing.find(({ index }) => index === i + 1);
    return createTrack(i + 1, there?.view.name ?? name, there?.view.id ?? '');
  });
  const order = async (track: Track): Promise<void> => {
    try {
      track.id = await cloud.createServer({
        name: track.name,
        index: track.index,
        image: part.image,
        tag: part.tag,
        adminPass: part.adminPass,
        flavor,
        networks,
        keypair: spec.keypair ?? null,
        ...(securityGroups === undefined ? {} : { securityGroups }),
        ...(spec.volume === undefined
          ? {}
          : { volume: { sizeGB: spec.volume.sizeGB, keep: spec.volume.keep ?? false } }),
        ...(spec.zone === undefined ? {} : { zone: spec.zone }),
        ...(spec.configDrive === undefined ? {} : { configDrive: spec.configDrive }),
        ...(spec.metadata === undefined ? {} : { metadata: spec.metadata }),
        ...(typeof facts.userData === 'string' ? { userData: facts.userData } : {}),
        ...(spec.tags === undefined ? {} : { tags: spec.tags }),
      });
    } catch (thrown) {
      // Nova may still be at it: whether the server comes shows in the looks that follow.
      if (thrown instanceof CasementError && UNSURE.test(thrown.code)) track.unsure = toErrorData(thrown);
      else track.fail(toErrorData(thrown));
    }
  };
  await inPool(
    tracks.filter(({ id }) => id === ''),
    ORDERS,
    order,
  );
  return tracks;
}

/** Servers that Nova could not start make room for another try; gives the others. */
async function removeFailed(cloud: Cloud, servers: readonly LaunchedServer[]): Promise<LaunchedServer[]> {
  const standing: LaunchedServer[] = [];
  for (const server of servers) {
    if (server.view.status === 'ERROR') await cloud.deleteServer(server.view.id);
    else if (!server.leaving) standing.push(server);
  }
  return standing.sort(
    (a, b) => a.createdAt.localeCompare(b.createdAt) || a.view.id.localeCompare(b.view.id),
  );
}
