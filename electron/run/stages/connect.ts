// Opens the desktop of the launched server.
import type { Stage } from '../types.ts';
import { fact } from './facts.ts';

export const connectStage: Stage = {
  id: 'connect',
  needs: ['serverId', 'address'],
  gives: ['opened'],
  skip: (plan) => {
    if (!plan.server) return 'The plan launches no server.';
    return plan.connect?.open === false ? 'The plan says not to open the desktop.' : null;
  },
  // An open window is not a lasting thing: a continued run opens it again.
  check: async () => null,
  async run(context, signal) {
    const { plan, run } = context;
    const address = fact(context, 'address');
    const result = await context.ports.openDesktop(
      { run, plan, server: fact(context, 'serverId'), address },
      signal,
    );
    if ('skipped' in result) return { facts: {}, outcome: {}, skipped: result.skipped };
    return {
      facts: { opened: new Date().toISOString() },
      outcome: { Desktop: `logged in at ${address}`, Client: result.client },
    };
  },
  undo: async () => [],
};
