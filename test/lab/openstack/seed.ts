// What the cloud contains before anybody uses it. Every step looks first, so that it can be repeated.
import type { Settings } from '../settings.ts';
import { waitFor } from '../system/wait.ts';
import type { Client } from './client.ts';
import { catalog, keystoneUrl } from './config.ts';

/** Flavors: memory in MiB, disk in GiB. */
export const FLAVORS = [
  { id: '1', name: 'm1.nano', ram: 64, disk: 1, vcpus: 1 },
  { id: '2', name: 'm1.small', ram: 2048, disk: 20, vcpus: 1 },
  { id: '3', name: 'm1.medium', ram: 4096, disk: 40, vcpus: 2 },
  { id: '4', name: 'm1.large', ram: 8192, disk: 80, vcpus: 4 },
] as const;

/** Name of the private network. */
export const NETWORK = 'practice';

interface Named {
  id: string;
  name: string;
}

async function named(client: Client, base: string, kind: string, name: string): Promise<Named | undefined> {
  const found = await client.call<Record<string, Named[]>>(
    'GET',
    `${base}/${kind}?name=${encodeURIComponent(name)}`,
  );
  return found[kind]?.[0];
}

async function ensure(
  client: Client,
  base: string,
  kind: string,
  single: string,
  wanted: { name: string } & Record<string, unknown>,
): Promise<string> {
  const found = await named(client, base, kind, wanted.name);
  if (found !== undefined) return found.id;
  return (
    (await client.call<Record<string, Named>>('POST', `${base}/${kind}`, { [single]: wanted }))[single]?.id ??
    ''
  );
}

/** The service catalog, the project `demo` and its user, who is a plain member. */
export async function seedIdentity(admin: Client, settings: Settings, demoPassword: string): Promise<void> {
  const keystone = keystoneUrl(settings);
  for (const { type, name, url } of catalog(settings)) {
    const service = await ensure(admin, keystone, 'services', 'service', { name, type });
    const known = await admin.call<{ endpoints: unknown[] }>(
      'GET',
      `${keystone}/endpoints?service_id=${service}`,
    );
    if (known.endpoints.length > 0) continue;
    for (const endpoint of ['public', 'internal', 'admin']) {
      const wanted = { service_id: service, interface: endpoint, region_id: 'RegionOne', url };
      await admin.call('POST', `${keystone}/endpoints`, { endpoint: wanted });
    }
  }
  const project = await ensure(admin, keystone, 'projects', 'project', {
    name: 'demo',
    domain_id: 'default',
  });
  const user = await ensure(admin, keystone, 'users', 'user', {
    name: 'demo',
    domain_id: 'default',
    password: demoPassword,
    default_project_id: project,
  });
  const role = await named(admin, keystone, 'roles', 'member');
  await admin.call('PUT', `${keystone}/projects/${project}/users/${user}/roles/${role?.id}`);
}

/** Issues an application credential to the user the client speaks for. */
export async function issueAppCredential(
  demo: Client,
  settings: Settings,
): Promise<{ id: string; secret: string }> {
  const base = `${keystoneUrl(settings)}/users/${(await demo.token()).userId}`;
  const kind = 'application_credentials';
  const old = await named(demo, base, kind, 'casement-lab');
  // Its secret was shown once and is lost.
  if (old !== undefined) await demo.call('DELETE', `${base}/${kind}/${old.id}`);
  const wanted = { application_credential: { name: 'casement-lab' } };
  const made = await demo.call<{ application_credential: { id: string; secret: string } }>(
    'POST',
    `${base}/${kind}`,
    wanted,
  );
  return { id: made.application_credential.id, secret: made.application_credential.secret };
}

/** Flavors; waits up to a minute for a hypervisor to report itself. */
export async function seedCompute(admin: Client, novaUrl: string): Promise<void> {
  const up = await waitFor(async () => {
    const { hypervisors } = await admin.call<{ hypervisors: { state: string }[] }>(
      'GET',
      `${novaUrl}/os-hypervisors`,
    );
    return hypervisors.some((hypervisor) => hypervisor.state === 'up');
  }, 60_000);
  if (!up) throw new Error('no hypervisor came up');
  const { flavors } = await admin.call<{ flavors: Named[] }>('GET', `${novaUrl}/flavors`);
  const known = new Set(flavors.map((flavor) => flavor.name));
  for (const flavor of FLAVORS.filter(({ name }) => !known.has(name))) {
    await admin.call('POST', `${novaUrl}/flavors`, { flavor });
  }
}

/** The private network, and a default security group that lets RDP and ping in. */
export async function seedNetwork(demo: Client, neutronUrl: string, { practice }: Settings): Promise<void> {
  const base = `${neutronUrl}/v2.0`;
  const network = await ensure(demo, base, 'networks', 'network', { name: NETWORK });
  await ensure(demo, base, 'subnets', 'subnet', {
    name: NETWORK,
    network_id: network,
    ip_version: 4,
    cidr: practice.cidr,
    gateway_ip: practice.gateway,
    allocation_pools: [{ start: practice.firstHost, end: practice.lastHost }],
  });
  const groups = await demo.call<{ security_groups: Named[] }>('GET', `${base}/security-groups?name=default`);
  const id = groups.security_groups[0]?.id;
  const rules = await demo.call<{ security_group_rules: { protocol: string | null }[] }>(
    'GET',
    `${base}/security-group-rules?security_group_id=${id}&direction=ingress`,
  );
  const open = {
    security_group_id: id,
    direction: 'ingress',
    ethertype: 'IPv4',
    remote_ip_prefix: '0.0.0.0/0',
  };
  const wanted = [{ protocol: 'tcp', port_range_min: 3389, port_range_max: 3389 }, { protocol: 'icmp' }];
  for (const rule of wanted.filter(
    ({ protocol }) => !rules.security_group_rules.some((known) => known.protocol === protocol),
  )) {
    await demo.call('POST', `${base}/security-group-rules`, { security_group_rule: { ...open, ...rule } });
  }
}
