// The rows of the choice of networks. Pure.
import type { NetworkView } from '../../../shared/views.ts';

interface NetworkRow {
  /** As it stands, or would stand, in the plan. */
  readonly key: string;
  readonly title: string;
  readonly facts: string;
  /** Its place among the chosen ones; below 0 when it is not chosen. */
  readonly at: number;
}

/** Those on offer in their order, then the chosen ones that the project does not see. */
export function networkRows(offered: readonly NetworkView[] | null, chosen: readonly string[]): NetworkRow[] {
  const seen = new Set<number>();
  const rows = (offered ?? []).map(({ id, name, subnets, external }) => {
    const at = chosen.findIndex((one, i) => !seen.has(i) && (one === id || one === name));
    if (at >= 0) seen.add(at);
    return {
      key: chosen[at] ?? id,
      title: name,
      facts: factsOf(subnets, external),
      at,
    };
  });
  const strange = chosen.flatMap((key, at) =>
    seen.has(at) ? [] : [{ key, title: key, facts: offered === null ? '' : 'not seen by this project', at }],
  );
  return [...rows, ...strange];
}

/** Subnets that the project may not see are known by their ids only, which tell nobody anything. */
function factsOf(subnets: readonly string[], external: boolean): string {
  const ranges = subnets.filter((subnet) => subnet.includes('/'));
  return [
    ...ranges,
    ...(subnets.length === 0 ? ['no subnet'] : []),
    ...(external ? ['external: floating IPs come from it'] : []),
  ].join(' · ');
}
