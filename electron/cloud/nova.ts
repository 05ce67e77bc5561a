// Servers and flavors: list, launch, look, delete. Key pairs are keypairs.ts.
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { FlavorView, ServerView } from '../../shared/views.ts';
import type { Answer } from './faults.ts';
import { flavorView, sortFlavors } from './flavors.ts';
import type { HttpRequest } from './http.ts';
import { parseJson } from './identity.ts';
import { launchBody } from './launch-body.ts';
import { type Microversion, negotiate } from './microversion.ts';
import { allPages } from './paging.ts';
import { carries, launchedServer, parseServer, type ServerBody, serverView, stands } from './server-view.ts';
import type { Session } from './session.ts';
import type { LaunchedServer, ServerOrder, ServerRequest } from './types.ts';

type Body = Record<string, unknown>;

const zoneList = z.object({
  availabilityZoneInfo: z.array(
    z.object({ zoneName: z.string(), zoneState: z.object({ available: z.boolean() }) }),
  ),
});

export class Nova {
  readonly #session: Session;
  #version: Promise<Microversion> | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** What this cloud's Nova and this client both speak. */
  version(): Promise<Microversion> {
    this.#version ??= this.#negotiate().catch((error: unknown) => {
      this.#version = null;
      throw error;
    });
    return this.#version;
  }

  /** Sends a request below the compute endpoint with the negotiated microversion. */
  async call(
    method: HttpRequest['method'],
    path: string,
    doing: string,
    more: { json?: unknown; allow?: readonly number[]; secret?: string } = {},
  ): Promise<Answer> {
    const { header } = await this.version();
    return await this.#session.call({
      service: 'compute',
      method,
      url: `${await this.#base()}${path}`,
      doing,
      headers: { 'openstack-api-version': `compute ${header}`, 'x-openstack-nova-api-version': header },
      ...more,
    });
  }

  /** All items of a list, page after page. */
  async pages(path: string, key: string, doing: string, query = ''): Promise<unknown[]> {
    return await allPages(
      async (page) => {
        const answer = await this.call('GET', page ? `${path}?${page}` : path, doing);
        return (parseJson(answer.text) ?? {}) as Body;
      },
      key,
      query,
    );
  }

  /** Flavors, the fitting ones first. */
  async flavors(need: { minDiskGB: number; minRamMB: number }): Promise<FlavorView[]> {
    const found = await this.pages('/flavors/detail', 'flavors', 'listing the flavors', 'limit=200');
    return sortFlavors(found.map((flavor) => flavorView(flavor, need)));
  }

  /** Servers of the project, or those of one launch. */
  async servers(tag?: string): Promise<ServerView[]> {
    return (await this.#bodies(tag)).map(serverView);
  }

  /** A server as Nova tells it; null when it does not exist. */
  async body(id: string): Promise<ServerBody | null> {
    const answer = await this.call('GET', `/servers/${encodeURIComponent(id)}`, 'looking at the server', {
      allow: [404],
    });
    if (answer.status === 404) return null;
    return parseServer(((parseJson(answer.text) ?? {}) as Body).server);
  }

  /** Launches a server; one that a previous attempt with this tag launched is given back instead. */
  async launch(request: ServerRequest): Promise<ServerView> {
    const earlier = (await this.#bodies(request.tag)).find(stands);
    if (earlier) return serverView(earlier);
    const { network, ...order } = request;
    const id = await this.create({
      ...order,
      flavor: await this.flavorId(request.flavor),
      networks: network === null ? [] : [network],
    });
    const made = await this.body(id);
    if (made) return serverView(made);
    throw vanished(id);
  }

  /** Orders a server whose flavor and networks are ids, whatever exists already; gives its id. */
  async create(order: ServerOrder): Promise<string> {
    const answer = await this.call('POST', '/servers', `launching the server "${order.name}"`, {
      json: launchBody(order, await this.version()),
      ...(order.adminPass === null ? {} : { secret: order.adminPass }),
    });
    const { id } = ((parseJson(answer.text) ?? {}) as { server?: { id?: string } }).server ?? {};
    if (id === undefined) throw vanished('');
    return id;
  }

  /** The servers of one launch, with what decides about their passwords. */
  async launched(tag: string): Promise<LaunchedServer[]> {
    return (await this.#bodies(tag)).map(launchedServer);
  }

  /** Names of the availability zones that take servers. */
  async zones(): Promise<string[]> {
    const answer = await this.call('GET', '/os-availability-zone', 'listing the availability zones');
    const { availabilityZoneInfo: all } = zoneList.parse(parseJson(answer.text));
    return all.flatMap(({ zoneName, zoneState }) => (zoneState.available ? [zoneName] : [])).sort();
  }

  /** Deletes a server; none is fine too. */
  async remove(id: string): Promise<void> {
    await this.call('DELETE', `/servers/${encodeURIComponent(id)}`, 'deleting the server', { allow: [404] });
  }

  /** Base64 of the encrypted password; null while the guest has not posted one (Nova then answers with an empty text). */
  async encryptedPassword(id: string): Promise<string | null> {
    const path = `/servers/${encodeURIComponent(id)}/os-server-password`;
    const answer = await this.call('GET', path, 'asking for the password');
    const { password } = (parseJson(answer.text) ?? {}) as { password?: unknown };
    return typeof password === 'string' && password !== '' ? password : null;
  }

  async #bodies(tag?: string): Promise<ServerBody[]> {
    const { tagsOnCreate } = await this.version();
    const query = new URLSearchParams({
      limit: '200',
      ...(tag !== undefined && tagsOnCreate ? { tags: tag } : {}),
    });
    const found = await this.pages('/servers/detail', 'servers', 'listing the servers', query.toString());
    const servers = found.map(parseServer);
    // A service or a proxy that ignores the filter answers with everybody's servers, and these may be deleted.
    return tag === undefined ? servers : servers.filter((server) => carries(server, tag));
  }

  /** A flavor may be named by name or id; Nova wants the id. */
  async flavorId(nameOrId: string): Promise<string> {
    const all = await this.flavors({ minDiskGB: 0, minRamMB: 0 });
    const found = all.find(({ id }) => id === nameOrId) ?? all.find(({ name }) => name === nameOrId);
    if (found) return found.id;
    throw new CasementError({
      code: 'cloud.no-flavor',
      title: `There is no flavor "${nameOrId}"`,
      whatHappened: `Nova offers: ${all.map(({ name }) => name).join(', ')}.`,
      whatToDo: 'Choose one of them.',
    });
  }

  async #base(): Promise<string> {
    return await this.#session.endpoint('compute');
  }

  async #negotiate(): Promise<Microversion> {
    const base = await this.#base();
    const root = /^(.*\/v2(?:\.1)?)(?:\/|$)/.exec(base)?.[1] ?? base;
    const answer = await this.#session.call({
      service: 'compute',
      method: 'GET',
      url: `${root}/`,
      doing: 'asking Nova for its version',
      allow: [300, 404],
    });
    const body = (parseJson(answer.text) ?? {}) as { version?: { version?: string } };
    return negotiate(body.version?.version ?? '');
  }
}

function vanished(id: string): CasementError {
  return new CasementError({
    code: 'cloud.server-gone',
    title: 'The server vanished at once',
    whatHappened: 'Nova accepted the launch, then no longer knew the server.',
    whatToDo: 'Launch it again; if it happens again, tell the operator of the cloud.',
    detail: id,
  });
}
