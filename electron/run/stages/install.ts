// Windows Setup in the build VM, by hand or from its answer file. Ends when the guest switches itself off with Windows on
// its disk.
import { CasementError } from '../../../shared/errors.ts';
import { handsFree } from '../../../shared/plan.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { locateWindows } from '../../guest/index.ts';
import type { Stage } from '../types.ts';
import { fact } from './facts.ts';
import { whenFree } from './free.ts';
import { installHandsFree, wipeBuildCd } from './hands-free.ts';
import { forgetPhase, phaseEnded, runPhase, stopPhase } from './vm.ts';

const WAITING =
  'Install Windows in the screen, follow the steps beside it, then shut Windows down. The build goes on when Windows has switched itself off.';

export const installStage: Stage = {
  id: 'install',
  needs: ['probe', 'dir', 'media', 'disk'],
  gives: ['installed'],
  skip: () => null,
  async check(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    const ended = context.facts.installed === true && (await phaseEnded(host, context, 'install'));
    return ended ? { facts: { installed: true }, outcome: {} } : null;
  },
  async run(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    if (handsFree(context.plan)) return await installHandsFree(context, signal);
    if (!(await phaseEnded(host, context, 'install')))
      await runPhase(context, 'install', { sentence: WAITING }, signal);
    try {
      const { partition, windows } = await whenFree(
        () => locateWindows(host, fact(context, 'probe'), fact(context, 'disk')),
        signal,
      );
      return {
        facts: { installed: true },
        outcome: {
          Windows: windowsProduct(context.plan.windows).title,
          Found: `partition ${partition}, folder ${windows}`,
        },
      };
    } catch (thrown) {
      // Switched off too early: the next try must start the VM again, not stumble here for ever.
      if (thrown instanceof CasementError && thrown.code === 'guest.no-windows')
        await forgetPhase(host, context, 'install');
      throw thrown;
    }
  },
  async undo(context) {
    const cleaned = await stopPhase(context, 'install');
    await wipeBuildCd(context);
    return cleaned;
  },
};
