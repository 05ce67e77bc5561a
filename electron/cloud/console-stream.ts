// The VNC bytes of a server's console: Nova's noVNC proxy speaks WebSocket, and this end of it is a plain stream. The
// page at the console's address is never loaded; only the token in it is used.
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocket } from 'ws';
import { CasementError } from '../../shared/errors.ts';
import type { Http } from './http.ts';

/** Proxies older than websockify 0.9 want this word; some newer ones do not answer it. */
const PROTOCOL = 'binary';
const OPEN_MS = 15_000;

/** How certificates of the proxy are judged: as those of the cloud. */
type ConsoleTrust = Http['trust'];

/**
 * The address of the WebSocket behind a noVNC page: `…/vnc_lite.html?path=%3Ftoken%3D1` and the older
 * `…/vnc_auto.html?token=1`. Throws `console.bad-address`.
 */
export function socketAddress(page: string): string {
  const url = URL.parse(page);
  if (!url || !/^(https?|wss?):$/.test(url.protocol)) throw badAddress();
  const secure = url.protocol === 'https:' || url.protocol === 'wss:';
  const base = `${secure ? 'wss' : 'ws'}://${url.host}`;
  if (url.protocol.startsWith('ws')) return page;
  const path = url.searchParams.get('path');
  const token = url.searchParams.get('token');
  if (path !== null)
    return new URL(path.startsWith('/') || path.startsWith('?') ? path : `/${path}`, base).href;
  if (token !== null) return new URL(`/websockify?token=${encodeURIComponent(token)}`, base).href;
  throw badAddress();
}

/** Opens the stream. Throws `console.unreachable` when the proxy does not let it in. */
export async function openConsole(page: string, trust: ConsoleTrust): Promise<Duplex> {
  const address = socketAddress(page);
  return await open(address, [PROTOCOL], trust)
    .catch(async (thrown: unknown) => {
      if (thrown instanceof Error && /subprotocol/i.test(thrown.message))
        return await open(address, [], trust);
      throw thrown;
    })
    .catch((thrown: unknown) => {
      throw unreachable(new URL(address).host, thrown);
    });
}

async function open(address: string, protocols: string[], trust: ConsoleTrust): Promise<Duplex> {
  const socket = new WebSocket(address, protocols, {
    handshakeTimeout: OPEN_MS,
    // Pictures are compressed already.
    perMessageDeflate: false,
    ...trust,
  });
  // At once: a VNC server speaks first, and its greeting may come with the answer to the handshake.
  const stream = createWebSocketStream(socket);
  return await new Promise((resolve, reject) => {
    stream.once('error', reject);
    socket.once('open', () => {
      stream.off('error', reject);
      resolve(stream);
    });
  });
}

const badAddress = (): CasementError =>
  new CasementError({
    code: 'console.bad-address',
    title: 'The console cannot be shown here',
    whatHappened: 'Nova gave an address that is no noVNC console.',
    whatToDo: 'Open the console in the browser instead.',
  });

const unreachable = (host: string, thrown: unknown): CasementError =>
  new CasementError(
    {
      code: 'console.unreachable',
      title: 'The console cannot be reached',
      whatHappened: `Nova’s console proxy at ${host} did not let this computer in.`,
      whatToDo:
        'Check that this computer reaches that address (VPN, firewall); the token in it lasts some minutes only, so try again.',
      detail: thrown instanceof Error ? thrown.message : String(thrown),
    },
    thrown,
  );
