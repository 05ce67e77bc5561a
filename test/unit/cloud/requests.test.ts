import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import ssh2 from 'ssh2';
import { describe, expect, test } from 'vitest';
import { curlFailure, uploadAnswer, uploadConfig, uploadWords } from '../../../electron/cloud/curl.ts';
import { flavorView, sortFlavors } from '../../../electron/cloud/flavors.ts';
import { imageProperties, imageRequest } from '../../../electron/cloud/image-properties.ts';
import { openSshPublicKey } from '../../../electron/cloud/keypairs.ts';
import { negotiate } from '../../../electron/cloud/microversion.ts';
import { allPages } from '../../../electron/cloud/paging.ts';
import { parseServer, serverView } from '../../../electron/cloud/server-view.ts';
import { planSchema, proposal } from '../../../shared/plan.ts';

const plan = planSchema.parse({
  casement: 1,
  name: 'build',
  windows: '2022',
  host: { kind: 'local' },
  media: { windows: { path: '/w' }, virtio: { path: '/v' }, cloudbaseInit: { path: '/c' } },
  ...proposal('2022'),
  cloud: { kind: 'clouds.yaml', cloud: 'x' },
  image: { name: 'Windows 2022', properties: { hw_vif_model: 'e1000', mine: 'yes' } },
});

describe('image properties', () => {
  test('say which devices Windows was installed with', () => {
    expect(imageProperties({ ...plan, image: undefined })).toEqual({
      os_type: 'windows',
      os_distro: 'win2k22',
      os_version: '10.0',
      os_admin_user: 'Administrator',
      hw_disk_bus: 'virtio',
      hw_vif_model: 'virtio',
      hw_firmware_type: 'bios',
      hw_machine_type: 'q35',
    });
  });

  test('name the SCSI controller when the disk hangs on one', () => {
    const machine = { ...plan.machine, diskBus: 'virtio-scsi', firmware: 'uefi' } as const;
    expect(imageProperties({ ...plan, machine })).toMatchObject({
      hw_disk_bus: 'scsi',
      hw_scsi_model: 'virtio-scsi',
      hw_firmware_type: 'uefi',
    });
  });

  test('give way to those of the plan', () => {
    expect(imageProperties(plan)).toMatchObject({ hw_vif_model: 'e1000', mine: 'yes', os_type: 'windows' });
  });

  test('min_disk holds the whole virtual disk, rounded up', () => {
    expect(imageRequest(plan).minDiskGB).toBe(40);
    expect(imageRequest(plan, { virtualBytes: 40 * 2 ** 30 + 1 }).minDiskGB).toBe(41);
    expect(imageRequest(plan, { virtualBytes: 2 ** 30 }).minDiskGB).toBe(40);
  });
});

describe('curl on the host', () => {
  const words = uploadWords({
    url: 'https://g/v2/images/1/file',
    disk: "/a b/di'sk",
    caFile: '/ca',
    verify: true,
  });

  test('gets the token on standard input only', () => {
    expect(uploadConfig('gAAA"x')).toBe('header = "X-Auth-Token: gAAA\\"x"\n');
    expect(words.join(' ')).not.toMatch(/token/i);
    expect(words.slice(words.indexOf('--config'), words.indexOf('--config') + 2)).toEqual(['--config', '-']);
  });

  test('reads no ~/.curlrc, expands no braces and trusts the given CA', () => {
    expect(words[1]).toBe('--disable');
    expect(words).toContain('--globoff');
    expect(words.slice(words.indexOf('--cacert'), words.indexOf('--cacert') + 2)).toEqual([
      '--cacert',
      '/ca',
    ]);
    expect(uploadWords({ url: 'u', disk: 'd', caFile: '/ca', verify: false })).toContain('--insecure');
  });

  test('reports the status behind the body', () => {
    const log = '<html>casement-http-status 999</html>\ncasement-http-status 413\n';
    expect(uploadAnswer(log)).toEqual({ status: 413, text: '<html>casement-http-status 999</html>' });
    expect(uploadAnswer('curl: (7) Failed to connect')).toEqual({
      status: 0,
      text: 'curl: (7) Failed to connect',
    });
  });

  test.each([
    [7, /connect/],
    [60, /certificate/],
    [127, /no curl/],
    [null, /restarted/],
    [99, /99/],
  ])('exit status %s becomes a sentence', (code, words) => {
    expect(curlFailure(code)).toMatch(words);
  });
});

describe('flavors', () => {
  const flavor = (name: string, ram: number, disk: number) => ({ id: name, name, vcpus: 1, ram, disk });
  const need = { minDiskGB: 40, minRamMB: 2048 };

  test('that are too small say why', () => {
    expect(flavorView(flavor('ok', 2048, 40), need).unfit).toBeNull();
    expect(flavorView(flavor('tiny', 512, 1), need).unfit).toBe(
      'its disk has 1 GB, the image needs 40 GB; it has 512 MB of memory, the image needs 2048 MB',
    );
    expect(flavorView(flavor('zero', 4096, 0), need).unfit).toMatch(/no disk of its own/);
  });

  test('that fit stand first, the small one before the large one', () => {
    const views = [flavor('big', 8192, 80), flavor('tiny', 512, 1), flavor('ok', 2048, 40)].map((f) =>
      flavorView(f, need),
    );
    expect(sortFlavors(views).map(({ name }) => name)).toEqual(['ok', 'big', 'tiny']);
  });
});

test.each([
  ['2.93', '2.79', true, true],
  ['2.60', '2.60', true, true],
  ['2.38', '2.38', false, true],
  ['2.1', '2.1', false, false],
  ['', '2.1', false, false],
])('with a Nova of %j microversion %s is spoken', (newest, header, tagsOnCreate, networkRequired) => {
  expect(negotiate(newest)).toMatchObject({ header, tagsOnCreate, networkRequired });
});

test('pages are followed by query alone and a repeated page ends the list', async () => {
  const pages: Record<string, Record<string, unknown>> = {
    'limit=1': { flavors: [1], flavors_links: [{ rel: 'next', href: 'http://inner/x?limit=1&marker=1' }] },
    'limit=1&marker=1': { flavors: [2], flavors_links: [{ rel: 'next', href: 'http://inner/x?limit=1' }] },
  };
  const asked: string[] = [];
  const found = await allPages(
    async (query) => {
      asked.push(query);
      return pages[query] ?? {};
    },
    'flavors',
    'limit=1',
  );
  expect(found).toEqual([1, 2]);
  expect(asked).toHaveLength(2);
  const glance = await allPages(
    async (query) => (query === 'a' ? { images: [1], next: '/v2/images?b' } : { images: [2] }),
    'images',
    'a',
  );
  expect(glance).toEqual([1, 2]);
});

test('a server shows floating before fixed and IPv4 before IPv6, and Nova’s own words for a fault', () => {
  const view = serverView(
    parseServer({
      id: '1',
      name: 's',
      status: 'ERROR',
      image: '',
      flavor: { original_name: 'm1.small' },
      fault: { message: 'No valid host was found.', code: 500 },
      addresses: {
        net: [
          { addr: 'fd00::1', version: 6, 'OS-EXT-IPS:type': 'fixed' },
          { addr: '10.0.0.5', version: 4, 'OS-EXT-IPS:type': 'fixed' },
          { addr: '203.0.113.9', version: 4, 'OS-EXT-IPS:type': 'floating' },
        ],
      },
    }),
  );
  expect(view.addresses.map(({ address }) => address)).toEqual(['203.0.113.9', '10.0.0.5', 'fd00::1']);
  expect(view).toMatchObject({
    image: null,
    flavor: 'm1.small',
    fault: 'No valid host was found.',
    keypair: null,
  });
});

test('the public half of an RSA pair is written as OpenSSH writes it', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const line = openSshPublicKey(publicKey.export({ format: 'jwk' }), 'my key');
  expect(line).toMatch(/^ssh-rsa \S+ my-key$/);
  const parsed = ssh2.utils.parseKey(line);
  if (parsed instanceof Error) throw parsed;
  expect(createPublicKey(parsed.getPublicPEM()).equals(publicKey)).toBe(true);
});
