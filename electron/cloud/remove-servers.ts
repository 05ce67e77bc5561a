// Deletes servers with everything that Casement made for them: floating IPs and security groups that carry the tag of
// their launch. Volumes go with their server, unless they are to be kept. What others made stays.
import { setTimeout as delay } from 'node:timers/promises';
import { MARK } from './server-view.ts';
import type { Cloud } from './types.ts';

/** Nova deletes a server in seconds; where it does not, nobody waits for ever. */
const GONE_MS = 120_000;
const EVERY_MS = 1000;

/** Deletes the servers of these ids; says in sentences what was deleted. */
export async function removeServers(
  cloud: Cloud,
  servers: readonly { readonly id: string; readonly name: string }[],
  signal?: AbortSignal,
): Promise<string[]> {
  const said: string[] = [];
  const tags = new Set<string>();
  const ports = new Set<string>();
  for (const { id } of servers) {
    const tag = await cloud.launchTag(id);
    if (tag !== null) tags.add(tag);
    for (const port of await cloud.serverPorts(id)) ports.add(port.id);
  }
  const floating = (await cloud.floatingIps().catch(() => [])).filter(
    ({ port, description }) => MARK.test(description) && port !== null && ports.has(port),
  );
  for (const { id, name } of servers) {
    await cloud.deleteServer(id);
    said.push(`The server "${name}" was deleted.`);
  }
  for (const { id, address } of floating) {
    await cloud.releaseFloatingIp(id);
    said.push(`The floating IP ${address} was given back.`);
  }
  if (tags.size > 0) await untilGone(cloud, servers, signal);
  for (const tag of tags) said.push(...(await removeExtras(cloud, tag)));
  return said;
}

/** Deletes what a launch made besides its servers, once none of them is left. */
export async function removeExtras(cloud: Cloud, tag: string): Promise<string[]> {
  if ((await cloud.launched(tag)).length > 0) return [];
  const said: string[] = [];
  for (const { id, address, port, description } of await cloud.floatingIps().catch(() => []))
    if (description === tag && port === null) {
      await cloud.releaseFloatingIp(id);
      said.push(`The floating IP ${address} was given back.`);
    }
  for (const { id, name, description } of await cloud.securityGroups())
    if (description === tag && (await cloud.deleteSecurityGroup(id)))
      said.push(`The security group "${name}" was deleted.`);
  return said;
}

async function untilGone(
  cloud: Cloud,
  servers: readonly { readonly id: string }[],
  signal?: AbortSignal,
): Promise<void> {
  const end = Date.now() + GONE_MS;
  for (const { id } of servers)
    while (Date.now() < end && (await cloud.server(id)) !== null)
      await delay(EVERY_MS, undefined, signal === undefined ? {} : { signal });
}
