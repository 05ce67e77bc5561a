// Everything that a login proof makes in a cloud, found by its mark and removed: server, key pair, security groups, floating
// IPs. It finds what a killed process left as well.
import { setTimeout as pause } from 'node:timers/promises';
import type { Cloud } from '../cloud/types.ts';

const EVERY_MS = 1000;

/** Removes all that carries the mark, and waits until the server is gone; gives what was removed, in words. */
export async function removeProof(cloud: Cloud, mark: string, signal: AbortSignal): Promise<string[]> {
  const removed: string[] = [];
  const servers = await cloud.servers(mark);
  for (const { id, name } of servers) {
    await cloud.deleteServer(id);
    removed.push(`The throw-away server "${name}" was deleted.`);
  }
  for (const { id, address, description } of await cloud.floatingIps())
    if (description === mark) {
      await cloud.releaseFloatingIp(id);
      removed.push(`The floating IP ${address} was given back.`);
    }
  for (const { name } of await cloud.keypairs())
    if (name === mark) {
      await cloud.deleteKeypair(name);
      removed.push(`The key pair "${name}" was deleted.`);
    }
  // A group can go only after the ports of the server.
  for (const { id } of servers) while (await cloud.server(id)) await pause(EVERY_MS, undefined, { signal });
  for (const { id, name } of await cloud.securityGroups())
    if (name.startsWith(`${mark}-`)) {
      while (!(await cloud.deleteSecurityGroup(id))) await pause(EVERY_MS, undefined, { signal });
      removed.push(`The security group "${name}" was deleted.`);
    }
  return removed;
}
