import { describe, expect, it } from 'vitest';
import { launchBody } from '../../../electron/cloud/launch-body.ts';
import { negotiate } from '../../../electron/cloud/microversion.ts';
import type { ServerOrder } from '../../../electron/cloud/types.ts';

const order: ServerOrder = {
  name: 'web-1',
  image: 'image-id',
  flavor: 'flavor-id',
  networks: ['net-a', 'net-b'],
  keypair: 'key',
  adminPass: null,
  tag: 'casement:run',
};
const now = negotiate('2.93');
const old = negotiate('2.1');

describe('what Nova is asked for', () => {
  it('names image, flavor, networks and key pair, and carries the tag of the launch', () => {
    expect(launchBody(order, now).server).toEqual({
      name: 'web-1',
      imageRef: 'image-id',
      flavorRef: 'flavor-id',
      networks: [{ uuid: 'net-a' }, { uuid: 'net-b' }],
      key_name: 'key',
      metadata: {},
      tags: ['casement:run'],
    });
  });

  it('boots from a volume made of the image, which goes with the server unless it is to be kept', () => {
    const volume = { boot_index: 0, uuid: 'image-id', source_type: 'image', destination_type: 'volume' };
    expect(launchBody({ ...order, volume: { sizeGB: 80, keep: false } }, now).server).toMatchObject({
      imageRef: '',
      block_device_mapping_v2: [{ ...volume, volume_size: 80, delete_on_termination: true }],
    });
    expect(launchBody({ ...order, volume: { sizeGB: 80, keep: true } }, now).server).toMatchObject({
      block_device_mapping_v2: [{ delete_on_termination: false }],
    });
  });

  it('keeps the tag in the metadata of a cloud that takes none, and leaves the network to it', () => {
    const { server } = launchBody({ ...order, networks: [], adminPass: 'Secret-1', index: 3 }, old);
    expect(server).not.toHaveProperty('tags');
    expect(server).not.toHaveProperty('networks');
    expect(server).toMatchObject({
      metadata: { admin_pass: 'Secret-1', 'casement-tag': expect.stringMatching(/^casement:run .*3$/) },
    });
    expect(launchBody({ ...order, networks: [] }, now).server).toMatchObject({ networks: 'auto' });
  });

  it('sends user data as base64, and groups, zone and config drive as they were asked for', () => {
    const userData = '#ps1_sysnative\r\nWrite-Host "ü"';
    const wishes = { userData, securityGroups: ['g'], zone: 'az1', configDrive: true, metadata: { a: 'b' } };
    expect(launchBody({ ...order, ...wishes }, now).server).toMatchObject({
      user_data: Buffer.from(userData).toString('base64'),
      security_groups: [{ name: 'g' }],
      availability_zone: 'az1',
      config_drive: true,
      metadata: { a: 'b' },
    });
  });
});
