// What answers at an RDP port: nothing, a refusal, or a server that negotiates. Told before any password is used.
import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import { CasementError } from '../../shared/errors.ts';
import type { Reachability } from './types.ts';

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

/** `answers` only when an RDP server negotiated: a port that accepts and stays silent is `unreachable`. */
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
    const end = (answer: RdpAnswer) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      stream.destroy();
      resolve(answer);
    };
    const aborted = () => end({ reach: 'unreachable', nla: null, tls: false });
    const timer = setTimeout(aborted, timeoutMs);
    signal?.addEventListener('abort', aborted);
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = readConfirm(received);
      if (answer) end(answer);
    });
    // Stays: an error that comes after the answer must not be without a listener.
    stream.on('error', (error: NodeJS.ErrnoException) =>
      end({ reach: error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', nla: null, tls: false }),
    );
    stream.once('close', () => end({ reach: 'unreachable', nla: null, tls: false }));
    whenOpen(() => stream.write(NEGOTIATE));
  });
}

/** Reads an X.224 connection confirm; null while it is incomplete. */
export function readConfirm(bytes: Buffer): RdpAnswer | null {
  if (bytes.length >= 1 && bytes[0] !== 3) return { reach: 'unreachable', nla: null, tls: false };
  if (bytes.length < 4) return null;
  const length = bytes.readUInt16BE(2);
  if (bytes.length < Math.max(length, 7)) return null;
  if (((bytes[5] ?? 0) & 0xf0) !== 0xd0) return { reach: 'unreachable', nla: null, tls: false };
  // No negotiation data: an old server with its own encryption only. Type 3 is a refusal of the protocols offered.
  if (length < 19) return { reach: 'answers', nla: null, tls: false };
  if (bytes[11] !== 2) return { reach: 'answers', nla: false, tls: false };
  const selected = bytes.readUInt32LE(15);
  const nla = selected === PROTOCOL_HYBRID || selected === PROTOCOL_HYBRID_EX;
  return { reach: 'answers', nla, tls: nla || selected === PROTOCOL_SSL };
}

/** The sentence for a port where no Remote Desktop answered. */
export function notReached(address: string, port: number, reach: Reachability): CasementError {
  if (reach === 'refused')
    return new CasementError({
      code: 'connect.refused',
      title: 'The server refuses Remote Desktop',
      whatHappened: `${address} answers, but nothing listens on port ${port}.`,
      whatToDo:
        'Wait until Windows has finished its first start; then check that Remote Desktop is allowed inside it.',
    });
  return new CasementError({
    code: 'connect.unreachable',
    title: 'The server is not reachable',
    whatHappened: `Nothing answers at ${address}, port ${port}.`,
    whatToDo:
      'Check the security group (TCP 3389 inwards), whether the server needs a floating IP, a VPN, and the three Remote Desktop firewall rules in Windows.',
  });
}
