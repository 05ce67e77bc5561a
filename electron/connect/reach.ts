// What answers at an RDP port: nothing, a refusal, something that does not speak RDP, or a server that negotiates. Told before any password is used.
import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { CasementError } from '../../shared/errors.ts';
import type { RdpPlace, Reachability } from './types.ts';

/** What was found at the port; `nla` null when it answered without a negotiation. */
export interface RdpAnswer {
  readonly reach: Reachability;
  readonly nla: boolean | null;
  /** Whether a TLS handshake comes next, in which it shows its certificate. */
  readonly tls: boolean;
}

// X.224 connection request asking for TLS and CredSSP, MS-RDPBCGR 2.2.1.1 (TPKT, CR TPDU, RDP_NEG_REQ protocols 3).
export const NEGOTIATE = Buffer.from('030000130ee000000000000100080003000000', 'hex');
const PROTOCOL_SSL = 1;
const PROTOCOL_HYBRID = 2;
const PROTOCOL_HYBRID_EX = 8;

/** `answers` only when an RDP server negotiated: a port that accepts and does not is `silent`. */
export async function probeRdp(address: string, port: number, timeoutMs: number): Promise<Reachability> {
  return (await askRdp(address, port, timeoutMs)).reach;
}

/** Like `probeRdp`, and whether the server takes NLA. */
export function askRdp(
  address: string,
  port: number,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<RdpAnswer> {
  const socket = createConnection({ host: address, port });
  return converse(socket, (ask) => socket.once('connect', ask), timeoutMs, signal);
}

/** Like `askRdp`, over a channel that is already open; it is closed at the end. */
export function askRdpOver(channel: Duplex, timeoutMs: number, signal?: AbortSignal): Promise<RdpAnswer> {
  return converse(channel, (ask) => ask(), timeoutMs, signal);
}

function converse(
  stream: Duplex,
  whenOpen: (ask: () => void) => void,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<RdpAnswer> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    let open = false;
    const end = (answer: RdpAnswer) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', inVain);
      stream.destroy();
      resolve(answer);
    };
    const inVain = () => end(without(open ? 'silent' : 'unreachable'));
    const timer = setTimeout(inVain, timeoutMs);
    signal?.addEventListener('abort', inVain);
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = readConfirm(received);
      if (answer) end(answer);
    });
    // Stays: an error that comes after the answer must not be without a listener.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') end(without('refused'));
      else inVain();
    });
    stream.once('close', inVain);
    whenOpen(() => {
      open = true;
      stream.write(NEGOTIATE);
    });
  });
}

/** Nobody negotiated. */
function without(reach: Exclude<Reachability, 'answers'>): RdpAnswer {
  return { reach, nla: null, tls: false };
}

/** Reads an X.224 connection confirm; null while it is incomplete. */
export function readConfirm(bytes: Buffer): RdpAnswer | null {
  if (bytes.length >= 1 && bytes[0] !== 3) return without('silent');
  if (bytes.length < 4) return null;
  const length = bytes.readUInt16BE(2);
  if (bytes.length < Math.max(length, 7)) return null;
  if (((bytes[5] ?? 0) & 0xf0) !== 0xd0) return without('silent');
  // No negotiation data: an old server with its own encryption only. Type 3 is a refusal of the protocols offered.
  if (length < 19) return { reach: 'answers', nla: null, tls: false };
  if (bytes[11] !== 2) return { reach: 'answers', nla: false, tls: false };
  const selected = bytes.readUInt32LE(15);
  const nla = selected === PROTOCOL_HYBRID || selected === PROTOCOL_HYBRID_EX;
  return { reach: 'answers', nla, tls: nla || selected === PROTOCOL_SSL };
}

/** An RDP port, as a person is told it. */
export function placeWords({ address, port, tunnelTo }: RdpPlace): string {
  return tunnelTo === undefined ? `${address}, port ${port}` : `${tunnelTo}, through the tunnel`;
}

/** The sentence for a port where no Remote Desktop answered. */
export function notReached(place: RdpPlace, reach: Reachability): CasementError {
  // A tunnel takes every connection and drops those that its other end cannot make.
  const there = place.tunnelTo === undefined ? notServed(place.address, place.port, reach) : null;
  return (
    there ??
    new CasementError({
      code: 'connect.unreachable',
      title: 'The server is not reachable',
      whatHappened: `Nothing answers at ${placeWords(place)}.`,
      whatToDo:
        'Check the security group (TCP 3389 inwards), whether the server needs a floating IP, a VPN, and the three Remote Desktop firewall rules in Windows.',
    })
  );
}

/** The sentence for a computer that is there and does not serve Remote Desktop; null for one that is not there. */
export function notServed(
  address: string,
  port: number,
  reach: Reachability,
  detail = '',
): CasementError | null {
  if (reach === 'refused')
    return new CasementError({
      code: 'connect.refused',
      title: 'The server refuses Remote Desktop',
      whatHappened: `${address} answers, but nothing listens on port ${port}.`,
      whatToDo:
        'Wait until Windows has finished its first start; then check that Remote Desktop is allowed inside it.',
      detail,
    });
  if (reach === 'silent')
    return new CasementError({
      code: 'connect.silent',
      title: 'Something answers there, but not Remote Desktop',
      whatHappened: `At ${address}, port ${port} takes connections, and then nothing speaks Remote Desktop. The password was not sent.`,
      whatToDo:
        'Wait a minute if Windows is still starting. If it stays so, look at the console of the server: Remote Desktop hangs there, and a reboot helps; or another computer, a proxy or a VPN takes the connection in its place.',
      detail,
    });
  return null;
}
