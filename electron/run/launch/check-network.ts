// Checks before a launch that decide whether the desktop can be reached: network, floating IP, security group. Pure.
import { BlockList, isIPv6 } from 'node:net';
import { networksOf } from '../../../shared/plan-server.ts';
import type { LaunchFinding } from '../../../shared/views-launch.ts';
import { chosenGroup, chosenNetworks, chosenPool } from './choose.ts';
import { judge } from './judge.ts';
import type { LaunchFacts } from './types.ts';

const EVERYBODY = /^(0\.0\.0\.0|::)\/0$/;

/** Findings about networks, floating IPs and the security group. */
export function checkNetwork(facts: LaunchFacts): LaunchFinding[] {
  return [network(facts), floatingIp(facts), securityGroup(facts)].filter((finding) => finding !== null);
}

function network(facts: LaunchFacts): LaunchFinding {
  const { passed, warned, failed } = judge('network', 'Network');
  const { found, unknown, several } = chosenNetworks(facts);
  const offered = facts.networks.map(({ name, id }) => `${name} (${id})`).join(', ') || 'none';
  if (unknown.length > 0)
    return failed(`There is no network "${unknown.join('", "')}".`, `The project sees: ${offered}.`);
  if (several.length > 0)
    return networksOf(facts.spec).length > 0
      ? failed('Several networks have the chosen name.', `Name one by its id: ${several.join(', ')}.`)
      : failed(
          'The project sees several networks, and none is chosen.',
          `Choose one of: ${several.join(', ')}.`,
        );
  if (found.length === 0)
    return warned(
      'The project sees no network, so the server may get no address.',
      'Some clouds make a network by themselves; else make one first, for example in Horizon (Network, Networks).',
    );
  const empty = found.find(({ subnets }) => subnets.length === 0);
  if (empty)
    return failed(
      `The network "${empty.name}" has no subnet, so the server would get no address.`,
      'Choose another network, or make a subnet in it.',
    );
  const foreign = found.find(({ external, shared }) => external && !shared);
  if (foreign)
    return warned(
      `The network "${foreign.name}" is external: it gives floating IPs, and most clouds let no server into it directly.`,
      'Choose a network of your project, or make one and join it by a router.',
    );
  return passed(`The server gets an address in ${found.map(({ name }) => name).join(', ')}.`);
}

function floatingIp(facts: LaunchFacts): LaunchFinding | null {
  const { passed, warned, failed } = judge('floating-ip', 'Floating IP');
  const { pool, missing } = chosenPool(facts);
  if (missing !== null)
    return failed(missing, 'Choose another network, join it by a router, or take no floating IP.');
  if (pool) return passed(`The server gets a floating IP of ${pool.name}.`);
  const main = chosenNetworks(facts).found[0];
  const inside = main !== undefined && !main.external && !main.shared;
  if (inside && main.gateway === null && facts.networks.some(({ external }) => external))
    return warned(
      `No router joins the network "${main.name}" to an external one, so the server gets no floating IP and is reached only from inside that network, or through a tunnel.`,
      'Join it by a router, for example in Horizon (Network, Routers), or connect through a host that reaches this network.',
    );
  if (inside && facts.spec.floatingIp === 'none' && main.gateway !== null)
    return warned(
      `Without a floating IP the server is reached only from inside "${main.name}", or through a tunnel.`,
      'Take a floating IP, or connect through a host that reaches this network.',
    );
  return null;
}

function securityGroup(facts: LaunchFacts): LaunchFinding {
  const { passed, warned, failed } = judge('security-group', 'Security group');
  const wanted = facts.spec.securityGroup ?? 'default';
  if (typeof wanted !== 'string')
    return EVERYBODY.test(wanted.create.from)
      ? warned(
          'The new security group lets the whole internet try passwords at Remote Desktop.',
          'Name the range that you really connect from.',
        )
      : passed(`A new security group lets Remote Desktop in from ${wanted.create.from}.`);
  const group = chosenGroup(facts);
  if (!group)
    return failed(
      `There is no security group "${wanted}".`,
      `Choose one of: ${facts.groups.map(({ name }) => name).join(', ') || 'none'}, or let one be created.`,
    );
  if (group.rdpFrom.length === 0 && !group.rdpFromGroups)
    return failed(
      `The security group "${group.name}" keeps port 3389 (Remote Desktop) closed: nobody would reach the desktop.`,
      'Let Casement create one that lets you in, or choose another.',
    );
  const own = facts.ownAddress?.split('/')[0];
  if (group.rdpFrom.length === 0)
    return warned(
      `The security group "${group.name}" lets Remote Desktop in from other servers of a security group only, not from this computer.`,
      'For a tunnel through such a server this is right; else choose another group or let one be created.',
    );
  if (own !== undefined && !group.rdpFrom.some((range) => contains(range, own)))
    return warned(
      `The security group "${group.name}" lets Remote Desktop in from ${group.rdpFrom.join(', ')}, and this computer (${own}) seems to be none of them.`,
      'Behind NAT or a VPN this may be right; else choose another group or let one be created.',
    );
  if (group.rdpFrom.some((range) => EVERYBODY.test(range)))
    return warned(
      `The security group "${group.name}" lets the whole internet try passwords at Remote Desktop.`,
      'For lasting servers take one that lets only your own range in.',
    );
  return passed(`The security group "${group.name}" lets Remote Desktop in.`);
}

function contains(range: string, address: string): boolean {
  const [net = '', prefix = ''] = range.split('/');
  const family = isIPv6(net) ? 'ipv6' : 'ipv4';
  if (family !== (isIPv6(address) ? 'ipv6' : 'ipv4')) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(prefix), family);
  return list.check(address, family);
}
