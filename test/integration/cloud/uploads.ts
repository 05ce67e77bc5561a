// What every test of uploads needs: the laboratory's cloud and host, a session of its own, and a disk to send.
import { resolveCloud } from '../../../electron/cloud/index.ts';
import { Session } from '../../../electron/cloud/session.ts';
import type { Cloud, UploadRequest } from '../../../electron/cloud/types.ts';
import type { Host } from '../../../electron/host/types.ts';
import { type Disk, diskOn, labCloud, labHost, labSecrets, typedSource } from './lab-cloud.ts';

export interface Uploads {
  readonly cloud: Cloud;
  readonly host: Host;
  readonly session: Session;
  readonly disk: Disk;
  /** Sends the disk to this image, from the host where it can unless `more` says otherwise. */
  request(image: string, more?: Partial<UploadRequest>): UploadRequest;
  /** Deletes the images whose name holds `tag`, and the disk. */
  close(tag: string): Promise<void>;
}

/** Opens everything for uploads of a disk of so many random bytes. */
export async function openUploads(bytes: number): Promise<Uploads> {
  const [cloud, host] = await Promise.all([labCloud(), labHost()]);
  const session = await Session.open(await resolveCloud(typedSource(), labSecrets()));
  const disk = await diskOn(host, bytes);
  return {
    cloud,
    host,
    session,
    disk,
    request: (image, more = {}) => ({
      host,
      ...disk,
      image,
      via: 'auto',
      onProgress: () => undefined,
      signal: new AbortController().signal,
      ...more,
    }),
    async close(tag) {
      for (const image of await cloud.images())
        if (image.name.includes(tag)) await cloud.deleteImage(image.id);
      await host.run(['rm', '-rf', disk.dir]);
      await session.http.close();
      await cloud.close();
      await host.close();
    },
  };
}
