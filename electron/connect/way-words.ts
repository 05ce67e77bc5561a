// What the attempts to reach a server mean, and how to say it. Pure.
import { CasementError } from '../../shared/errors.ts';
import { notServed } from './reach.ts';
import type { Reachability } from './types.ts';

/** One address that was tried; `host` null when it was tried from this computer. */
export interface Attempt {
  readonly address: string;
  readonly host: string | null;
  readonly reach: Reachability;
  /** Why it could not even be tried, in words. */
  readonly reason: string | null;
}

const RANK: Readonly<Record<Reachability, number>> = { answers: 0, silent: 1, refused: 2, unreachable: 3 };

/** The attempt that came furthest; of equal ones the first. */
export function bestOf(attempts: readonly Attempt[]): Attempt | null {
  return attempts.toSorted((a, b) => RANK[a.reach] - RANK[b.reach])[0] ?? null;
}

/** What is waited for while no way is open. */
export function waitingWords(attempts: readonly Attempt[]): string {
  const best = bestOf(attempts);
  return best?.reach === 'refused' || best?.reach === 'silent'
    ? 'The server is up; Remote Desktop does not answer yet'
    : `Waiting for ${best?.address ?? 'the server'} to answer`;
}

/** The sentence for a server that answers on no way. */
export function noWay(attempts: readonly Attempt[], port: number): CasementError {
  const detail = attempts.map(line).join('\n');
  const best = bestOf(attempts);
  const notThere = best && notServed(best.address, port, best.reach, detail);
  if (notThere) return notThere;
  const addresses = [...new Set(attempts.map(({ address }) => address))].join(', ');
  const hosts = [...new Set(attempts.flatMap(({ host }) => (host === null ? [] : [host])))];
  return new CasementError({
    code: 'connect.unreachable',
    title: 'The server is not reachable',
    whatHappened: `Nothing answers at ${addresses}, port ${port}, neither directly nor ${
      hosts.length > 0 ? `through ${hosts.join(' or ')}` : 'through an SSH host: none is known'
    }.`,
    whatToDo: `Check the security group (TCP ${port} inwards), whether the server needs a floating IP or a VPN, and the three Remote Desktop firewall rules in Windows. ${
      hosts.length > 0
        ? 'Another SSH host that reaches the network of the server can be named as the way.'
        : 'An SSH host that reaches the network of the server can be named as the way.'
    }`,
    detail,
  });
}

/** The sentence for a server without any network. */
export function noAddress(): CasementError {
  return new CasementError({
    code: 'launch.no-address',
    title: 'The server has no address',
    whatHappened: 'It is not attached to any network, so nobody can reach its desktop.',
    whatToDo: 'Attach it to a network or give it a floating IP.',
  });
}

function line({ address, host, reach, reason }: Attempt): string {
  const how = host === null ? 'directly' : `through ${host}`;
  return `${address} ${how}: ${reason ?? reach}`;
}
