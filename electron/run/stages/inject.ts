// Copies the Cloudbase-Init installer onto the desktop of the installed, switched-off Windows.
import { injectFile } from '../../guest/index.ts';
import type { Injected } from '../../guest/types.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { bytesText, fact, injectionProof } from './facts.ts';
import { whenFree } from './free.ts';

export const injectStage: Stage = {
  id: 'inject',
  needs: ['probe', 'dir', 'media', 'disk', 'installed'],
  gives: ['injected'],
  skip: () => null,
  async check(context, signal) {
    const { dir, media } = context.facts;
    if (dir === undefined || media === undefined) return null;
    const host = await context.ports.host(context.plan, signal);
    if ((await host.files.stat(proofPath(context))) === null) return null;
    const proof = JSON.parse((await host.files.read(proofPath(context))).toString('utf8')) as Injected;
    return proof.sha256 === media.cloudbaseInit.sha256 ? result(proof) : null;
  },
  async run(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    const injected = await whenFree(
      () =>
        injectFile(host, fact(context, 'probe'), {
          disk: fact(context, 'disk'),
          source: fact(context, 'media').cloudbaseInit.path,
          signal,
          onProgress: context.progress,
        }),
      signal,
    );
    // The proof lies on the host, beside the disk it speaks of.
    await host.files.write(proofPath(context), JSON.stringify(injected));
    return result(injected);
  },
  undo: async () => [],
};

const proofPath = (context: StageContext): string => injectionProof(fact(context, 'dir'));

const result = (injected: Injected): StageResult => ({
  facts: { injected },
  outcome: {
    File: injected.guestPath,
    Size: bytesText(injected.bytes),
    Method: injected.method,
    'SHA-256': injected.sha256,
  },
});
