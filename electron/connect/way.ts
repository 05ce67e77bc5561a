// The way to a server's desktop: one of its addresses directly, else through an SSH host that reaches it.
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isAbort, toErrorData } from '../../shared/errors.ts';
import type { Host, OnProgress } from '../host/types.ts';
import { askRdp, askRdpOver } from './reach.ts';
import { openTunnel } from './tunnel.ts';
import type { RdpPlace, Reachability } from './types.ts';
import { type Attempt, bestOf, noAddress, noWay, waitingWords } from './way-words.ts';

/** A computer behind SSH that may reach what this one does not. */
export interface WayHost {
  readonly label: string;
  /** Connects when it is not yet connected; may ask the person. */
  connect(signal: AbortSignal): Promise<Pick<Host, 'tcp'>>;
}

export interface Way extends RdpPlace {
  readonly via: 'direct' | 'tunnel' | 'gateway';
  /** The SSH host of a tunnel, or the gateway; null for a direct way. */
  readonly hostLabel: string | null;
  /** The server's own address that answered. */
  readonly server: string;
  /** Ends the tunnel and what runs through it; nothing for a direct way. */
  close(): Promise<void>;
}

export interface WayOptions {
  readonly port?: number;
  /** How long a desktop may take to answer on any way, in ms; 0 looks once. */
  readonly waitMs?: number;
  readonly onProgress?: OnProgress;
  /** A Remote Desktop Gateway that alone leads to the server: nothing is looked for then. */
  readonly gateway?: string | undefined;
}

const RDP_PORT = 3389;
const DIRECT_MS = 3000;
/** Longer than directly: two computers are asked one after the other. */
const THROUGH_MS = 6000;
const EVERY_MS = 2000;

/**
 * Finds where the desktop of a server answers: its addresses in the order given, first directly, then through each host.
 * Throws `connect.unreachable`, `.refused` or `.silent` with everything that was tried, `launch.no-address` without one.
 */
export async function findWay(
  addresses: readonly string[],
  hosts: readonly WayHost[],
  signal: AbortSignal,
  options: WayOptions = {},
): Promise<Way> {
  if (addresses.length === 0) throw noAddress();
  const { port = RDP_PORT, waitMs = 0, onProgress } = options;
  const through = hosts.map((host) => throughHost(host, port, signal));
  const begin = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const attempts: Attempt[] = await Promise.all(
      addresses.map(async (address) => ({
        address,
        host: null,
        reach: (await askRdp(address, port, DIRECT_MS, signal)).reach,
        reason: null,
      })),
    );
    signal.throwIfAborted();
    const direct = bestOf(attempts);
    if (direct?.reach === 'answers') return directWay(direct.address, port);
    for (const host of through) {
      const tried = await host.attempts(addresses);
      signal.throwIfAborted();
      const found = bestOf(tried);
      if (found?.reach === 'answers') return await host.way(found.address);
      attempts.push(...tried);
    }
    const waited = Date.now() - begin;
    if (waited >= waitMs) throw noWay(attempts, port);
    onProgress?.({
      done: Math.round(waited / 1000),
      total: null,
      unit: 'steps',
      rate: null,
      etaSeconds: null,
      message: waitingWords(attempts),
      lastActivity: new Date().toISOString(),
    });
    await delay(Math.min(EVERY_MS, waitMs - waited), undefined, { signal });
  }
}

function directWay(address: string, port: number): Way {
  return { address, port, via: 'direct', hostLabel: null, server: address, close: async () => undefined };
}

// One host for one search: it is connected to once, and one that refused is not asked again.
function throughHost(host: WayHost, port: number, signal: AbortSignal) {
  let connected: Promise<Pick<Host, 'tcp'>> | null = null;
  const opening = new Map<string, Promise<Duplex>>();
  const connect = () => {
    connected ??= host.connect(signal);
    connected.catch(() => undefined);
    return connected;
  };
  // An sshd waits two minutes for an address that is silent: the next round goes on waiting for the same answer.
  const channelTo = (address: string): Promise<Duplex> => {
    const known = opening.get(address);
    if (known) return known;
    const coming = connect().then((open) => open.tcp(address, port));
    opening.set(address, coming);
    coming.catch(() => undefined).finally(() => opening.delete(address));
    return coming;
  };
  const attempt = async (address: string): Promise<Attempt> => {
    const said = (reach: Reachability, reason: string | null) => ({
      address,
      host: host.label,
      reach,
      reason,
    });
    try {
      const coming = channelTo(address);
      const channel = await within(coming, THROUGH_MS, signal);
      if (channel !== null) return said((await askRdpOver(channel, THROUGH_MS, signal)).reach, null);
      void coming.then((late) => late.on('error', () => undefined).destroy()).catch(() => undefined);
      return said('unreachable', null);
    } catch (error) {
      if (isAbort(error)) throw error;
      const { title, whatHappened, detail } = toErrorData(error);
      const refused = /connection refused/i.test(`${whatHappened} ${detail}`);
      return said(refused ? 'refused' : 'unreachable', refused ? null : title);
    }
  };
  return {
    attempts: async (addresses: readonly string[]): Promise<Attempt[]> => {
      try {
        await connect();
      } catch (error) {
        if (isAbort(error) && signal.aborted) throw error;
        const { title } = toErrorData(error);
        return addresses.map((address) => ({
          address,
          host: host.label,
          reach: 'unreachable',
          reason: title,
        }));
      }
      return await Promise.all(addresses.map(attempt));
    },
    way: async (server: string): Promise<Way> => {
      const tunnel = await openTunnel(async () => (await connect()).tcp(server, port));
      return {
        address: '127.0.0.1',
        port: tunnel.port,
        via: 'tunnel',
        hostLabel: host.label,
        server,
        tunnelTo: server,
        close: tunnel.close,
      };
    },
  };
}

/** The value of a promise, or null after `ms`. */
async function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T | null> {
  const over = new AbortController();
  const timeout = delay(ms, null, { signal: AbortSignal.any([over.signal, signal]) });
  timeout.catch(() => undefined);
  return await Promise.race([promise, timeout]).finally(() => over.abort());
}
