// Which networks, pool and groups a launch means. Pure; the checks and the launch itself decide by the same rules.
import { networksOf } from '../../../shared/plan-server.ts';
import type { NetworkView } from '../../../shared/views.ts';
import type { SecurityGroupView } from '../../../shared/views-launch.ts';
import type { LaunchFacts } from './types.ts';

/** The networks that the plan means; `unknown` and `several` name what cannot be decided. */
export function chosenNetworks({ spec, networks }: Pick<LaunchFacts, 'spec' | 'networks'>): {
  readonly found: readonly NetworkView[];
  readonly unknown: readonly string[];
  readonly several: readonly string[];
} {
  const named = networksOf(spec);
  if (named.length === 0) {
    const own = networks.filter(({ external }) => !external);
    const choices = own.length > 0 ? own : networks;
    return choices.length < 2
      ? { found: choices, unknown: [], several: [] }
      : { found: [], unknown: [], several: choices.map(({ name }) => name) };
  }
  const found: NetworkView[] = [];
  const unknown: string[] = [];
  const several: string[] = [];
  for (const wanted of named) {
    const byName = networks.filter(({ name }) => name === wanted);
    const one = networks.find(({ id }) => id === wanted) ?? byName[0];
    if (one === undefined) unknown.push(wanted);
    else if (byName.length > 1 && one.id !== wanted) several.push(...byName.map(({ id }) => id));
    else found.push(one);
  }
  return { found, unknown, several };
}

/** The external network that gives the floating IPs; null when none is wanted, `missing` says why there is none. */
export function chosenPool(facts: Pick<LaunchFacts, 'spec' | 'networks'>): {
  readonly pool: NetworkView | null;
  readonly missing: string | null;
} {
  const wanted = facts.spec.floatingIp ?? 'auto';
  if (wanted === 'none') return { pool: null, missing: null };
  const main = chosenNetworks(facts).found[0];
  if (wanted === 'auto') {
    // What the operator shares is usually reached directly; an address of an own network never is.
    if (!main || main.external || main.shared || main.gateway === null) return { pool: null, missing: null };
    return { pool: facts.networks.find(({ id }) => id === main.gateway) ?? null, missing: null };
  }
  const pool = facts.networks.find(
    ({ id, name, external }) => external && (id === wanted.pool || name === wanted.pool),
  );
  if (!pool) return { pool: null, missing: `There is no external network "${wanted.pool}".` };
  if (main && main.gateway === null)
    return { pool: null, missing: `No router joins the network "${main.name}" to "${pool.name}".` };
  if (main && main.gateway !== pool.id)
    return {
      pool: null,
      missing: `The router of the network "${main.name}" leads elsewhere than "${pool.name}".`,
    };
  return { pool, missing: null };
}

/** The existing group that the plan means: the named one or the project's default; null for a new or unknown one. */
export function chosenGroup({
  spec,
  groups,
}: Pick<LaunchFacts, 'spec' | 'groups'>): SecurityGroupView | null {
  const wanted = spec.securityGroup ?? 'default';
  if (typeof wanted !== 'string') return null;
  return groups.find(({ id }) => id === wanted) ?? groups.find(({ name }) => name === wanted) ?? null;
}
