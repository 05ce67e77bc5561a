// What Nova is asked for when a server is launched. Pure.
import type { Microversion } from './microversion.ts';
import { INDEX_TAG, TAG_KEY } from './server-view.ts';
import type { ServerOrder } from './types.ts';

/** The body of `POST /servers`. An old cloud without tags at creation keeps them in the metadata. */
export function launchBody(order: ServerOrder, version: Microversion): { readonly server: object } {
  const index = order.index === undefined ? [] : [`${INDEX_TAG}${order.index}`];
  const metadata = {
    ...order.metadata,
    ...(order.adminPass === null ? {} : { admin_pass: order.adminPass }),
    ...(version.tagsOnCreate ? {} : { [TAG_KEY]: [order.tag, ...index].join(' ') }),
  };
  const networks =
    order.networks.length > 0
      ? order.networks.map((uuid) => ({ uuid }))
      : version.networkRequired
        ? 'auto'
        : null;
  return {
    server: {
      name: order.name,
      flavorRef: order.flavor,
      metadata,
      ...(order.volume === undefined
        ? { imageRef: order.image }
        : { imageRef: '', block_device_mapping_v2: [bootVolume(order.image, order.volume)] }),
      ...(networks === null ? {} : { networks }),
      ...(order.keypair === null ? {} : { key_name: order.keypair }),
      ...(order.securityGroups === undefined
        ? {}
        : { security_groups: order.securityGroups.map((name) => ({ name })) }),
      ...(order.zone === undefined ? {} : { availability_zone: order.zone }),
      ...(order.configDrive === undefined ? {} : { config_drive: order.configDrive }),
      ...(order.userData === undefined
        ? {}
        : { user_data: Buffer.from(order.userData, 'utf8').toString('base64') }),
      ...(version.tagsOnCreate ? { tags: [order.tag, ...index, ...(order.tags ?? [])] } : {}),
    },
  };
}

function bootVolume(image: string, volume: NonNullable<ServerOrder['volume']>): object {
  return {
    boot_index: 0,
    uuid: image,
    source_type: 'image',
    destination_type: 'volume',
    volume_size: volume.sizeGB,
    delete_on_termination: !volume.keep,
  };
}
