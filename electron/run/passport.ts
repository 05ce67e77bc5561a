// The passport: what was built from what, as a plain file beside the image.
import { posix } from 'node:path';
import { knownMedia } from '../../shared/known-media.ts';
import { windowsProduct } from '../../shared/windows.ts';
import type { Host } from '../host/types.ts';
import type { Facts, StageContext } from './types.ts';

interface ImageProof {
  readonly id: string;
  readonly name: string;
  /** SHA-512, taken on the host and found again in Glance. */
  readonly hash: string;
  readonly bytes: number;
}

/** The passport as plain data. */
export function passport(
  context: Pick<StageContext, 'run' | 'plan'> & { readonly facts: Facts },
  image: ImageProof,
) {
  const { plan, facts } = context;
  const medium = (kind: keyof typeof plan.media) => {
    const file = facts.media?.[kind];
    if (!file) return null;
    const { path, bytes, sha256 } = file;
    return { file: posix.basename(path), bytes, sha256, known: knownMedia(sha256) };
  };
  return {
    casement: 1,
    build: context.run,
    name: plan.name,
    windows: { id: plan.windows, title: windowsProduct(plan.windows).title },
    media: { windows: medium('windows'), virtio: medium('virtio'), cloudbaseInit: medium('cloudbaseInit') },
    machine: {
      ...plan.machine,
      accelerated: facts.probe?.accel ?? null,
      qemu: facts.probe?.qemu?.version ?? null,
    },
    disk: { sizeGB: plan.disk.sizeGB, bytes: image.bytes, sha512: image.hash },
    setup: plan.setup
      ? {
          mode: plan.setup.mode,
          edition: facts.edition ? { index: facts.edition.index, name: facts.edition.name } : null,
        }
      : null,
    injected: facts.injected
      ? {
          guestPath: facts.injected.guestPath,
          sha256: facts.injected.sha256,
          method: facts.injected.method,
        }
      : null,
    inspection: facts.inspection ?? null,
    acceptedBecause: plan.acceptDisk ?? null,
    image: { id: image.id, name: image.name, hashAlgorithm: 'sha512', hash: image.hash },
  };
}

/** Writes `<dir>/passport.json` on the host. */
export async function writePassport(host: Host, context: StageContext, image: ImageProof): Promise<void> {
  const dir = context.facts.dir;
  if (dir === undefined) return;
  await host.files.write(
    posix.join(dir, 'passport.json'),
    `${JSON.stringify(passport(context, image), null, 2)}\n`,
  );
}
