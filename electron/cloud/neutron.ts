// Networks a server can be plugged into, and how Neutron is called.
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { NetworkView } from '../../shared/views.ts';
import type { Answer } from './faults.ts';
import type { HttpRequest } from './http.ts';
import { parseJson } from './identity.ts';
import { allPages } from './paging.ts';
import type { Session } from './session.ts';

const networkBody = z.object({
  id: z.string(),
  name: z.string().default(''),
  shared: z.boolean().default(false),
  'router:external': z.boolean().default(false),
  subnets: z.array(z.string()).default([]),
});
const subnetBody = z.object({ id: z.string(), cidr: z.string(), enable_dhcp: z.boolean().default(true) });
const routerPort = z.object({ network_id: z.string(), device_id: z.string().default('') });
const routerBody = z.object({
  id: z.string(),
  external_gateway_info: z.object({ network_id: z.string() }).nullish(),
});

/** Owners of a port through which a network hangs on a router; plain, highly available and distributed ones. */
const ROUTER_PORT =
  /^network:(router_interface|ha_router_replicated_interface|router_interface_distributed)$/;

export class Neutron {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Networks this project sees, own ones before external ones, subnets as CIDR. */
  async networks(): Promise<NetworkView[]> {
    const [networks, subnets, routes] = await Promise.all([
      this.list('networks', 'listing the networks'),
      this.list('subnets', 'listing the subnets'),
      this.#routes(),
    ]);
    const known = new Map(
      subnets.map((subnet) => subnetBody.parse(subnet)).map((subnet) => [subnet.id, subnet] as const),
    );
    return networks
      .map((network) => networkBody.parse(network))
      .map((network) => ({
        id: network.id,
        name: network.name || network.id,
        external: network['router:external'],
        shared: network.shared,
        subnets: network.subnets.map((id) => known.get(id)?.cidr ?? id),
        dhcp: network.subnets.some((id) => known.get(id)?.enable_dhcp ?? true),
        gateway: routes.get(network.id) ?? null,
      }))
      .sort((a, b) => Number(a.external) - Number(b.external) || a.name.localeCompare(b.name));
  }

  /**
   * The network of a server whose plan names none: the only one there is (own ones before external ones); null when
   * there is none, so that Nova may make one. Throws `cloud.which-network` naming those to choose from.
   */
  async onlyOne(): Promise<string | null> {
    const all = await this.networks();
    const own = all.filter(({ external }) => !external);
    const choices = own.length > 0 ? own : all;
    if (choices.length < 2) return choices[0]?.id ?? null;
    throw new CasementError({
      code: 'cloud.which-network',
      title: 'The project sees several networks',
      whatHappened: `The plan names none of: ${choices.map(({ name }) => name).join(', ')}.`,
      whatToDo: 'Choose the network of the server.',
    });
  }

  /** Id of a network given by name or id. Throws `cloud.no-network` naming what there is. */
  async idOf(nameOrId: string): Promise<string> {
    const all = await this.networks();
    const named = all.filter(({ name }) => name === nameOrId);
    const found = all.find(({ id }) => id === nameOrId) ?? named[0];
    if (found && named.length < 2) return found.id;
    throw new CasementError({
      code: 'cloud.no-network',
      title: found ? `Several networks are called "${nameOrId}"` : `There is no network "${nameOrId}"`,
      whatHappened: `The project sees: ${all.map(({ name, id }) => `${name} (${id})`).join(', ') || 'none'}.`,
      whatToDo: found ? 'Name the one you mean by its id.' : 'Choose one of them.',
    });
  }

  /** Quotas of the project with what is used of them. */
  async quotaDetails(): Promise<unknown> {
    const { projectId } = await this.#session.token();
    const path = `/quotas/${encodeURIComponent(projectId)}/details.json`;
    return parseJson((await this.call('GET', path, 'asking for the quota of networks')).text);
  }

  /** Sends a request below `/v2.0`. */
  async call(
    method: HttpRequest['method'],
    path: string,
    doing: string,
    more: { json?: unknown; allow?: readonly number[] } = {},
  ): Promise<Answer> {
    const base = (await this.#session.endpoint('network')).replace(/\/v2\.0$/, '');
    return await this.#session.call({
      service: 'network',
      method,
      url: `${base}/v2.0${path}`,
      doing,
      ...more,
    });
  }

  /** All items of a list, page after page. */
  async list(key: string, doing: string, query = ''): Promise<unknown[]> {
    return await allPages(
      async (page) => {
        const answer = await this.call('GET', `/${key.replaceAll('_', '-')}${page ? `?${page}` : ''}`, doing);
        return (parseJson(answer.text) ?? {}) as Record<string, unknown>;
      },
      key,
      query,
    );
  }

  /** Network → the external network that a router joins it to: where its floating IPs come from. */
  async #routes(): Promise<Map<string, string>> {
    const routers = (await this.list('routers', 'listing the routers').catch(noRouters)).map((body) =>
      routerBody.parse(body),
    );
    const outside = new Map(
      routers.flatMap(({ id, external_gateway_info: gateway }) =>
        gateway ? [[id, gateway.network_id] as const] : [],
      ),
    );
    const found = new Map<string, string>();
    for (const id of outside.keys()) {
      const query = new URLSearchParams({ device_id: id }).toString();
      for (const body of await this.list('ports', 'listing the ports of a router', query)) {
        const { network_id, device_id } = routerPort.parse(body);
        const owner = (body as { device_owner?: unknown }).device_owner;
        const external = outside.get(device_id);
        if (external !== undefined && typeof owner === 'string' && ROUTER_PORT.test(owner))
          found.set(network_id, external);
      }
    }
    return found;
  }
}

/** A cloud without routers (provider networks only) does not know the word. */
function noRouters(thrown: unknown): unknown[] {
  if (thrown instanceof CasementError && thrown.code === 'cloud.not-found') return [];
  throw thrown;
}
