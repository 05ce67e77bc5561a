// Floating IPs: those of the project, taking one from a pool, hanging it on a port, giving it back.
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { FloatingIpView, PortView } from '../../shared/views-launch.ts';
import { faultText } from './faults.ts';
import { parseJson } from './identity.ts';
import type { Neutron } from './neutron.ts';

const floatingBody = z.object({
  id: z.string(),
  floating_ip_address: z.string(),
  floating_network_id: z.string(),
  port_id: z.string().nullish(),
  description: z.string().nullish(),
});
const portBody = z.object({
  id: z.string(),
  network_id: z.string(),
  fixed_ips: z.array(z.object({ ip_address: z.string() })).default([]),
});

function floatingView(body: unknown): FloatingIpView {
  const found = floatingBody.parse(body);
  return {
    id: found.id,
    address: found.floating_ip_address,
    network: found.floating_network_id,
    port: found.port_id ?? null,
    description: found.description ?? '',
  };
}

/** Floating IPs of the project. */
export async function listFloatingIps(neutron: Neutron): Promise<FloatingIpView[]> {
  return (await neutron.list('floatingips', 'listing the floating IPs')).map(floatingView);
}

/** Ports of a server. */
export async function serverPorts(neutron: Neutron, server: string): Promise<PortView[]> {
  const query = new URLSearchParams({ device_id: server }).toString();
  return (await neutron.list('ports', 'listing the ports of the server', query)).map((body) => {
    const { id, network_id, fixed_ips } = portBody.parse(body);
    return { id, network: network_id, addresses: fixed_ips.map(({ ip_address }) => ip_address) };
  });
}

/** Takes a floating IP from the pool (an external network) and hangs it on a port. */
export async function allocateFloatingIp(
  neutron: Neutron,
  wanted: { readonly pool: string; readonly port: string; readonly description: string },
): Promise<FloatingIpView> {
  const answer = await neutron.call('POST', '/floatingips', 'taking a floating IP', {
    json: {
      floatingip: {
        floating_network_id: wanted.pool,
        port_id: wanted.port,
        description: wanted.description,
      },
    },
    allow: [409],
  });
  if (answer.status === 409) throw taken(faultText(answer));
  return floatingView(((parseJson(answer.text) ?? {}) as { floatingip?: unknown }).floatingip);
}

/** Hangs a free floating IP on a port. Throws `cloud.floating-ip-taken` when the port has one already. */
export async function assignFloatingIp(neutron: Neutron, id: string, port: string): Promise<FloatingIpView> {
  const path = `/floatingips/${encodeURIComponent(id)}`;
  const answer = await neutron.call('PUT', path, 'hanging the floating IP on the server', {
    json: { floatingip: { port_id: port } },
    allow: [409],
  });
  if (answer.status === 409) throw taken(faultText(answer));
  return floatingView(((parseJson(answer.text) ?? {}) as { floatingip?: unknown }).floatingip);
}

/** Gives a floating IP back to its pool; none is fine too. */
export async function releaseFloatingIp(neutron: Neutron, id: string): Promise<void> {
  const path = `/floatingips/${encodeURIComponent(id)}`;
  await neutron.call('DELETE', path, 'giving the floating IP back', { allow: [404] });
}

function taken(words: string): CasementError {
  const full = /quota/i.test(words);
  return new CasementError({
    code: full ? 'cloud.quota' : 'cloud.floating-ip-taken',
    title: full
      ? 'The project may have no more floating IPs'
      : 'The server or the pool has no room for this floating IP',
    whatHappened: `Neutron answered: “${words}”`,
    whatToDo: full
      ? 'Give back one that is not needed, or ask the operator of the cloud for a larger quota.'
      : 'A port takes one floating IP only, and a pool may be empty: look at the addresses of the server.',
  });
}
