// What an account may do, in words for the wizard and the command line. Pure.
import type { CloudAbilities } from './views-cloud.ts';
import type { Quota } from './views-launch.ts';

/** Longest list of names that is written out. */
const MOST_NAMES = 6;

/** Label and value of each ability, in the order in which they matter. */
export function abilityWords(abilities: CloudAbilities): readonly (readonly [string, string])[] {
  const { limits, networks, keypairs } = abilities;
  return [
    ['Servers', used(limits.instances)],
    ['Processor cores', used(limits.cores)],
    ['Memory', used(limits.memoryMB, (megabytes) => `${Math.round(megabytes / 102.4) / 10} GB`)],
    ['Floating IPs', used(limits.floatingIps)],
    [
      'Volumes',
      limits.volumesOffered ? volumes(limits.volumes, limits.volumeGB) : 'not offered by this cloud',
    ],
    ['Public images', allowed(abilities.publicImages)],
    ['Community images', allowed(abilities.communityImages)],
    ['Networks', networks === null ? 'the cloud does not tell' : networkWords(networks)],
    ['Key pairs', keypairs === null ? 'the cloud does not tell' : keypairWords(keypairs)],
    [
      'Projects open to you',
      abilities.projects.length > 0 ? projectWords(abilities) : 'the cloud does not tell',
    ],
  ];
}

function used(quota: Quota | null, write: (amount: number) => string = String): string {
  if (quota === null) return 'the cloud does not tell';
  if (quota.limit === null) return `${write(quota.used)} in use, no limit`;
  const left = Math.max(0, quota.limit - quota.used);
  return `${write(quota.used)} of ${write(quota.limit)} in use, ${left === 0 ? 'none' : write(left)} left`;
}

function volumes(count: Quota | null, space: Quota | null): string {
  return space === null
    ? used(count)
    : `${used(count)}; space: ${used(space, (gigabytes) => `${gigabytes} GB`)}`;
}

function allowed(may: boolean | null): string {
  if (may === null) return 'not known before one is made';
  return may ? 'allowed' : 'not allowed for this account';
}

function networkWords(networks: NonNullable<CloudAbilities['networks']>): string {
  if (networks.length === 0) return 'none';
  const written = networks.map(({ name, kind }) => (kind === 'own' ? name : `${name} (${kind})`));
  return `${networks.length}: ${listed(written)}`;
}

function keypairWords({ total, canReceivePassword }: NonNullable<CloudAbilities['keypairs']>): string {
  if (total === 0) return 'none yet';
  return `${total}, of which ${canReceivePassword === 0 ? 'none' : canReceivePassword} can receive a Windows password`;
}

function projectWords({ projects }: CloudAbilities): string {
  return `${projects.length}: ${listed(projects.map(({ name }) => name))}`;
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more` : names.join(', ');
}
