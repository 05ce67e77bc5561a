// Security groups: which of them let Remote Desktop in, and making one that does.
import { z } from 'zod';
import type { SecurityGroupView } from '../../shared/views-launch.ts';
import { parseJson } from './identity.ts';
import type { Neutron } from './neutron.ts';

const RDP_PORT = 3389;

const ruleBody = z.object({
  direction: z.string().default('ingress'),
  ethertype: z.string().default('IPv4'),
  protocol: z.union([z.string(), z.number()]).nullish(),
  port_range_min: z.number().nullish(),
  port_range_max: z.number().nullish(),
  remote_ip_prefix: z.string().nullish(),
  remote_group_id: z.string().nullish(),
  remote_address_group_id: z.string().nullish(),
});
const groupBody = z.object({
  id: z.string(),
  name: z.string().default(''),
  description: z.string().nullish(),
  security_group_rules: z.array(z.unknown()).default([]),
});

/** The CIDRs that rules let in to TCP port 3389, and whether members of some group are: this computer is none. */
export function rdpSources(rules: readonly unknown[]): Pick<SecurityGroupView, 'rdpFrom' | 'rdpFromGroups'> {
  const found = new Set<string>();
  let rdpFromGroups = false;
  for (const body of rules) {
    const rule = ruleBody.parse(body);
    const tcp = [null, 'any', 'tcp', '6', 6, '0', 0].includes(rule.protocol ?? null);
    const ports = (rule.port_range_min ?? 0) <= RDP_PORT && RDP_PORT <= (rule.port_range_max ?? 65535);
    if (rule.direction !== 'ingress' || !tcp || !ports) continue;
    if (rule.remote_group_id != null || rule.remote_address_group_id != null) rdpFromGroups = true;
    else found.add(rule.remote_ip_prefix ?? (rule.ethertype === 'IPv6' ? '::/0' : '0.0.0.0/0'));
  }
  return { rdpFrom: [...found], rdpFromGroups };
}

function groupView(body: unknown): SecurityGroupView {
  const group = groupBody.parse(body);
  return {
    id: group.id,
    name: group.name || group.id,
    description: group.description ?? '',
    ...rdpSources(group.security_group_rules),
  };
}

/** Security groups of the project by name. */
export async function listGroups(neutron: Neutron): Promise<SecurityGroupView[]> {
  const found = await neutron.list('security_groups', 'listing the security groups');
  return found.map(groupView).sort((a, b) => a.name.localeCompare(b.name));
}

/** Makes a group that lets Remote Desktop in from `from` (CIDR) and nothing else. */
export async function createGroup(
  neutron: Neutron,
  wanted: { readonly name: string; readonly description: string; readonly from: string },
): Promise<SecurityGroupView> {
  const { name, description, from } = wanted;
  const made = await neutron.call('POST', '/security-groups', `making the security group "${name}"`, {
    json: { security_group: { name, description } },
  });
  const group = groupView(((parseJson(made.text) ?? {}) as { security_group?: unknown }).security_group);
  const rule = {
    security_group_id: group.id,
    direction: 'ingress',
    ethertype: from.includes(':') ? 'IPv6' : 'IPv4',
    protocol: 'tcp',
    port_range_min: RDP_PORT,
    port_range_max: RDP_PORT,
    remote_ip_prefix: from,
  };
  try {
    // 409: the same rule is there already.
    await neutron.call('POST', '/security-group-rules', 'letting Remote Desktop in', {
      json: { security_group_rule: rule },
      allow: [409],
    });
  } catch (thrown) {
    // A group without its rule would keep the port closed and nobody would know why.
    await deleteGroup(neutron, group.id).catch(() => false);
    throw thrown;
  }
  return { ...group, rdpFrom: [from] };
}

/** Deletes a group; false when a server still uses it (409). */
export async function deleteGroup(neutron: Neutron, id: string): Promise<boolean> {
  const path = `/security-groups/${encodeURIComponent(id)}`;
  const answer = await neutron.call('DELETE', path, 'deleting the security group', { allow: [404, 409] });
  return answer.status !== 409;
}
