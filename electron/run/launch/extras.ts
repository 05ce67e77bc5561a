// What a launch makes besides servers: one security group, and a floating IP for each server. Both carry the tag of the
// launch, so that nothing is made twice after a kill and everything is found again when the servers are deleted.
import { CasementError } from '../../../shared/errors.ts';
import type { Cloud } from '../../cloud/types.ts';
import { chosenGroup, chosenNetworks, chosenPool } from './choose.ts';
import type { LaunchFacts } from './types.ts';

/** Ids of the security groups for the servers; makes the wanted one where it is not there yet. */
export async function groupsFor(
  cloud: Cloud,
  facts: LaunchFacts,
  tag: string,
): Promise<readonly string[] | undefined> {
  const wanted = facts.spec.securityGroup;
  if (wanted === undefined) return undefined;
  if (typeof wanted === 'string') return [chosenGroup(facts)?.id ?? wanted];
  const earlier = facts.groups.find(({ description }) => description === tag);
  if (earlier) return [earlier.id];
  const name = `casement-rdp-${tag.split(':').at(-1)}`;
  return [(await cloud.createSecurityGroup({ name, description: tag, from: wanted.create.from })).id];
}

/** Gives servers their floating IPs, one after the other, so that no two take the same free one. */
export function floatingIpGiver(
  cloud: Cloud,
  facts: LaunchFacts,
  tag: string,
): ((server: string) => Promise<string>) | null {
  const { pool } = chosenPool(facts);
  if (!pool) return null;
  const network = chosenNetworks(facts).found[0];
  let queue: Promise<unknown> = Promise.resolve();
  const give = async (server: string): Promise<string> => {
    const ports = await cloud.serverPorts(server);
    const port = ports.find((found) => found.network === network?.id) ?? ports[0];
    if (!port) throw noPort();
    const all = await cloud.floatingIps();
    const earlier = all.find((floating) => floating.port === port.id);
    if (earlier) return earlier.address;
    for (const free of all.filter((floating) => floating.port === null && floating.network === pool.id)) {
      const taken = await cloud.assignFloatingIp(free.id, port.id).catch((thrown: unknown) => {
        // Somebody else took it a moment ago: the next one.
        if (thrown instanceof CasementError && /floating-ip-taken|not-found/.test(thrown.code)) return null;
        throw thrown;
      });
      if (taken) return taken.address;
    }
    return (await cloud.allocateFloatingIp({ pool: pool.id, port: port.id, description: tag })).address;
  };
  return (server) => {
    const next = queue.then(() => give(server));
    queue = next.catch(() => {});
    return next;
  };
}

const noPort = (): CasementError =>
  new CasementError({
    code: 'launch.no-port',
    title: 'The server has no port for a floating IP',
    whatHappened: 'Neutron knows no port of this server, so a floating IP has nothing to hang on.',
    whatToDo: 'Choose a network of your own in the plan, delete the server and continue.',
  });
