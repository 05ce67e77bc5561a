// What answers at an RDP port: nothing, a refusal, or a server that negotiates. Told before any password is used.
import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import type { OnProgress } from '../host/types.ts';
import type { Reachability } from './types.ts';

/** What was found at the port; `nla` null when it answered without a negotiation. */
export interface RdpAnswer {
  readonly reach: Reachability;
  readonly nla: boolean | null;
}

// X.224 connection request asking for TLS and CredSSP, MS-RDPBCGR 2.2.1.1 (TPKT, CR TPDU, RDP_NEG_REQ protocols 3).
const NEGOTIATE = Buffer.from('030000130ee000000000000100080003000000', 'hex');
const PROTOCOL_HYBRID = 2;
const PROTOCOL_HYBRID_EX = 8;
const EVERY_MS = 2000;
const PROBE_MS = 5000;

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
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port });
    let received = Buffer.alloc(0);
    const end = (answer: RdpAnswer) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      socket.destroy();
      resolve(answer);
    };
    const aborted = () => end({ reach: 'unreachable', nla: null });
    const timer = setTimeout(aborted, timeoutMs);
    signal?.addEventListener('abort', aborted);
    socket.once('connect', () => socket.write(NEGOTIATE));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = readConfirm(received);
      if (answer) end(answer);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end({ reach: error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable', nla: null }),
    );
    socket.once('close', () => end({ reach: 'unreachable', nla: null }));
  });
}

/** Reads an X.224 connection confirm; null while it is incomplete. */
export function readConfirm(bytes: Buffer): RdpAnswer | null {
  if (bytes.length >= 1 && bytes[0] !== 3) return { reach: 'unreachable', nla: null };
  if (bytes.length < 4) return null;
  const length = bytes.readUInt16BE(2);
  if (bytes.length < Math.max(length, 7)) return null;
  if (((bytes[5] ?? 0) & 0xf0) !== 0xd0) return { reach: 'unreachable', nla: null };
  // No negotiation data: an old server with its own encryption only. Type 3 is a refusal of the protocols offered.
  if (length < 19) return { reach: 'answers', nla: null };
  if (bytes[11] !== 2) return { reach: 'answers', nla: false };
  const selected = bytes.readUInt32LE(15);
  return { reach: 'answers', nla: selected === PROTOCOL_HYBRID || selected === PROTOCOL_HYBRID_EX };
}

/** Waits until Remote Desktop answers, at most `timeoutMs`. Throws `connect.unreachable` or `connect.refused`. */
export async function waitForRdp(
  address: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<void> {
  const begin = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const { reach } = await askRdp(address, port, PROBE_MS, signal);
    signal.throwIfAborted();
    if (reach === 'answers') return;
    const waited = Date.now() - begin;
    if (waited >= timeoutMs) throw notReached(address, port, reach);
    onProgress({
      done: Math.round(waited / 1000),
      total: null,
      unit: 'steps',
      rate: null,
      etaSeconds: null,
      message:
        reach === 'refused'
          ? 'The server is up; Remote Desktop does not answer yet'
          : `Waiting for ${address} to answer`,
      lastActivity: new Date().toISOString(),
    });
    await delay(Math.min(EVERY_MS, timeoutMs - waited), undefined, { signal });
  }
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
