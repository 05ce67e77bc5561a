// Boots the installed Windows again: Cloudbase-Init's installer and Sysprep are run, by hand or by the build script. Ends when the guest switches itself off
// and the disk shows that Sysprep has finished.
import { CasementError } from '../../../shared/errors.ts';
import { handsFree } from '../../../shared/plan.ts';
import { isGeneralized } from '../../guest/index.ts';
import type { Host } from '../../host/types.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { fact } from './facts.ts';
import { whenFree } from './free.ts';
import { provePhase, sealHandsFree, wipeBuildCd } from './hands-free.ts';
import { foundBad } from './inspect.ts';
import { forgetPhase, phaseEnded, runPhase, stopPhase } from './vm.ts';

const WAITING =
  'In the screen, run the Cloudbase-Init installer from the desktop: check "Run Sysprep", leave "Shutdown" unchecked, clean up, then shut Windows down. The build goes on when Windows has switched itself off.';

const RESULT = {
  facts: { generalized: true },
  outcome: { Windows: 'generalized by Sysprep' },
} as const;

export const cloudbaseInitStage: Stage = {
  id: 'cloudbase-init',
  needs: ['probe', 'dir', 'media', 'disk', 'injected'],
  gives: ['generalized'],
  skip: () => null,
  async check(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    if (!(await phaseEnded(host, context, 'cloudbase-init'))) return null;
    // A disk that was found bad is prepared once more.
    if (await foundBad(host, context)) return null;
    if (context.facts.generalized === true) return RESULT;
    if (handsFree(context.plan)) await provePhase(host, context, 'seal');
    return await proven(host, context, signal);
  },
  async run(context, signal) {
    if (handsFree(context.plan)) await sealHandsFree(context, signal);
    else await runPhase(context, 'cloudbase-init', { sentence: WAITING }, signal);
    return await proven(await context.ports.host(context.plan, signal), context, signal);
  },
  async undo(context) {
    const cleaned = await stopPhase(context, 'cloudbase-init');
    await wipeBuildCd(context);
    return cleaned;
  },
};

/** Looks on the disk whether Sysprep has finished. Throws `guest.not-generalized`; Windows then starts once more. */
async function proven(host: Host, context: StageContext, signal: AbortSignal): Promise<StageResult> {
  try {
    if (await whenFree(() => isGeneralized(host, fact(context, 'disk')), signal)) return RESULT;
    throw notGeneralized();
  } catch (thrown) {
    // Only Windows itself can mend these: the next try must start it again, not stumble here for ever.
    if (thrown instanceof CasementError && AGAIN.has(thrown.code))
      await forgetPhase(host, context, 'cloudbase-init');
    throw thrown;
  }
}

const AGAIN: ReadonlySet<string> = new Set(['guest.not-generalized', 'guest.no-windows']);

const notGeneralized = (): CasementError =>
  new CasementError({
    code: 'guest.not-generalized',
    title: 'Windows is not generalized yet',
    whatHappened:
      'Windows was shut down, but Sysprep has not finished on it: the disk has no file Windows\\System32\\Sysprep\\Sysprep_succeeded.tag.',
    whatToDo:
      'Continue the build: Windows starts again in the screen. Run the Cloudbase-Init installer on the desktop, check "Run Sysprep to create a generalized image" on its last page, wait until the Sysprep window is gone, then shut Windows down.',
  });
