// What the project may still use, as Nova, Neutron and Cinder tell it. A service that does not tell is no error:
// the launch itself will say what is missing.
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { CloudLimits, Quota } from '../../shared/views-launch.ts';
import { parseJson } from './identity.ts';
import type { Neutron } from './neutron.ts';
import type { Nova } from './nova.ts';
import type { Session } from './session.ts';

/** Catalogue types of block storage, newest first. */
const BLOCK_STORAGE = ['volumev3', 'block-storage', 'volumev2', 'volume'];

const absolute = z.object({ limits: z.object({ absolute: z.record(z.string(), z.number()) }) });
const networkQuota = z.object({
  quota: z.record(
    z.string(),
    z.object({ limit: z.number(), used: z.number(), reserved: z.number().default(0) }),
  ),
});

/** Used and limit; OpenStack writes -1 for "no limit". */
function quota(used: number | undefined, limit: number | undefined): Quota | null {
  return used === undefined || limit === undefined ? null : { used, limit: limit < 0 ? null : limit };
}

/** All limits that bear on a launch. */
export async function readLimits(session: Session, nova: Nova, neutron: Neutron): Promise<CloudLimits> {
  const block = await blockStorage(session);
  const [compute, network, storage] = await Promise.all([
    told(async () => absolute.parse(await novaLimits(nova)).limits.absolute),
    told(async () => networkQuota.parse(await neutron.quotaDetails()).quota),
    told(async () =>
      block === null ? {} : absolute.parse(await storageLimits(session, block)).limits.absolute,
    ),
  ]);
  const ofNetwork = (key: string): Quota | null => {
    const found = network?.[key];
    return found === undefined ? null : quota(found.used + found.reserved, found.limit);
  };
  const items = compute?.maxServerMeta;
  return {
    instances: quota(compute?.totalInstancesUsed, compute?.maxTotalInstances),
    cores: quota(compute?.totalCoresUsed, compute?.maxTotalCores),
    memoryMB: quota(compute?.totalRAMUsed, compute?.maxTotalRAMSize),
    metadataItems: items === undefined || items < 0 ? null : items,
    ports: ofNetwork('port'),
    floatingIps: ofNetwork('floatingip'),
    securityGroups: ofNetwork('security_group'),
    volumes: quota(storage?.totalVolumesUsed, storage?.maxTotalVolumes),
    volumeGB: quota(storage?.totalGigabytesUsed, storage?.maxTotalVolumeGigabytes),
    volumesOffered: block !== null,
  };
}

async function novaLimits(nova: Nova): Promise<unknown> {
  return parseJson((await nova.call('GET', '/limits', 'asking for the quota')).text);
}

async function storageLimits(session: Session, base: string): Promise<unknown> {
  const answer = await session.call({
    service: 'volume',
    method: 'GET',
    url: `${base}/limits`,
    doing: 'asking for the quota of volumes',
  });
  return parseJson(answer.text);
}

/** Base address of block storage; null when the catalogue has none. */
async function blockStorage(session: Session): Promise<string | null> {
  for (const type of BLOCK_STORAGE) {
    const found = await session.endpoint(type).catch((thrown: unknown) => {
      if (thrown instanceof CasementError && thrown.code === 'cloud.no-service') return null;
      throw thrown;
    });
    if (found !== null) return found;
  }
  return null;
}

/** What a service tells; null when it refuses or tells something else. A cloud that is gone still throws. */
async function told<T>(ask: () => Promise<T>): Promise<T | null> {
  return await ask().catch((thrown: unknown) => {
    if (
      thrown instanceof CasementError &&
      /^cloud\.(forbidden|not-found|refused|service-failed|conflict)$/.test(thrown.code)
    )
      return null;
    if (thrown instanceof z.ZodError) return null;
    throw thrown;
  });
}
