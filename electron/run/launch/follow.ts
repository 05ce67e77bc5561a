// Follows the servers of a launch to their desktops: one question to Nova for all of them, then each by its state.
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { CasementError, toErrorData } from '../../../shared/errors.ts';
import type { LaunchedView } from '../../../shared/views-launch.ts';
import type { Cloud, LaunchedServer } from '../../cloud/types.ts';
import { askRdp, serverPassword, type Way } from '../../connect/index.ts';
import { inPool } from './pool.ts';
import type { LaunchTimes } from './times.ts';
import type { Track } from './track.ts';
import {
  desktopLate,
  neverPassword,
  noAddress,
  notActive,
  novaFailed,
  passwordLate,
  serverGone,
} from './words.ts';

const RDP_PORT = 3389;
/** Servers that are looked at beside each other. */
const LOOKS = 10;
/** Longest wait for an answer of one desktop, in ms. */
const PROBE_MS = 3000;
/** A tunnel asks another computer, which need not be done at every look; in ms. */
const TUNNEL_EVERY_MS = 15_000;
/** Looks in a row that the cloud may leave without an answer. */
const PATIENCE = 10;
/** How long an ordered server may be missing from the list, in ms. */
const ORDER_MS = 60_000;
/** Lines of the serial console that explain a silence. */
const LOG_LINES = 30;

export type FindWay = (addresses: readonly string[], signal: AbortSignal) => Promise<Way>;

export interface FollowOptions {
  readonly tag: string;
  readonly times: LaunchTimes;
  /** How the password is read; null where it was chosen. */
  readonly key: {
    readonly file: string;
    readonly passphrase: string | undefined;
    readonly type: string | null;
  } | null;
  /** Hangs a floating IP on a server and gives its address; null where none is wanted. */
  readonly giveFloatingIp: ((server: string) => Promise<string>) | null;
  /** Finds a way to one of these addresses, through a tunnel or a gateway too; null where only the direct one counts. */
  readonly findWay: FindWay | null;
  readonly onChange: (servers: readonly LaunchedView[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Resolves when every server is ready or has failed; says how often Nova was asked about all of them. */
export async function followServers(
  cloud: Cloud,
  tracks: readonly Track[],
  options: FollowOptions,
): Promise<{ readonly polls: number }> {
  const { signal, times } = options;
  const tell = teller(tracks, options.onChange);
  let silent = 0;
  for (let polls = 1; ; polls++) {
    signal.throwIfAborted();
    const found = await cloud.launched(options.tag).catch((thrown: unknown) => {
      if (++silent > PATIENCE || !passing(thrown)) throw thrown;
      return null;
    });
    if (found === null) {
      await pause(times.pollMs, undefined, { signal });
      continue;
    }
    silent = 0;
    await removeDoubles(cloud, tracks, found);
    const open = tracks.filter(({ state }) => state !== 'ready' && state !== 'failed');
    await inPool(open, LOOKS, async (track) => {
      if (signal.aborted) return;
      const server = found.find((one) => isOf(one, track));
      if (server) track.id = server.view.id;
      await look(cloud, track, server, { ...options, tell }).catch((thrown: unknown) => {
        // A cloud with much to do answers the next look; whether it takes too long, the times above decide.
        if (!signal.aborted && !passing(thrown)) track.fail(toErrorData(thrown));
      });
    });
    signal.throwIfAborted();
    await tell();
    if (tracks.every(({ state }) => state === 'ready' || state === 'failed')) return { polls };
    await pause(times.pollMs, undefined, { signal });
  }
}

/** Tells every change once and one after the other: a server may pass two states in one look. */
function teller(tracks: readonly Track[], onChange: FollowOptions['onChange']): () => Promise<void> {
  let told = '';
  let last = Promise.resolve();
  const tell = async (): Promise<void> => {
    const views = tracks.map((track) => track.view());
    const now = JSON.stringify(views);
    if (now !== told) await onChange(views);
    told = now;
  };
  return () => {
    last = last.then(tell);
    return last;
  };
}

/** Whether it is the server of this track, also of one whose order Nova left without an answer. */
function isOf({ view, index, leaving }: LaunchedServer, track: Track): boolean {
  return track.id === '' ? index === track.index && !leaving : view.id === track.id;
}

/** A process that was killed in the middle of an order may have made a server that the next one did not see. */
async function removeDoubles(
  cloud: Cloud,
  tracks: readonly Track[],
  found: readonly LaunchedServer[],
): Promise<void> {
  for (const { view, index, leaving } of found) {
    const track = tracks.find((known) => known.index === index);
    if (track && track.id !== '' && track.id !== view.id && !leaving) await cloud.deleteServer(view.id);
  }
}

/** Trouble of a moment: a service that is busy or restarted. */
function passing(thrown: unknown): boolean {
  return thrown instanceof CasementError && /^cloud\.(unreachable|timeout|service-failed)$/.test(thrown.code);
}

const minutes = (ms: number): number => Math.round(ms / 60_000);

async function look(
  cloud: Cloud,
  track: Track,
  server: LaunchedServer | undefined,
  options: FollowOptions & { readonly tell: () => Promise<void> },
): Promise<void> {
  const { times, tell } = options;
  if (!server || /^(SOFT_)?DELETED$/.test(server.view.status)) {
    // The list may be a moment behind the order, and an order without an answer may still be carried out.
    if (track.state !== 'ordered' || track.age() > ORDER_MS) track.fail(track.unsure ?? serverGone());
    return;
  }
  const { status } = server.view;
  if (status === 'ERROR') return track.fail(novaFailed(server.view));
  if (status !== 'ACTIVE' && (track.state === 'ordered' || track.state === 'building')) {
    track.enter('building');
    if (track.age() > times.activeMs) track.fail(notActive(status, minutes(times.activeMs)));
    return;
  }
  if (track.state === 'ordered' || track.state === 'building') {
    track.enter('starting');
    await tell();
  }
  await reachable(track, server, options);
  if (track.state === 'starting' && options.key) {
    if (!(await passwordCame(cloud, track, server, options))) return;
    track.enter('password');
    await tell();
  }
  if (await answers(track, options)) return track.enter('ready');
  if (track.age() > times.desktopMs)
    track.fail(
      desktopLate(
        minutes(times.desktopMs),
        `nothing answers at ${track.addresses.join(', ')}.`,
        await log(cloud, track),
      ),
    );
}

/** Gives it its floating IP once, and knows where it can be reached. */
async function reachable(track: Track, server: LaunchedServer, options: FollowOptions): Promise<void> {
  const own = server.view.addresses.map(({ address }) => address);
  if (own.length === 0) throw new CasementError(noAddress());
  if (!track.floating && options.giveFloatingIp) {
    const given = await options.giveFloatingIp(track.id);
    track.addresses = [given, ...own.filter((address) => address !== given)];
  } else if (!track.floating || track.addresses.length === 0) track.addresses = own;
  track.floating = true;
  track.address ??= track.addresses[0] ?? null;
}

async function passwordCame(
  cloud: Cloud,
  track: Track,
  server: LaunchedServer,
  { key, times }: FollowOptions,
): Promise<boolean> {
  if (!key) return true;
  const facts = {
    encrypted: await cloud.encryptedPassword(track.id),
    keypair: server.view.keypair,
    keyType: key.type,
    status: server.view.status,
    launchedAt: server.launchedAt,
    adminPassGiven: server.adminPassGiven,
  };
  const password = await serverPassword(facts, key.file, key.passphrase);
  if (password.state === 'known') return true;
  if (password.state === 'never') track.fail(neverPassword(password.reason));
  else if (track.age() > times.passwordMs)
    track.fail(passwordLate(minutes(times.passwordMs), await log(cloud, track)));
  return false;
}

async function answers(track: Track, { findWay, signal }: FollowOptions): Promise<boolean> {
  const asked = await Promise.all(
    track.addresses.map(async (address) => ({
      address,
      ...(await askRdp(address, RDP_PORT, PROBE_MS, signal)),
    })),
  );
  const direct = asked.find(({ reach }) => reach === 'answers');
  if (direct) track.address = direct.address;
  if (direct || findWay === null || performance.now() - track.tunnelAt < TUNNEL_EVERY_MS)
    return direct !== undefined;
  track.tunnelAt = performance.now();
  const way = await findWay(track.addresses, signal).catch((thrown: unknown) => {
    if (thrown instanceof CasementError && thrown.code.startsWith('connect.')) return null;
    throw thrown;
  });
  if (!way) return false;
  track.address = way.server;
  if (way.via === 'gateway') track.gateway = way.hostLabel;
  await way.close();
  return true;
}

/** The end of the serial console; empty where the hypervisor keeps none. */
async function log(cloud: Cloud, track: Track): Promise<string> {
  return await cloud.consoleLog(track.id, LOG_LINES).catch(() => '');
}
