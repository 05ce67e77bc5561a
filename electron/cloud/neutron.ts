// Networks a server can be plugged into.
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { NetworkView } from '../../shared/views.ts';
import { parseJson } from './identity.ts';
import { allPages } from './paging.ts';
import type { Session } from './session.ts';

const networkBody = z.object({
  id: z.string(),
  name: z.string().default(''),
  'router:external': z.boolean().default(false),
  subnets: z.array(z.string()).default([]),
});
const subnetBody = z.object({ id: z.string(), cidr: z.string() });

export class Neutron {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Networks this project sees, own ones before external ones, subnets as CIDR. */
  async networks(): Promise<NetworkView[]> {
    const [networks, subnets] = await Promise.all([
      this.#list('networks', 'listing the networks'),
      this.#list('subnets', 'listing the subnets'),
    ]);
    const cidrs = new Map(
      subnets.map((subnet) => subnetBody.parse(subnet)).map(({ id, cidr }) => [id, cidr]),
    );
    return networks
      .map((network) => networkBody.parse(network))
      .map((network) => ({
        id: network.id,
        name: network.name || network.id,
        external: network['router:external'],
        subnets: network.subnets.map((id) => cidrs.get(id) ?? id),
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

  async #list(key: string, doing: string): Promise<unknown[]> {
    const base = (await this.#session.endpoint('network')).replace(/\/v2\.0$/, '');
    return await allPages(
      async (page) => {
        const answer = await this.#session.call({
          service: 'network',
          method: 'GET',
          url: `${base}/v2.0/${key}${page ? `?${page}` : ''}`,
          doing,
        });
        return (parseJson(answer.text) ?? {}) as Record<string, unknown>;
      },
      key,
      '',
    );
  }
}
