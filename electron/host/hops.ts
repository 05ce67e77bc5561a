// From what the admin entered and the SSH configuration to the servers passed on the way. Pure.
import { join } from 'node:path';
import type { HostSpec } from '../../shared/plan.ts';
import { knownName, parseAddress } from './address.ts';
import type { ReadConfig } from './ssh-config.ts';
import { expandHome } from './ssh-config.ts';
import { jumpLoop, proxyCommand } from './ssh-faults.ts';

export type SshSpec = Extract<HostSpec, { kind: 'ssh' }>;

/** One SSH server on the way, with all that is needed to sign in to it. */
export interface Hop {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** What a person calls it. */
  readonly label: string;
  /** Its name in known_hosts. */
  readonly known: string;
  /** Key files to try; `required` ones were typed and must be readable. */
  readonly files: readonly { readonly path: string; readonly required: boolean }[];
  /** Agent sockets, pipes, or `pageant`, in order. */
  readonly agents: readonly string[];
  /** Secret references. */
  readonly password?: string;
  readonly passphrase?: string;
}

/** What of this workstation decides about the way. */
export interface Workstation {
  readonly home: string;
  readonly user: string;
  readonly agents: readonly string[];
  readonly config: ReadConfig;
}

/** Files that OpenSSH tries when nothing is said, best first. */
const DEFAULT_FILES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** The servers on the way, the host itself last. Throws `host.bad-address`, `host.proxy-command`, `host.jump-loop`. */
export function hopsOf(spec: SshSpec, station: Workstation): readonly Hop[] {
  const typed = spec.jump?.filter((jump) => jump.trim() !== '') ?? [];
  const target = hopOf(spec.address, spec, station, true);
  const jumps = typed.length > 0 ? typed : target.jumps;
  if (target.proxyCommand && jumps.length === 0) throw proxyCommand(target.hop.label);
  return [...way(jumps, spec, station, [target.hop.known]), target.hop];
}

/** Jump hosts in order; the first one may itself be reached through others. */
function way(
  jumps: readonly string[],
  spec: SshSpec,
  station: Workstation,
  passed: readonly string[],
): readonly Hop[] {
  const [first, ...others] = jumps.map((jump) => hopOf(jump, spec, station, false));
  if (first === undefined) return [];
  if (passed.includes(first.hop.known)) throw jumpLoop(first.hop.label);
  if (first.proxyCommand && first.jumps.length === 0) throw proxyCommand(first.hop.label);
  return [
    ...way(first.jumps, spec, station, [...passed, first.hop.known]),
    first.hop,
    ...others.map((other) => other.hop),
  ];
}

function hopOf(text: string, spec: SshSpec, station: Workstation, target: boolean) {
  const address = parseAddress(text);
  const said = station.config(address.host, address.user);
  const host = said.hostName ?? address.host;
  const port = address.port ?? said.port ?? 22;
  const typed = spec.identity === undefined ? [] : [expandHome(spec.identity, station.home)];
  const configured = [...typed, ...said.identityFiles];
  const fallback = DEFAULT_FILES.map((name) => join(station.home, '.ssh', name));
  const agents = said.identityAgent === undefined ? station.agents : [said.identityAgent];
  const hop: Hop = {
    host,
    port,
    user: address.user ?? said.user ?? station.user,
    label: address.host === host && port === 22 ? host : `${address.host} (${knownName(host, port)})`,
    known: said.hostKeyAlias?.toLowerCase() ?? knownName(host, port),
    files: (configured.length > 0 ? configured : fallback).map((path) => ({
      path,
      required: target && typed.includes(path),
    })),
    agents: spec.agent === false || said.identitiesOnly ? [] : agents,
    // The password of the host is for the host: a jump host asks for its own.
    ...(target && spec.password !== undefined ? { password: spec.password } : {}),
    ...(spec.passphrase === undefined ? {} : { passphrase: spec.passphrase }),
  };
  return { hop, jumps: said.jumps, proxyCommand: said.proxyCommand };
}
