// The servers of a cloud: the long list, what can be done to one, and its desktop in one call.

import type { CallParsed } from '../../shared/contract.ts';
import { CasementError } from '../../shared/errors.ts';
import type { ServerPassword, ServerView } from '../../shared/views.ts';
import { removeServers } from '../cloud/index.ts';
import type { Cloud } from '../cloud/types.ts';
import { exportServers, forgetCertificate, serverPassword } from '../connect/index.ts';
import { ADMIN_PASS, factsOf, serverGone } from '../run/password.ts';
import type { Clouds } from './clouds.ts';
import type { Desktops } from './desktops.ts';
import type { EventBus } from './events.ts';
import type { Service } from './handlers.ts';
import { createPrivateKeys } from './private-keys.ts';

interface ServersOptions {
  readonly home: string;
  readonly events: EventBus;
  readonly clouds: Clouds;
  readonly desktops: Desktops;
}

export type ServersService = Service<
  | 'servers.list'
  | 'servers.images'
  | 'servers.offers'
  | 'servers.answerOffer'
  | 'servers.password'
  | 'servers.connect'
  | 'servers.connect.cancel'
  | 'servers.forget'
  | 'servers.action'
  | 'servers.forgetPassword'
  | 'servers.delete'
  | 'servers.export'
>;

/** How long a desktop may take to answer after "Connect", in ms. */
const WAIT_MS = 10 * 60_000;

/** The calls of the page "Servers". */
export function serversService({ home, events, clouds, desktops }: ServersOptions): ServersService {
  const keys = createPrivateKeys(home);
  const lists = new Map<number, AbortController>();
  const connecting = new Map<string, AbortController>();

  const received = async (
    cloud: Cloud,
    server: ServerView,
    { privateKey, passphrase }: { privateKey?: string | undefined; passphrase?: string | undefined },
  ): Promise<ServerPassword> => {
    const { keypair } = server;
    const file = privateKey ?? (keypair === null ? null : await keys.of(cloud.authUrl, keypair));
    const facts = await factsOf(cloud, server.id);
    if (facts.encrypted !== null && file === null) throw needsKey(keypair);
    const password = await serverPassword(facts, file ?? '', passphrase);
    if (password.state === 'known' && file !== null && keypair !== null)
      await keys.remember(cloud.authUrl, keypair, file);
    return password;
  };
  const connect = async (args: CallParsed<'servers.connect'>, signal: AbortSignal) => {
    const cloud = await clouds.open(args.cloud);
    const server = await serverOf(cloud, args.server);
    const say = (message: string) => events.emit('servers.progress', { server: server.id, message });
    const { view } = await desktops.open(
      {
        server: server.id,
        title: server.name,
        addresses: server.addresses.map(({ address }) => address),
        hosts: [...(args.via ? [args.via] : []), ...args.hosts],
        user: args.user,
        client: args.client,
        ...(args.desktop ? { desktop: args.desktop } : {}),
        waitMs: WAIT_MS,
        onProgress: ({ message }) => say(message),
        async password() {
          if (args.password !== undefined) return args.password;
          say('Asking for the password');
          const password = await received(cloud, server, args);
          if (password.state === 'known') return password.password;
          throw needsPassword(password.reason);
        },
      },
      signal,
    );
    return view;
  };

  return {
    async 'servers.list'({ cloud, list }) {
      const stop = new AbortController();
      // A list that is read anew makes the one before it void.
      for (const [other, earlier] of lists) if (other !== list) earlier.abort();
      lists.set(list, stop);
      let count = 0;
      try {
        const opened = await clouds.open(cloud);
        await opened.serverRows((servers) => {
          if (stop.signal.aborted) return;
          count += servers.length;
          events.emit('servers.page', { list, servers });
        }, stop.signal);
        return { count };
      } finally {
        lists.delete(list);
      }
    },
    'servers.images': async ({ cloud }) => (await clouds.open(cloud)).images(),
    'servers.offers': async ({ cloud }) => (await clouds.open(cloud)).imageOffers(),
    'servers.answerOffer': async ({ cloud, image, answer }) =>
      (await clouds.open(cloud)).answerOffer(image, answer),
    async 'servers.password'({ cloud, server, ...more }) {
      const opened = await clouds.open(cloud);
      return await received(opened, await serverOf(opened, server), more);
    },
    async 'servers.connect'(args) {
      const stop = new AbortController();
      connecting.get(args.server)?.abort();
      connecting.set(args.server, stop);
      try {
        return await connect(args, stop.signal);
      } finally {
        if (connecting.get(args.server) === stop) connecting.delete(args.server);
      }
    },
    'servers.connect.cancel': ({ server }) => connecting.get(server)?.abort(),
    'servers.forget': ({ server }) => forgetCertificate(home, server),
    async 'servers.action'({ cloud, server, action }) {
      const opened = await clouds.open(cloud);
      await opened.serverAction(server, action);
      return await serverOf(opened, server);
    },
    async 'servers.forgetPassword'({ cloud, server }) {
      const opened = await clouds.open(cloud);
      const { adminPassGiven: removed } = await factsOf(opened, server);
      if (removed) await opened.deleteMetadata(server, ADMIN_PASS);
      return { removed };
    },
    async 'servers.delete'({ cloud, server }) {
      const opened = await clouds.open(cloud);
      const { id, name } = await serverOf(opened, server);
      await removeServers(opened, [{ id, name }]);
      await forgetCertificate(home, server);
    },
    'servers.export': ({ format, servers, user, group, desktop, via }) =>
      exportServers(format, servers, {
        user,
        group,
        ...(desktop ? { options: desktop } : {}),
        ...(via ? { via } : {}),
      }),
  };
}

async function serverOf(cloud: Cloud, id: string): Promise<ServerView> {
  const server = await cloud.server(id);
  if (!server) throw serverGone();
  return server;
}

const needsKey = (keypair: string | null): CasementError =>
  new CasementError({
    code: 'servers.needs-key',
    title: 'The private key of this server is needed',
    whatHappened: `Windows encrypted its password to the key pair "${keypair ?? ''}".`,
    whatToDo: 'Choose the private key file of this key pair; Casement remembers where it lies.',
  });

const needsPassword = (reason: string): CasementError =>
  new CasementError({
    code: 'servers.needs-password',
    title: 'The password of the server is not known',
    whatHappened: reason,
    whatToDo: 'Type the password if you know it, or wait a while and try again.',
  });
