// Proves an image by using it: a throw-away server is launched from it, its Windows reports a password, somebody signs in
// with that, and the server and everything made for it are deleted, whatever happened.
import { lookup } from 'node:dns/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import type { LoginProof } from '../../shared/login-proof.ts';
import type { HostSpec } from '../../shared/plan.ts';
import type { DesktopOptions } from '../../shared/plan-connect.ts';
import { createMeter } from '../../shared/progress.ts';
import type { ServerView } from '../../shared/views.ts';
import { memoryKeypair, ownAddress, waitForServer } from '../cloud/index.ts';
import type { Cloud } from '../cloud/types.ts';
import { gatewayHost, passwordFrom, untilLed, type Way, type WayOptions } from '../connect/index.ts';
import type { Secrets } from '../desktop/port.ts';
import { parseAddress } from '../host/address.ts';
import type { OnProgress } from '../host/types.ts';
import { removeProof } from './proof-remains.ts';
import type { ProofGateway, SignIn } from './types.ts';

/** Windows may take this long from its start to its password, in ms: sysprepped ones need 3 to 20 minutes. */
const PASSWORD_MS = 45 * 60_000;
const PASSWORD_EVERY_MS = 3000;
/** After the password Remote Desktop answers soon; a restart of the first start fits in. In ms. */
const DESKTOP_MS = 10 * 60_000;
/** Where no address can be reached, a floating IP is tried after this time; in ms. */
const WITHOUT_FLOATING_MS = 60_000;

export interface ProofWish {
  readonly cloud: Cloud;
  readonly image: {
    readonly id: string;
    readonly name: string;
    readonly minDiskGB: number;
    readonly minRamMB: number;
  };
  /** Marks everything that is made; letters, digits and dashes. */
  readonly mark: string;
  /** By name or id; null takes the smallest flavor that fits. */
  readonly flavor: string | null;
  /** By name or id; null takes the only network there is. */
  readonly network: string | null;
  /** Ids of security groups to add to the project's own. */
  readonly securityGroups: readonly string[];
  /** SSH hosts that may have to reach the server in place of this computer. */
  readonly tunnels: readonly HostSpec[];
  readonly user: string;
  /** The gateway that alone leads to the servers of this cloud. */
  readonly gateway?: ProofGateway | undefined;
  readonly way: (addresses: readonly string[], signal: AbortSignal, options?: WayOptions) => Promise<Way>;
  readonly signIn: SignIn;
  readonly onProgress: OnProgress;
  /** Told once the server is ordered. */
  readonly note: (message: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Proves it and cleans up. Throws what stood in the way: no flavor, quota, Nova's fault, no password (`verify.no-password`),
 * nothing answers (`connect.unreachable`), a refused login (`connect.wrong-password` …).
 */
export async function proveLogin(wish: ProofWish): Promise<LoginProof> {
  const { cloud, mark } = wish;
  // What an earlier attempt left, whose private key is gone with its process.
  await removeProof(cloud, mark, wish.signal);
  try {
    return await proven(wish);
  } finally {
    // Also after a cancel: the order to clean up must not be cancelled with it.
    await removeProof(cloud, mark, AbortSignal.timeout(CLEAN_MS));
  }
}

/** The gateway of a plan, with the password there; undefined where there is none. */
export async function proofGateway(
  options: DesktopOptions['gateway'],
  secrets: Pick<Secrets, 'get'>,
): Promise<ProofGateway | undefined> {
  if (!options) return undefined;
  const { password } = options;
  return {
    options,
    password: password === undefined ? null : await secrets.get(password, 'the password of the gateway'),
  };
}

/** Nova may take this long to let go of a server before its security group can go, in ms. */
const CLEAN_MS = 3 * 60_000;

/** Image property with the time of the login that proved it (ISO). */
export const VERIFIED_AT = 'casement_verified_at';

/** The proof in words, label → value. */
export function proofOutcome(proof: LoginProof): Record<string, string> {
  const { seconds } = proof;
  return {
    'Signed in': `as ${proof.user} at ${proof.address}${proof.via === null ? '' : ` through ${proof.via}`}`,
    Flavor: proof.flavor,
    Took: `${seconds.signedIn} s: running after ${seconds.active} s, password after ${seconds.password} s, desktop answers after ${seconds.answers} s`,
    Client: proof.client,
    'Throw-away server': 'deleted',
  };
}

async function proven(wish: ProofWish): Promise<LoginProof> {
  const { cloud, mark, signal, image } = wish;
  const meter = createMeter('steps', 5);
  const say = (done: number, message: string): void => wish.onProgress(meter.update(done, message));
  const began = Date.now();
  const since = (): number => Math.round((Date.now() - began) / 1000);

  say(0, 'Making a key pair and letting Remote Desktop in');
  const flavor = wish.flavor ?? (await smallestFlavor(cloud, image));
  const key = await memoryKeypair(cloud, mark);
  const securityGroups = await openGroups(wish);
  say(1, 'Launching a throw-away server');
  const { id } = await cloud.launch({
    ...{
      name: mark,
      image: image.id,
      flavor,
      network: await networkFor(wish),
      keypair: mark,
      adminPass: null,
    },
    ...(securityGroups.length > 0 ? { securityGroups } : {}),
    tag: mark,
  });
  await wish.note('A throw-away server is starting.');
  const server = await waitForServer(cloud, id, ({ message }) => say(1, message), signal);
  const active = since();
  const password = await untilPassword(cloud, id, key.privateKey, (reason) => say(2, reason), signal);
  const reported = since();
  const way = await untilReached(wish, server, (message) => say(3, message));
  try {
    const answered = since();
    say(4, `Signing in as ${wish.user}`);
    const { address, port, tunnelTo } = way;
    const { user, gateway } = wish;
    const target = { server: id, address, port, tunnelTo, user, ...(gateway ? { gateway } : {}) };
    const { client } = await untilLed(() => wish.signIn(target, password, signal), {
      waitMs: DESKTOP_MS,
      signal,
      say: (message) => say(4, message),
    });
    return {
      at: new Date().toISOString(),
      user: wish.user,
      flavor: server.flavor,
      address: way.server,
      via: way.hostLabel,
      client,
      seconds: { active, password: reported, answers: answered, signedIn: since() },
    };
  } finally {
    await way.close();
  }
}

async function smallestFlavor(
  cloud: Cloud,
  { minDiskGB, minRamMB, name }: ProofWish['image'],
): Promise<string> {
  const fitting = (await cloud.flavors({ minDiskGB, minRamMB })).filter(({ unfit }) => unfit === null);
  const [smallest] = fitting.toSorted(
    (a, b) => a.memoryMB - b.memoryMB || a.vcpus - b.vcpus || a.diskGB - b.diskGB,
  );
  if (smallest) return smallest.id;
  throw new CasementError({
    code: 'verify.no-flavor',
    title: 'No flavor can carry the image',
    whatHappened: `"${name}" needs a disk of ${minDiskGB} GB and ${minRamMB} MB of memory; no flavor of this cloud has both.`,
    whatToDo: 'Build with a smaller disk, or ask the operator of the cloud for a larger flavor.',
  });
}

/** The network that was asked for, else one of the project's that has addresses; null leaves it to Nova. */
async function networkFor({ cloud, network }: ProofWish): Promise<string | null> {
  if (network !== null) return network;
  const inside = (await cloud.networks()).filter(({ external }) => !external);
  return (inside.find(({ subnets }) => subnets.length > 0) ?? inside[0])?.id ?? null;
}

/** The project's own group, those asked for, and one of our own for each place that must reach the server. */
async function openGroups({ cloud, mark, securityGroups, tunnels, gateway }: ProofWish): Promise<string[]> {
  const sources = new Set<string>();
  const own = await ownAddress([new URL(cloud.authUrl).hostname]);
  if (own !== null) sources.add(own);
  for (const tunnel of tunnels) {
    const address = await addressOf(tunnel);
    if (address !== null) sources.add(address);
  }
  // Where its inner side has another address, the project's own groups must let it in.
  const outer = gateway ? await addressNamed(gatewayHost(gateway.options.address)) : null;
  if (outer !== null) sources.add(outer);
  if (sources.size === 0 && securityGroups.length === 0) return [];
  const known = await cloud.securityGroups();
  const groups = known.filter(({ name }) => name === 'default').map(({ id }) => id);
  for (const [at, from] of [...sources].entries()) {
    const name = `${mark}-${at + 1}`;
    const made = await cloud.createSecurityGroup({ name, description: OURS, from });
    groups.push(made.id);
  }
  return [...new Set([...groups, ...securityGroups])];
}

/** An SSH host as the source of a rule; null for this computer itself and where its name is not known here. */
async function addressOf(host: HostSpec): Promise<string | null> {
  if (host.kind === 'local') return null;
  return await addressNamed(parseAddress(host.address).host);
}

/** What a name stands for, as the source of a rule; null for this computer and for what is not known here. */
async function addressNamed(name: string): Promise<string | null> {
  const found = await lookup(name).catch(() => null);
  if (!found || /^(127\.|::1$)/.test(found.address)) return null;
  return `${found.address}/${found.family === 6 ? 128 : 32}`;
}

const OURS = 'Made by Casement for a login proof; may be deleted';

async function untilPassword(
  cloud: Cloud,
  id: string,
  privateKey: string,
  say: (reason: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const end = Date.now() + PASSWORD_MS;
  for (;;) {
    const facts = await cloud.passwordFacts(id);
    const password = facts ? passwordFrom(facts, privateKey) : null;
    if (password?.state === 'known') return password.password;
    if (!password || password.state === 'never' || Date.now() > end)
      throw new CasementError({
        code: 'verify.no-password',
        title: 'The image does not report a password',
        whatHappened: `A server launched from it reported none. ${password?.reason ?? 'Nova does not know the server any more.'}`,
        whatToDo:
          'Its Cloudbase-Init has to reach the metadata service of the cloud: look at the console log of a server ("casement console"), and whether the network offers metadata or needs a config drive.',
        detail: (await cloud.consoleLog(id, CONSOLE_LINES).catch(() => '')).slice(-8000),
      });
    say(password.reason);
    await pause(PASSWORD_EVERY_MS, undefined, { signal });
  }
}

const CONSOLE_LINES = 100;

/** The way to its desktop; where no address of its own can be reached, with a floating IP. */
async function untilReached(
  wish: ProofWish,
  server: ServerView,
  say: (message: string) => void,
): Promise<Way> {
  const { cloud, mark, signal } = wish;
  const own = server.addresses.map(({ address }) => address);
  const onProgress: OnProgress = ({ message }) => say(message);
  const pool = (await cloud.networks()).find(({ external }) => external);
  const floats = server.addresses.some(({ floating }) => floating);
  if (!pool || floats) return await wish.way(own, signal, { waitMs: DESKTOP_MS, onProgress });
  try {
    return await wish.way(own, signal, { waitMs: WITHOUT_FLOATING_MS, onProgress });
  } catch (thrown) {
    if (!(thrown instanceof CasementError) || thrown.code !== 'connect.unreachable') throw thrown;
    const [port] = await cloud.serverPorts(server.id);
    if (!port) throw thrown;
    say('No address answers: taking a floating IP');
    const floating = await cloud
      .allocateFloatingIp({ pool: pool.id, port: port.id, description: mark })
      .catch(() => null);
    // A network without a router, or a full pool: the first sentence is the one that helps.
    if (!floating) throw thrown;
    return await wish.way([floating.address, ...own], signal, { waitMs: DESKTOP_MS, onProgress });
  }
}
