// Ways to servers: which SSH hosts this workstation knows, and who asks them.
import type { HostSpec, Plan } from '../../shared/plan.ts';
import { findWay, gatewayWay, type Way, type WayHost, type WayOptions } from '../connect/index.ts';
import { listRuns, loadPlan, runFolder } from '../run/folder.ts';
import type { Hosts } from './hosts.ts';

type SshSpec = Extract<HostSpec, { kind: 'ssh' }>;

export interface Ways {
  /** As `findWay`; `first` are asked before the hosts that are connected and those of earlier builds. */
  find(
    addresses: readonly string[],
    first: readonly HostSpec[],
    signal: AbortSignal,
    options?: WayOptions,
  ): Promise<Way>;
}

/** The ways from this workstation. */
export function createWays({ home, hosts }: { readonly home: string; readonly hosts: Hosts }): Ways {
  const saved = async (): Promise<HostSpec[]> => {
    const plans = await Promise.all(
      // A plan of another version says nothing about the way.
      (await listRuns(home)).map((id) => loadPlan(runFolder(home, id)).catch(() => null)),
    );
    return plans.flatMap((plan) => (plan ? waysOf(plan) : []));
  };
  return {
    async find(addresses, first, signal, options) {
      if (options?.gateway !== undefined) return gatewayWay(addresses, options.gateway);
      const known = bastions([...first, ...hosts.known(), ...(await saved())]);
      return await findWay(addresses, known.map(asWayHost), signal, options);
    },
  };

  function asWayHost(spec: SshSpec): WayHost {
    return { label: spec.address.replace(/^ssh:\/\//i, ''), connect: (signal) => hosts.open(spec, signal) };
  }
}

/** The hosts that a plan names as ways to its server, the one meant for it first. Pure. */
export function waysOf(plan: Pick<Plan, 'host' | 'connect'>): HostSpec[] {
  return [...(plan.connect?.via ? [plan.connect.via] : []), plan.host];
}

/** Every SSH host once, in order, and after each the jump hosts before it: they may reach what it does not. Pure. */
export function bastions(specs: readonly HostSpec[]): SshSpec[] {
  const found = new Map<string, SshSpec>();
  for (const spec of specs) {
    if (spec.kind !== 'ssh') continue;
    const { jump = [], password: _, ...rest } = spec;
    const jumps = jump.map((address, index): SshSpec => {
      const before = jump.slice(0, index);
      return { ...rest, address, ...(before.length > 0 ? { jump: before } : {}) };
    });
    for (const each of [spec, ...jumps.toReversed()]) {
      const key = JSON.stringify([each.address, each.jump ?? []]);
      if (!found.has(key)) found.set(key, each);
    }
  }
  return [...found.values()];
}
