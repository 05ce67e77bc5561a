// What Neutron's security groups let through: without agents nobody else enforces them. Pure.

export interface SecurityRule {
  security_group_id: string;
  direction: string;
  ethertype: string;
  protocol: string | null;
  port_range_min: number | null;
  port_range_max: number | null;
  remote_ip_prefix: string | null;
  remote_group_id: string | null;
}

export interface Port {
  device_id: string;
  port_security_enabled: boolean;
  security_groups: string[];
}

const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Whether an IPv4 address lies in a network such as 10.0.0.0/8. */
function contains(cidr: string, address: string): boolean {
  const [network = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(network) / size) === Math.floor(numberOf(address) / size);
}

/** Whether a server's port lets TCP connections from `source` reach `tcpPort`. */
export function admits(port: Port, rules: readonly SecurityRule[], source: string, tcpPort: number): boolean {
  if (!port.port_security_enabled) return true;
  return rules.some(
    (rule) =>
      port.security_groups.includes(rule.security_group_id) &&
      rule.direction === 'ingress' &&
      rule.ethertype === 'IPv4' &&
      (rule.protocol === null || ['tcp', '6', 'any'].includes(rule.protocol)) &&
      (rule.port_range_min ?? 0) <= tcpPort &&
      tcpPort <= (rule.port_range_max ?? 65535) &&
      // The workstation is in no security group.
      rule.remote_group_id === null &&
      (rule.remote_ip_prefix === null || contains(rule.remote_ip_prefix, source)),
  );
}
