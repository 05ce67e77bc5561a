// Opens an SSH connection, through jump hosts where there are any: every one with its own host key check and sign-in.
import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { CasementError, isAbort } from '../../shared/errors.ts';
import type { Ask, Secrets } from '../desktop/port.ts';
import { type AuthMemory, signIn } from './auth.ts';
import type { Hop } from './hops.ts';
import { authFailed, connectTimeout, sshFault, unreachable } from './ssh-faults.ts';
import { type KnownFiles, preferred, verifyKey } from './verify.ts';

/** A host that is silent for this long while connecting is given up, in milliseconds. Questions to the person do not count. */
const PATIENCE_MS = 20_000;
/** Keepalive as in the issue: every 15 s, given up after 3 without an answer. */
const KEEPALIVE = { keepaliveInterval: 15_000, keepaliveCountMax: 3 } as const;

export interface DialPorts {
  readonly ask: Ask['ask'];
  readonly secrets: Secrets;
  readonly known: KnownFiles;
  /** One memory a hop. */
  readonly memories: readonly AuthMemory[];
}

/** An open way to the host; `client` is the connection to the last hop. */
export interface Dialled {
  readonly client: Client;
  close(): void;
}

/** Connects through all hops. Throws the errors of ssh-faults.ts; leaves nothing open on failure. */
export async function dial(hops: readonly Hop[], ports: DialPorts, signal?: AbortSignal): Promise<Dialled> {
  const clients: Client[] = [];
  const close = () => {
    for (const client of clients.toReversed()) client.end();
  };
  try {
    for (const [index, hop] of hops.entries()) {
      signal?.throwIfAborted();
      const via = clients.at(-1);
      const types = await preferred(hop, ports.known);
      const socket = via === undefined ? await tcp(hop, signal) : await through(via, hop);
      clients.push(await handshake(hop, socket, types, ports, ports.memories[index], signal));
    }
  } catch (error) {
    close();
    throw error;
  }
  const client = clients.at(-1);
  if (client === undefined) throw sshFault('the host', new Error('no address'));
  return { client, close };
}

function tcp(hop: Hop, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: hop.host, port: hop.port, autoSelectFamily: true, noDelay: true });
    const fail = (error: unknown) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(error instanceof CasementError || isAbort(error) ? error : unreachable(hop.label, error));
    };
    const onAbort = () => fail(signal?.reason);
    const timer = setTimeout(() => fail(connectTimeout(hop.label)), PATIENCE_MS);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off('error', fail);
      // ssh2 listens only later; until then an error must not be without a listener.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

function through(client: Client, hop: Hop): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    try {
      client.forwardOut('127.0.0.1', 0, hop.host, hop.port, (error, channel) => {
        if (error) return reject(unreachable(hop.label, error));
        channel.on('error', () => {});
        // A channel stays half open when the far end hung up; a socket would close.
        channel.on('end', () => channel.end());
        resolve(channel);
      });
    } catch (error) {
      // ssh2 throws between the end and the close of the jump host's connection.
      reject(unreachable(hop.label, error));
    }
  });
}

async function handshake(
  hop: Hop,
  sock: Duplex,
  types: readonly string[],
  ports: DialPorts,
  memory: AuthMemory | undefined,
  signal?: AbortSignal,
): Promise<Client> {
  // A socket that closed meanwhile would never tell ssh2.
  if (sock.destroyed) throw unreachable(hop.label, new Error('closed at once'));
  const client = new ssh2.Client();
  const watch = patience();
  // A question is void when the connection it was asked for is gone.
  const gone = new AbortController();
  const during = signal === undefined ? gone.signal : AbortSignal.any([signal, gone.signal]);
  const ask: Ask['ask'] = async (question, until) => {
    watch.pause();
    try {
      return await ports.ask(question, until);
    } finally {
      if (!gone.signal.aborted) watch.restart();
    }
  };
  const auth = signIn(hop, {
    ask,
    secrets: ports.secrets,
    memory: memory ?? { keys: new Map(), answers: new Map() },
    signal: during,
  });
  let keyFault: unknown;
  const config: ConnectConfig = {
    sock: sock as NonNullable<ConnectConfig['sock']>,
    username: hop.user,
    readyTimeout: 0,
    ...KEEPALIVE,
    algorithms: types.length === 0 ? {} : { serverHostKey: first(types) },
    hostVerifier: (key: Buffer, verify: (trusted: boolean) => void) => {
      verifyKey(hop, key, ports.known, ask, during).then(
        () => !gone.signal.aborted && verify(true),
        (error: unknown) => {
          keyFault = error;
          if (!gone.signal.aborted) verify(false);
        },
      );
    },
    authHandler: auth.handler,
  };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      watch.pause();
      signal?.removeEventListener('abort', onAbort);
      client.destroy();
      reject(error);
      gone.abort();
    };
    const onAbort = () => fail(signal?.reason);
    watch.start(() => fail(connectTimeout(hop.label)));
    signal?.addEventListener('abort', onAbort, { once: true });
    client.on('error', (error: Error & { level?: string }) => {
      // An agent that does not answer is one way less, not the end.
      if (error.level === 'agent') return;
      if (keyFault !== undefined) fail(keyFault);
      else if (auth.fault !== undefined) fail(auth.fault);
      else if (error.level === 'client-socket' || /lost before handshake/i.test(error.message))
        fail(unreachable(hop.label, error));
      else if (error.level === 'client-authentication' || auth.tried.length > 0)
        fail(authFailed(hop.user, hop.label, auth.tried, auth.accepted, error));
      else fail(sshFault(hop.label, error));
    });
    const onClose = () =>
      fail(keyFault ?? auth.fault ?? unreachable(hop.label, new Error('closed before signing in')));
    client.once('close', onClose);
    client.once('ready', () => {
      watch.pause();
      signal?.removeEventListener('abort', onAbort);
      client.off('close', onClose);
      resolve(client);
    });
    client.connect(config);
  });
}

/** ssh2's own list with `types` moved to its front. */
function first(
  types: readonly string[],
): NonNullable<NonNullable<ConnectConfig['algorithms']>['serverHostKey']> {
  const own = [...types] as never[];
  return { remove: own, prepend: own, append: [] };
}

/** A clock that runs while the server is to answer and stands while a person is asked. */
function patience() {
  let timer: NodeJS.Timeout | undefined;
  let over = () => {};
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(over, PATIENCE_MS);
  };
  return {
    start(then: () => void) {
      over = then;
      restart();
    },
    restart,
    pause: () => clearTimeout(timer),
  };
}
