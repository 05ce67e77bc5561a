// Boots the installed Windows again: the installer is run by hand, with Sysprep. Ends when the guest switches itself off.
import type { Stage } from '../types.ts';
import { phaseEnded, runPhase, stopPhase } from './vm.ts';

const WAITING =
  'In the screen, run the Cloudbase-Init installer from the desktop: check "Run Sysprep", leave "Shutdown" unchecked, clean up, then shut Windows down. The build goes on when Windows has switched itself off.';

const RESULT = {
  facts: { generalized: true },
  outcome: { Windows: 'shut down after Cloudbase-Init and Sysprep' },
} as const;

export const cloudbaseInitStage: Stage = {
  id: 'cloudbase-init',
  needs: ['probe', 'dir', 'media', 'disk', 'injected'],
  gives: ['generalized'],
  skip: () => null,
  async check(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    return (await phaseEnded(host, context, 'cloudbase-init')) ? RESULT : null;
  },
  async run(context, signal) {
    await runPhase(context, 'cloudbase-init', WAITING, signal);
    return RESULT;
  },
  undo: (context) => stopPhase(context, 'cloudbase-init'),
};
