// Copies the Cloudbase-Init installer onto the desktop of the installed, switched-off Windows.
import { CasementError, toErrorData } from '../../../shared/errors.ts';
import { handsFree } from '../../../shared/plan.ts';
import { injectFile } from '../../guest/index.ts';
import type { Injected } from '../../guest/types.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { bytesText, fact, injectionProof } from './facts.ts';
import { whenFree } from './free.ts';
import { forgetPhase } from './vm.ts';

export const injectStage: Stage = {
  id: 'inject',
  needs: ['probe', 'dir', 'media', 'disk', 'installed'],
  gives: ['injected'],
  skip: (plan) => (handsFree(plan) ? 'The build CD brings the installer.' : null),
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
    ).catch(async (thrown: unknown) => {
      const mend = thrown instanceof CasementError ? MEND[thrown.code] : undefined;
      if (!(thrown instanceof CasementError) || mend === undefined) throw thrown;
      // Only Windows itself can mend this: the step that starts it is done again.
      await forgetPhase(host, context, 'install');
      await context.undone('install', 'Windows must be started once more and shut down cleanly.');
      throw new CasementError({ ...toErrorData(thrown), whatToDo: mend }, thrown);
    });
    // The proof lies on the host, beside the disk it speaks of.
    await host.files.write(proofPath(context), JSON.stringify(injected));
    return result(injected);
  },
  undo: async () => [],
};

const AGAIN = 'Continue the build: Windows starts again in the screen.';

/** What to do in Windows about a disk that cannot be written as it is, by the code of the error. */
const MEND: Readonly<Record<string, string>> = {
  'guest.dirty': `${AGAIN} Let it check its disk, then shut it down cleanly with: shutdown /s /t 0`,
  'guest.hibernated': `${AGAIN} Switch hibernation off with: powercfg -h off   and shut it down cleanly with: shutdown /s /t 0`,
  'guest.bitlocker': `${AGAIN} Decrypt the drive with: manage-bde -off C:   wait until it has finished, then shut it down with: shutdown /s /t 0`,
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
