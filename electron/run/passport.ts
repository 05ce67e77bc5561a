// The passport: what was built from what, as a plain file beside the image.
import { join, posix } from 'node:path';
import { knownMedia } from '../../shared/known-media.ts';
import type { MediaKind } from '../../shared/plan.ts';
import { windowsProduct } from '../../shared/windows.ts';
import type { Host } from '../host/types.ts';
import { identifyMedia } from '../media/identify.ts';
import { hostSource } from '../media/places.ts';
import { writeWhole } from './files.ts';
import type { Facts, StageContext } from './types.ts';

/** The file that is the image: bytes and SHA-512, taken on the host. */
interface FileProof {
  readonly hash: string;
  readonly bytes: number;
}

/** What Glance has of it, with the same hash; null before it was published. */
type ImageProof = { readonly id: string; readonly name: string } | null;

/** Versions that stand in the media themselves; null where they tell none. */
export type MediaVersions = Readonly<Partial<Record<MediaKind, string | null>>>;

/** The passport as plain data. */
export function passport(
  context: Pick<StageContext, 'run' | 'plan'> & { readonly facts: Facts },
  file: FileProof,
  image: ImageProof,
  versions: MediaVersions = {},
) {
  const { plan, facts } = context;
  const medium = (kind: MediaKind) => {
    const found = facts.media?.[kind];
    if (!found) return null;
    const { path, bytes, sha256 } = found;
    return {
      file: posix.basename(path),
      bytes,
      sha256,
      known: knownMedia(sha256),
      version: versions[kind] ?? null,
    };
  };
  return {
    casement: 1,
    build: context.run,
    builtAt: facts.diskStamp?.split(' ')[1] || null,
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
    login: facts.loginProof ?? null,
    image: image && { id: image.id, name: image.name, hashAlgorithm: 'sha512', hash: file.hash },
  };
}

/** Writes `<dir>/passport.json` on the host and gives the passport. */
export async function writePassport(
  host: Host,
  context: StageContext,
  file: FileProof,
  image: ImageProof,
  versions: MediaVersions = {},
): Promise<ReturnType<typeof passport>> {
  const made = passport(context, file, image, versions);
  const { dir } = context.facts;
  if (dir !== undefined) await host.files.write(posix.join(dir, 'passport.json'), passportText(made));
  return made;
}

/** Keeps a copy on this workstation, named for the image, that outlives the build; gives its path. */
export async function keepPassport(home: string, image: string, made: object): Promise<string> {
  const path = join(home, 'passports', `${image.replace(/[^A-Za-z0-9-]/g, '_')}.json`);
  await writeWhole(path, passportText(made));
  return path;
}

/** What the media say about their versions; a file that cannot be read any more tells none. */
export async function mediaVersions(host: Host, media: Facts['media']): Promise<MediaVersions> {
  const read = async (kind: 'virtio' | 'cloudbaseInit') => {
    const path = media?.[kind]?.path;
    if (path === undefined) return null;
    const found = await hostSource(host, path)
      .then(identifyMedia)
      .catch(() => null);
    return found && 'version' in found.facts ? found.facts.version : null;
  };
  return { virtio: await read('virtio'), cloudbaseInit: await read('cloudbaseInit') };
}

const passportText = (made: object): string => `${JSON.stringify(made, null, 2)}\n`;
