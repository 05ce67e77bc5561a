// A project of the test's own in the laboratory, with a network that a router joins to an external one, and quotas
// that the test may set: what it does there is in nobody's way.
import { randomUUID } from 'node:crypto';
import { openCloud, resolveCloud } from '../../../electron/cloud/index.ts';
import { Session } from '../../../electron/cloud/session.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { labEnv } from '../lab.ts';
import { labSecrets, secretsOf, typedSource } from './lab-cloud.ts';

type Json = Record<string, unknown>;
type Call = (
  service: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  json?: Json,
) => Promise<Json>;

export interface LabProject {
  readonly name: string;
  readonly cloud: Cloud;
  /** Name of the project's own network. */
  readonly network: string;
  /** Id of the external network behind its router. */
  readonly external: string;
  /** Sets quotas of Nova. */
  quota(values: Readonly<Record<string, number>>): Promise<void>;
  close(): Promise<void>;
}

/** Makes the project as the laboratory's administrator; `close` deletes it with everything in it. */
export async function labProject(): Promise<LabProject> {
  const name = `casement-test-${randomUUID().slice(0, 8)}`;
  const { session, call } = await asAdmin();
  const idOf = (body: Json, key: string): string => (body[key] as { id: string }).id;
  const first = async (path: string, key: string): Promise<string> =>
    ((await call('identity', 'GET', path))[key] as { id: string }[])[0]?.id ?? '';

  const id = idOf(
    await call('identity', 'POST', '/v3/projects', { project: { name, domain_id: 'default' } }),
    'project',
  );
  const user = await first('/v3/users?name=demo', 'users');
  const role = await first('/v3/roles?name=member', 'roles');
  await call('identity', 'PUT', `/v3/projects/${id}/users/${user}/roles/${role}`);
  const neutron = async (key: string, json: Json): Promise<string> =>
    idOf(await call('network', 'POST', `/v2.0/${key}s`, { [key]: json }), key);
  const external = await neutron('network', { name: `${name}-public`, 'router:external': true });
  const outside = { network_id: external, cidr: '203.0.113.0/28', ip_version: 4, enable_dhcp: false };
  await neutron('subnet', outside);
  const network = await neutron('network', { name: `${name}-net`, project_id: id });
  const inside = { network_id: network, cidr: '10.77.0.0/24', ip_version: 4, project_id: id };
  const subnet = await neutron('subnet', inside);
  const gateway = { external_gateway_info: { network_id: external } };
  const router = await neutron('router', { name, project_id: id, ...gateway });
  await call('network', 'PUT', `/v2.0/routers/${router}/add_router_interface`, { subnet_id: subnet });
  const cloud = await openCloud(typedSource({ project: name }), { secrets: labSecrets() });

  return {
    name,
    cloud,
    network: `${name}-net`,
    external,
    async quota(values) {
      await call('compute', 'PUT', `/os-quota-sets/${id}`, { quota_set: values });
    },
    async close() {
      await cloud.close();
      await call('network', 'PUT', `/v2.0/routers/${router}/remove_router_interface`, { subnet_id: subnet });
      await call('network', 'DELETE', `/v2.0/routers/${router}`);
      for (const one of [network, external]) await call('network', 'DELETE', `/v2.0/networks/${one}`);
      await call('identity', 'DELETE', `/v3/projects/${id}`);
      await session.http.close();
    },
  };
}

/** Sets quotas of Nova for the laboratory's own project, which is small at first; gives the ones it had. */
export async function labQuota(values: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const { session, call } = await asAdmin();
  const found = await call('identity', 'GET', `/v3/projects?name=${labEnv().cloud.project}`);
  const [project] = found.projects as { id: string }[];
  const path = `/os-quota-sets/${project?.id}`;
  const had = (await call('compute', 'GET', path)).quota_set as Record<string, number>;
  await call('compute', 'PUT', path, { quota_set: values });
  await session.http.close();
  return Object.fromEntries(Object.keys(values).map((name) => [name, had[name] ?? -1]));
}

async function asAdmin(): Promise<{ session: Session; call: Call }> {
  const { username, password, project } = labEnv().admin;
  const source = typedSource({ username, project });
  const session = await Session.open(await resolveCloud(source, secretsOf({ RIGHT: password })));
  const call: Call = async (service, method, path, json) => {
    const base = (await session.endpoint(service)).replace(/\/(v2\.0|v3)$/, '');
    const url = `${base}${path}`;
    const answer = await session.call({ service, method, url, doing: 'testing', json, allow: [404] });
    return (answer.text === '' ? {} : JSON.parse(answer.text)) as Json;
  };
  return { session, call };
}
