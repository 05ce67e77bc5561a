// Which servers Nova has, in what state, and whether Neutron lets RDP through to them.
import type { Client } from '../openstack/client.ts';
import type { Port, SecurityRule } from './firewall.ts';
import { admits } from './firewall.ts';
import type { Server } from './guest.ts';

interface NovaServer {
  id: string;
  name: string;
  status: string;
  updated: string;
  tenant_id: string;
  addresses: Record<string, { addr: string; version: number; 'OS-EXT-IPS:type': string }[]>;
}

/** A server and what its Windows should do. */
export interface Wanted {
  server: Server;
  /** When anything about the server last changed. */
  updated: string;
  /** `keep`: Nova is in the middle of something; leave the server as it is. */
  power: 'on' | 'off' | 'keep';
}

const POWER: Record<string, Wanted['power']> = {
  ACTIVE: 'on',
  PASSWORD: 'on',
  SHUTOFF: 'off',
  PAUSED: 'off',
  SUSPENDED: 'off',
  SHELVED: 'off',
  SHELVED_OFFLOADED: 'off',
  ERROR: 'off',
};

/** The last thing somebody asked of a server, such as reboot or rebuild. */
export async function lastAction(
  admin: Client,
  novaUrl: string,
  id: string,
): Promise<{ action: string; request: string }> {
  const url = `${novaUrl}/servers/${id}/os-instance-actions`;
  const { instanceActions } = await admin.call<{
    instanceActions: { action: string; request_id: string; start_time: string }[];
  }>('GET', url);
  const last = instanceActions.sort((a, b) => a.start_time.localeCompare(b.start_time)).at(-1);
  return { action: last?.action ?? '', request: last?.request_id ?? '' };
}

/** The ids of the servers whose security groups let RDP in from `source`. */
export async function listReachable(admin: Client, neutronUrl: string, source: string): Promise<Set<string>> {
  const [{ ports }, { security_group_rules: rules }] = await Promise.all([
    admin.call<{ ports: Port[] }>('GET', `${neutronUrl}/v2.0/ports`),
    admin.call<{ security_group_rules: SecurityRule[] }>(
      'GET',
      `${neutronUrl}/v2.0/security-group-rules?direction=ingress`,
    ),
  ]);
  return new Set(ports.filter((port) => admits(port, rules, source, 3389)).map((port) => port.device_id));
}

/** All projects' servers that have an address on the practice network, whose addresses begin with `prefix`. */
export async function listServers(admin: Client, novaUrl: string, prefix: string): Promise<Wanted[]> {
  const { servers } = await admin.call<{ servers: NovaServer[] }>(
    'GET',
    `${novaUrl}/servers/detail?all_tenants=1`,
  );
  return servers.flatMap((server): Wanted[] => {
    const all = Object.values(server.addresses).flat();
    const fixed = all.find((known) => known['OS-EXT-IPS:type'] === 'fixed' && known.addr.startsWith(prefix));
    if (fixed === undefined) return [];
    const { id, name, updated, status, tenant_id: projectId } = server;
    return [
      { server: { id, name, projectId, address: fixed.addr }, updated, power: POWER[status] ?? 'keep' },
    ];
  });
}
