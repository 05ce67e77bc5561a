// Checks before a launch that concern the cloud: quota, flavor, image, zone, volume. Pure.
import type { LaunchFinding, Quota } from '../../../shared/views-launch.ts';
import { chosenNetworks, chosenPool } from './choose.ts';
import { type Judge, judge } from './judge.ts';
import type { LaunchFacts } from './types.ts';

/** Findings about quota, flavor, image, zone and volume. */
export function checkCloud(facts: LaunchFacts): LaunchFinding[] {
  return [
    imageFinding(facts),
    flavorFinding(facts),
    ...quotaFindings(facts),
    zoneFinding(facts),
    volumeFinding(facts),
  ].filter((finding) => finding !== null);
}

/** A flavor by name or id. */
export function chosenFlavor({ spec, flavors }: Pick<LaunchFacts, 'spec' | 'flavors'>) {
  return (
    flavors.find(({ id }) => id === spec.flavor) ?? flavors.find(({ name }) => name === spec.flavor) ?? null
  );
}

function imageFinding({ image }: LaunchFacts): LaunchFinding | null {
  if (image === null) return null;
  const { passed, failed } = judge('image', 'Image');
  return image.status === 'active'
    ? passed('The image is complete.')
    : failed(
        `The image is not complete: Glance, the store of images, calls it "${image.status}" and not "active".`,
        'Wait until it is active, or publish it again.',
      );
}

function flavorFinding(facts: LaunchFacts): LaunchFinding {
  const { passed, failed } = judge('flavor', 'Flavor');
  const { spec, need } = facts;
  const flavor = chosenFlavor(facts);
  if (!flavor)
    return failed(
      `There is no flavor "${spec.flavor}".`,
      `Choose one of: ${facts.flavors.map(({ name }) => name).join(', ') || 'none is offered'}.`,
    );
  if (flavor.unfit === null) return passed(`${flavor.name} has room for this Windows.`);
  const fitting = facts.flavors.filter(({ unfit }) => unfit === null).map(({ name }) => name);
  const volume = facts.limits.volumesOffered && !spec.volume && flavor.memoryMB >= need.minRamMB;
  return failed(
    `${flavor.name} cannot carry this Windows: ${flavor.unfit}.`,
    `${[
      fitting.length > 0
        ? `Choose one of: ${fitting.join(', ')}`
        : 'No flavor of this project fits: ask the operator of the cloud for a larger one',
      ...(volume ? ['or boot from a volume, which needs no disk in the flavor'] : []),
    ].join(', ')}.`,
  );
}

function quotaFindings(facts: LaunchFacts): LaunchFinding[] {
  const { limits, spec } = facts;
  const flavor = chosenFlavor(facts);
  const missing = Math.max(0, facts.names.length - facts.launched);
  const { pool } = chosenPool(facts);
  const reusable = facts.freeFloatingIps.filter((network) => network === pool?.id).length;
  const networks = Math.max(1, chosenNetworks(facts).found.length);
  const needs: (readonly [string, string, Quota | null, number])[] = [
    ['instances', 'server(s)', limits.instances, missing],
    ['cores', 'core(s)', limits.cores, missing * (flavor?.vcpus ?? 0)],
    ['memory', 'MB of memory', limits.memoryMB, missing * (flavor?.memoryMB ?? 0)],
    ['ports', 'network port(s)', limits.ports, missing * networks],
    ['floating-ips', 'floating IP(s)', limits.floatingIps, pool ? Math.max(0, missing - reusable) : 0],
    [
      'security-groups',
      'security group(s)',
      limits.securityGroups,
      typeof spec.securityGroup === 'object' ? 1 : 0,
    ],
    ['volumes', 'volume(s)', limits.volumes, spec.volume ? missing : 0],
    ['volume-size', 'GB of volumes', limits.volumeGB, spec.volume ? missing * spec.volume.sizeGB : 0],
  ];
  const short = needs.flatMap(([id, unit, quota, wanted]) => {
    const left = quota === null || quota.limit === null ? Number.POSITIVE_INFINITY : quota.limit - quota.used;
    if (wanted <= Math.max(0, left)) return [];
    return [
      judge(`quota.${id}`, 'Quota').failed(
        `This launch needs ${wanted} ${unit.replace('(s)', wanted === 1 ? '' : 's')}, and the project may have only ${Math.max(0, left)} more (${quota?.used} of ${quota?.limit} are used).`,
        'Launch fewer servers or smaller ones, delete what is not needed, or ask the operator for a larger quota.',
      ),
    ];
  });
  return short.length > 0 ? short : [quotaPassed(judge('quota', 'Quota'), limits.instances, missing)];
}

function quotaPassed({ passed, warned }: Judge, instances: Quota | null, missing: number): LaunchFinding {
  if (instances === null)
    return warned(
      'The cloud does not tell the quota of this project.',
      'Nothing need be done; if it is used up, the launch says so.',
    );
  return passed(
    missing === 1 ? 'The project has room for the server.' : `The project has room for ${missing} servers.`,
  );
}

function zoneFinding({ spec, zones }: LaunchFacts): LaunchFinding | null {
  if (spec.zone === undefined) return null;
  const { passed, failed } = judge('zone', 'Availability zone');
  return zones.includes(spec.zone)
    ? passed(`The zone ${spec.zone} takes servers.`)
    : failed(
        `There is no availability zone "${spec.zone}" that takes servers.`,
        `Choose one of: ${zones.join(', ') || 'there is none'}; or name none, and Nova takes any.`,
      );
}

function volumeFinding({ spec, limits, need }: LaunchFacts): LaunchFinding | null {
  if (!spec.volume) return null;
  const { passed, failed } = judge('volume', 'Volume');
  if (!limits.volumesOffered)
    return failed(
      'This cloud offers no volumes (block storage).',
      'Boot from the disk of the flavor instead.',
    );
  return spec.volume.sizeGB >= need.minDiskGB
    ? passed(`The volume of ${spec.volume.sizeGB} GB holds the image.`)
    : failed(
        `The volume has ${spec.volume.sizeGB} GB, the image needs ${need.minDiskGB} GB.`,
        `Give it at least ${need.minDiskGB} GB.`,
      );
}
