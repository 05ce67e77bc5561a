// Which servers Nova has, in what state, and whether Neutron lets RDP through to them.
import type { Client } from '../openstack/client.ts';
import type { Port, SecurityRule } from './firewall.ts';
import { admits } from './firewall.ts';
import type { Server } from './guest.ts';

interface NovaServer {
  id: string;
  name: string;
  status: string;
  tenant_id: string;
  addresses: Record<string, { addr: string; version: number; 'OS-EXT-IPS:type': string }[]>;
}

/** A server and what its Windows should do. */
export interface Wanted {
  server: Server;
  /** `keep`: Nova is in the middle of something; leave the server as it is. */
  power: 'on' | 'off' | 'reinstalled' | 'keep';
}

const POWER: Record<string, Wanted['power']> = {
  ACTIVE: 'on',
  PASSWORD: 'on',
  SHUTOFF: 'off',
  REBOOT: 'off',
  HARD_REBOOT: 'off',
  PAUSED: 'off',
  SUSPENDED: 'off',
  SHELVED: 'off',
  SHELVED_OFFLOADED: 'off',
  ERROR: 'off',
  REBUILD: 'reinstalled',
};

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
    const { id, name, tenant_id: projectId } = server;
    return [{ server: { id, name, projectId, address: fixed.addr }, power: POWER[server.status] ?? 'keep' }];
  });
}
