// The passport: what was built from what, as a plain file beside the image.
import { posix } from 'node:path';
import { knownMedia } from '../../shared/known-media.ts';
import { windowsProduct } from '../../shared/windows.ts';
import type { Host } from '../host/types.ts';
import type { Facts, StageContext } from './types.ts';

/** The file that is the image: bytes and SHA-512, taken on the host. */
interface FileProof {
  readonly hash: string;
  readonly bytes: number;
}

/** What Glance has of it, with the same hash; null before it was published. */
type ImageProof = { readonly id: string; readonly name: string } | null;

/** The passport as plain data. */
export function passport(
  context: Pick<StageContext, 'run' | 'plan'> & { readonly facts: Facts },
  file: FileProof,
  image: ImageProof,
) {
  const { plan, facts } = context;
  const medium = (kind: keyof typeof plan.media) => {
    const found = facts.media?.[kind];
    if (!found) return null;
    const { path, bytes, sha256 } = found;
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
    disk: { sizeGB: plan.disk.sizeGB, bytes: file.bytes, sha512: file.hash },
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
    image: image && { id: image.id, name: image.name, hashAlgorithm: 'sha512', hash: file.hash },
  };
}

/** Writes `<dir>/passport.json` on the host. */
export async function writePassport(
  host: Host,
  context: StageContext,
  file: FileProof,
  image: ImageProof,
): Promise<void> {
  const dir = context.facts.dir;
  if (dir === undefined) return;
  await host.files.write(
    posix.join(dir, 'passport.json'),
    `${JSON.stringify(passport(context, file, image), null, 2)}\n`,
  );
}
