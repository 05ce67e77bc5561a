// Brings the Windows ISO, the virtio-win ISO and the Cloudbase-Init MSI to the host; files already there are kept.
import { posix } from 'node:path';
import { knownMedia } from '../../../shared/known-media.ts';
import type { MediaKind } from '../../../shared/plan.ts';
import type { MediaFile } from '../../../shared/views.ts';
import type { Host } from '../../host/types.ts';
import { ensureMedia, stopMediaJobs } from '../../media/index.ts';
import type { RunFacts, Stage, StageContext, StageResult } from '../types.ts';
import { bytesText, fact } from './facts.ts';

const KINDS: readonly MediaKind[] = ['windows', 'virtio', 'cloudbaseInit'];
const TITLES: Readonly<Record<MediaKind, string>> = {
  windows: 'Windows ISO',
  virtio: 'virtio-win ISO',
  cloudbaseInit: 'Cloudbase-Init installer',
};

export const mediaStage: Stage = {
  id: 'media',
  needs: ['probe'],
  gives: ['media'],
  skip: () => null,
  async check(context, signal) {
    const { media } = context.facts;
    if (!media) return null;
    const host = await context.ports.host(context.plan, signal);
    for (const kind of KINDS) if (!(await stillThere(host, media[kind]))) return null;
    return result(media);
  },
  async run(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    const dir = mediaFolder(context);
    await host.files.mkdir(dir, 0o700);
    const files: Partial<Record<MediaKind, MediaFile>> = {};
    for (const kind of KINDS) {
      files[kind] = await ensureMedia({
        host,
        kind,
        source: context.plan.media[kind],
        dir,
        signal,
        onProgress: (progress) =>
          context.progress({ ...progress, message: `${TITLES[kind]}: ${progress.message}` }),
      });
    }
    return result(files as RunFacts['media']);
  },
  // Files that came over are kept on purpose: the next build recognises them instead of sending them again.
  async undo(context, done) {
    if (done || context.facts.probe === undefined) return [];
    const host = await context.ports.host(context.plan, AbortSignal.timeout(UNDO_MS));
    const cleaned: string[] = [];
    for (const kind of KINDS)
      for (const job of await stopMediaJobs(host, context.plan.media[kind], mediaFolder(context)))
        cleaned.push(`${TITLES[kind]}: the job "${job}" on the host was stopped.`);
    return cleaned;
  },
};

/** Cleaning up may take this long, in ms, when the host has to be reached again. */
const UNDO_MS = 30_000;

// One folder for all builds: ~/.casement/media beside ~/.casement/builds.
const mediaFolder = (context: StageContext): string =>
  posix.join(posix.dirname(fact(context, 'probe').workRoot), 'media');

async function stillThere(host: Host, file: MediaFile): Promise<boolean> {
  const stat = await host.files.stat(file.path);
  return stat?.kind === 'file' && stat.bytes === file.bytes;
}

function inWords({ path, bytes, sha256 }: MediaFile): string {
  const known = knownMedia(sha256);
  return `${path} (${bytesText(bytes)}${known === null ? '' : `; complete and unchanged: ${known}`})`;
}

function result(media: RunFacts['media']): StageResult {
  return {
    facts: { media },
    outcome: Object.fromEntries(KINDS.map((kind) => [TITLES[kind], inWords(media[kind])])),
  };
}
