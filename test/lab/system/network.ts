// Network namespaces, veth pairs and the bridge the practice servers hang on. All names begin with the laboratory's prefix.
import { existsSync, readdirSync } from 'node:fs';
import type { Settings } from '../settings.ts';
import { attempt, run } from './command.ts';

const ip = (...words: string[]) => run('ip', words);

/** Name of a thing of this laboratory: `cl77-jump`. */
export const netName = (settings: Settings, name: string): string => `${settings.netPrefix}-${name}`;

const isOurs = (settings: Settings) => (name: string) => name.startsWith(`${settings.netPrefix}-`);

/** This laboratory's network namespaces. */
export function namespacesOf(settings: Settings): string[] {
  return existsSync('/run/netns') ? readdirSync('/run/netns').filter(isOurs(settings)) : [];
}

/** This laboratory's interfaces in the root namespace. */
function interfacesOf(settings: Settings): string[] {
  return readdirSync('/sys/class/net').filter(isOurs(settings));
}

/** Makes a network namespace with its loopback up, unless it is there. */
async function ensureNamespace(name: string): Promise<void> {
  if (existsSync(`/run/netns/${name}`)) return;
  await ip('netns', 'add', name);
  await ip('-n', name, 'link', 'set', 'lo', 'up');
}

/** Removes a namespace, with whatever interface is inside, if it is there. */
async function removeNamespace(name: string): Promise<void> {
  if (existsSync(`/run/netns/${name}`)) await ip('netns', 'del', name);
}

/** The bridge that holds the practice network's gateway address. */
export async function ensurePracticeBridge(settings: Settings): Promise<string> {
  const name = netName(settings, 'br');
  if (existsSync(`/sys/class/net/${name}`)) return name;
  const { gateway, prefixLength } = settings.practice;
  await ip('link', 'add', 'name', name, 'type', 'bridge');
  await ip('addr', 'add', `${gateway}/${prefixLength}`, 'dev', name);
  await ip('link', 'set', name, 'up');
  return name;
}

/** Plugs a namespace into the practice bridge under an address; `name` is at most 8 characters. */
export async function plugIntoPractice(settings: Settings, name: string, address: string): Promise<string> {
  const namespace = netName(settings, name);
  const bridge = await ensurePracticeBridge(settings);
  await removeNamespace(namespace);
  await attempt('ip', ['link', 'del', namespace]);
  await ensureNamespace(namespace);
  await ip('link', 'add', namespace, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  await ip('link', 'set', namespace, 'master', bridge, 'up');
  await ip('-n', namespace, 'addr', 'add', `${address}/${settings.practice.prefixLength}`, 'dev', 'eth0');
  await ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  await ip('-n', namespace, 'route', 'add', 'default', 'via', settings.practice.gateway);
  return namespace;
}

/** Unplugs what `plugIntoPractice` plugged in. */
export async function unplugFromPractice(settings: Settings, name: string): Promise<void> {
  await removeNamespace(netName(settings, name));
  await attempt('ip', ['link', 'del', netName(settings, name)]);
}

/** root —— jump —— inner: two namespaces in a row; neither forwards packets, so inner is reached through jump's sshd only. */
export async function ensureJumpTopology(settings: Settings): Promise<{ jump: string; inner: string }> {
  const jump = netName(settings, 'jump');
  const inner = netName(settings, 'inner');
  const { rootAddress, jumpAddress, jumpInnerAddress, innerAddress, innerCidr } = settings.jumpNet;
  if (
    existsSync(`/run/netns/${jump}`) &&
    existsSync(`/run/netns/${inner}`) &&
    existsSync(`/sys/class/net/${jump}`)
  )
    return { jump, inner };
  await removeJumpTopology(settings);
  await ensureNamespace(jump);
  await ensureNamespace(inner);
  await run('nsenter', [`--net=/run/netns/${jump}`, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/ip_forward']);
  await ip('link', 'add', jump, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', jump);
  await ip('addr', 'add', `${rootAddress}/30`, 'dev', jump);
  await ip('link', 'set', jump, 'up');
  await ip('-n', jump, 'addr', 'add', `${jumpAddress}/30`, 'dev', 'eth0');
  await ip('-n', jump, 'link', 'set', 'eth0', 'up');
  await ip('-n', jump, 'link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', inner);
  await ip('-n', jump, 'addr', 'add', `${jumpInnerAddress}/30`, 'dev', 'eth1');
  await ip('-n', jump, 'link', 'set', 'eth1', 'up');
  await ip('-n', inner, 'addr', 'add', `${innerAddress}/30`, 'dev', 'eth0');
  await ip('-n', inner, 'link', 'set', 'eth0', 'up');
  // A direct attempt fails at once instead of wandering off through the default route.
  await ip('route', 'replace', 'unreachable', innerCidr);
  return { jump, inner };
}

/** Removes what `ensureJumpTopology` made. */
async function removeJumpTopology(settings: Settings): Promise<void> {
  await attempt('ip', ['route', 'del', 'unreachable', settings.jumpNet.innerCidr]);
  await removeNamespace(netName(settings, 'inner'));
  await removeNamespace(netName(settings, 'jump'));
  await attempt('ip', ['link', 'del', netName(settings, 'jump')]);
}

/** Removes every namespace and interface of this laboratory. */
export async function removeNetworks(settings: Settings): Promise<void> {
  await removeJumpTopology(settings);
  for (const name of namespacesOf(settings)) await removeNamespace(name);
  for (const name of interfacesOf(settings)) await attempt('ip', ['link', 'del', name]);
}
