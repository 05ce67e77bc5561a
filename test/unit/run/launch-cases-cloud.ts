// What the checks say of names, image, flavor, quota, zone and volume.
import {
  type Case,
  failed,
  flavor,
  network,
  noneLeft,
  OWN,
  oneLeft,
  outside,
  own,
  passed,
  QUOTA,
  quota,
  warned,
} from './launch-facts.ts';

/** The change to the good launch, and what is said of it then. */
export const CLOUD_CASES: readonly Case[] = [
  passed('names', 'The server is called web.'),
  passed('names', 'The servers are called web-1 to web-3.', { count: 3 }),
  passed(
    'names',
    'The server is called web-server-production; Windows cuts its own name after 15 characters: web-server-prod.',
    { name: 'web-server-production' },
  ),
  warned(
    'names',
    'Windows cuts its name after 15 characters: web-server-production-1 and web-server-production-2 would both be called web-server-prod inside.',
    'Choose a shorter name, so that the number is not cut off.',
    { name: 'web-server-production', count: 2 },
  ),
  warned(
    'names',
    'The project has a server called web already; the cloud allows that.',
    'Choose another name if you want to tell them apart.',
    {},
    { taken: ['web', 'other'] },
  ),
  warned(
    'names',
    `The name "Сервер" holds nothing that can be a computer's name.`,
    'Use letters, digits and hyphens, with at least one letter.',
    { name: 'Сервер' },
  ),

  passed('image', 'The image is complete.'),
  failed(
    'image',
    'The image is not complete: Glance, the store of images, calls it "queued" and not "active".',
    'Wait until it is active, or publish it again.',
    {},
    { image: { status: 'queued', properties: {} } },
  ),

  passed('flavor', 'medium has room for this Windows.'),
  failed('flavor', 'There is no flavor "huge".', 'Choose one of: medium, small, none.', { flavor: 'huge' }),
  failed(
    'flavor',
    'small cannot carry this Windows: its disk has 20 GB, the image needs 40 GB; it has 1024 MB of memory, the image needs 2048 MB.',
    'Choose one of: medium.',
    { flavor: 'small' },
  ),
  failed(
    'flavor',
    'none cannot carry this Windows: it has no disk of its own, which most clouds refuse.',
    'Choose one of: medium, or boot from a volume, which needs no disk in the flavor.',
    { flavor: 'none' },
  ),
  failed(
    'flavor',
    'small cannot carry this Windows: its disk has 20 GB, the image needs 40 GB; it has 1024 MB of memory, the image needs 2048 MB.',
    'No flavor of this project fits: ask the operator of the cloud for a larger one.',
    { flavor: 'small' },
    { flavors: [flavor('small', 1, 1024, 20)] },
  ),

  passed('quota', 'The project has room for the server.'),
  passed('quota', 'The project has room for 3 servers.', { count: 3 }),
  warned(
    'quota',
    'The cloud does not tell the quota of this project.',
    'Nothing need be done; if it is used up, the launch says so.',
    {},
    quota({ instances: null }),
  ),
  failed(
    'quota.instances',
    'This launch needs 3 servers, and the project may have only 1 more (9 of 10 are used).',
    QUOTA,
    { count: 3 },
    quota({ instances: oneLeft }),
  ),
  failed(
    'quota.instances',
    'This launch needs 1 server, and the project may have only 0 more (10 of 10 are used).',
    QUOTA,
    { count: 3 },
    { ...quota({ instances: noneLeft }), launched: 2 },
  ),
  failed(
    'quota.cores',
    'This launch needs 2 cores, and the project may have only 1 more (9 of 10 are used).',
    QUOTA,
    {},
    quota({ cores: oneLeft }),
  ),
  failed(
    'quota.memory',
    'This launch needs 4096 MB of memory, and the project may have only 1 more (9 of 10 are used).',
    QUOTA,
    {},
    quota({ memoryMB: oneLeft }),
  ),
  failed(
    'quota.ports',
    'This launch needs 2 network ports, and the project may have only 1 more (9 of 10 are used).',

    QUOTA,
    { network: undefined, networks: ['own', 'second'] },
    { ...quota({ ports: oneLeft }), networks: [own, outside, network('second')] },
  ),
  failed(
    'quota.floating-ips',
    'This launch needs 2 floating IPs, and the project may have only 1 more (9 of 10 are used).',

    QUOTA,
    { count: 3 },
    { ...quota({ floatingIps: oneLeft }), freeFloatingIps: ['id-public'] },
  ),
  failed(
    'quota.security-groups',
    'This launch needs 1 security group, and the project may have only 0 more (10 of 10 are used).',
    QUOTA,
    { securityGroup: { create: { from: OWN } } },
    quota({ securityGroups: noneLeft }),
  ),
  failed(
    'quota.volumes',
    'This launch needs 2 volumes, and the project may have only 1 more (9 of 10 are used).',
    QUOTA,
    { count: 2, volume: { sizeGB: 50 } },
    quota({ volumes: oneLeft }),
  ),
  failed(
    'quota.volume-size',
    'This launch needs 100 GB of volumes, and the project may have only 1 more (9 of 10 are used).',
    QUOTA,
    { count: 2, volume: { sizeGB: 50 } },
    quota({ volumeGB: oneLeft }),
  ),

  passed('zone', 'The zone nova takes servers.', { zone: 'nova' }),
  failed(
    'zone',
    'There is no availability zone "az9" that takes servers.',
    'Choose one of: nova; or name none, and Nova takes any.',
    { zone: 'az9' },
  ),
  passed('volume', 'The volume of 50 GB holds the image.', { volume: { sizeGB: 50 } }),
  failed('volume', 'The volume has 30 GB, the image needs 40 GB.', 'Give it at least 40 GB.', {
    volume: { sizeGB: 30 },
  }),
  failed(
    'volume',
    'This cloud offers no volumes (block storage).',
    'Boot from the disk of the flavor instead.',
    { volume: { sizeGB: 50 } },
    quota({ volumesOffered: false }),
  ),
];
