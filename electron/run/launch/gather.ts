// Gathers what the checks before a launch look at: from the cloud, and from the files that the plan names.
import { readFile } from 'node:fs/promises';
import { CasementError } from '../../../shared/errors.ts';
import { type ServerSpec, serverNames } from '../../../shared/plan-server.ts';
import type { ImageView } from '../../../shared/views.ts';
import { keyFileFacts, ownAddress } from '../../cloud/index.ts';
import type { Cloud } from '../../cloud/types.ts';
import { ACCOUNT } from '../password.ts';
import type { LaunchFacts } from './types.ts';

export interface LaunchWish {
  readonly spec: ServerSpec;
  /** The image in Glance; null before it was published. */
  readonly image: ImageView | null;
  /** What Windows needs at least, where the image does not say more: GiB and MiB. */
  readonly need: { readonly minDiskGB: number; readonly minRamMB: number };
  /** The tag of the launch that is to be continued; null when nothing was launched yet. */
  readonly tag: string | null;
  /** The chosen password; null when Windows makes one, or while it is not typed. */
  readonly password: string | null;
  readonly passphrase: string | undefined;
  /** The account that gets the password, where the image does not say which; Administrator when missing. */
  readonly account?: string | undefined;
}

const GIB = 2 ** 30;
/** A file larger than this is no user data; Nova takes 64 KiB as base64. */
const USER_DATA_AT_MOST = 1024 * 1024;

/** Asks cloud and workstation at once; throws only what makes a launch impossible to judge. */
export async function gatherLaunch(cloud: Cloud, wish: LaunchWish): Promise<LaunchFacts> {
  const { spec, image, need } = wish;
  const wanted = {
    minDiskGB: Math.max(need.minDiskGB, image?.minDiskGB ?? 0, Math.ceil((image?.virtualBytes ?? 0) / GIB)),
    minRamMB: Math.max(need.minRamMB, image?.minRamMB ?? 0),
  };
  const [flavors, networks, groups, floatingIps, zones, limits, keypairs, servers, launched] =
    await Promise.all([
      // A volume takes the place of the flavor's disk.
      cloud.flavors(spec.volume ? { ...wanted, minDiskGB: 0 } : wanted),
      cloud.networks(),
      cloud.securityGroups(),
      cloud.floatingIps().catch(() => []),
      spec.zone === undefined ? [] : cloud.zones(),
      cloud.limits(),
      cloud.keypairs(),
      // Only to warn of names that are taken: not worth the long list of a large project.
      othersOf(cloud),
      wish.tag === null ? [] : cloud.launched(wish.tag),
    ]);
  const own = new Set(launched.map(({ view }) => view.id));
  return {
    spec,
    names: serverNames(spec),
    launched: launched.filter(({ view, leaving }) => view.status !== 'ERROR' && !leaving).length,
    taken: servers.flatMap(({ id, name }) => (own.has(id) ? [] : [name])),
    image,
    need: wanted,
    flavors,
    networks,
    groups,
    freeFloatingIps: floatingIps.flatMap(({ port, network }) => (port === null ? [network] : [])),
    zones,
    limits,
    keypairs,
    keyFile: spec.privateKey === undefined ? null : await keyFileFacts(spec.privateKey, wish.passphrase),
    password: wish.password,
    // As the image itself says, whoever built it.
    account: image?.properties.os_admin_user || wish.account || ACCOUNT,
    userData: await readUserData(spec),
    ownAddress: await proposedAddress(cloud, networks),
  };
}

/** This computer as CIDR: on its way to the cloud, or to the networks where the cloud runs on this computer itself. */
export async function proposedAddress(
  cloud: Pick<Cloud, 'authUrl'>,
  networks: readonly { readonly subnets: readonly string[] }[],
): Promise<string | null> {
  const subnets = networks.flatMap(({ subnets: all }) => all.map((cidr) => cidr.split('/')[0] ?? ''));
  return await ownAddress([new URL(cloud.authUrl).hostname, ...subnets]);
}

/** The text of the user data, wherever it stands. */
export async function readUserData({
  userData,
}: Pick<ServerSpec, 'userData'>): Promise<LaunchFacts['userData']> {
  if (userData === undefined) return null;
  if (typeof userData === 'string') return userData;
  const bytes = await readFile(userData.file).catch(() => null);
  if (bytes === null)
    return { problem: `The user data file ${userData.file} does not exist or may not be read.` };
  if (bytes.length > USER_DATA_AT_MOST)
    return { problem: `${userData.file} is far too large for user data.` };
  return bytes.toString('utf8');
}

/** Most servers of a project whose names are compared. */
const COMPARED = 500;

async function othersOf(cloud: Cloud): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { instances } = await cloud.limits();
  return instances !== null && instances.used <= COMPARED ? await cloud.servers() : [];
}

/** The sentence for an image that Glance does not have any more. */
export const noImage = (id: string): CasementError =>
  new CasementError({
    code: 'launch.no-image',
    title: 'The image is gone',
    whatHappened: `Glance has no image ${id} that this project may use.`,
    whatToDo: 'Publish it again, or choose another image.',
  });
