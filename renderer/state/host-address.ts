// How the SSH form's fields become one address of the plan, and back. Pure.

export interface SshFields {
  readonly host: string;
  readonly user: string;
  readonly port: string;
}

/** `ssh://user@host:port`; a bare name stays bare, so that it can be an alias of ~/.ssh/config. Empty while no host is given. */
export function composeAddress({ host, user, port }: SshFields): string {
  const name = host.trim();
  if (!name || name.startsWith('ssh://')) return name;
  const who = user.trim() && !name.includes('@') ? `${user.trim()}@` : '';
  if (!port.trim()) return `${who}${name}`;
  const bracketed = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
  return `ssh://${who}${bracketed}:${port.trim()}`;
}

/** The fields of an address; what is not in it is empty. One that would not come back as it was stays whole. */
export function parseAddress(address: string): SshFields {
  const fields = partsOf(address);
  return composeAddress(fields) === address ? fields : { host: address, user: '', port: '' };
}

function partsOf(address: string): SshFields {
  const rest = address.replace(/^ssh:\/\//, '');
  const at = rest.lastIndexOf('@');
  const user = at < 0 ? '' : rest.slice(0, at);
  const place = rest.slice(at + 1);
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+))(?::(?<port>\d+))?$/.exec(place);
  if (!match?.groups) return { host: place, user, port: '' };
  return { host: match.groups.v6 ?? match.groups.name ?? place, user, port: match.groups.port ?? '' };
}

/** Why the port cannot be used, or null. */
export function portProblem(port: string): string | null {
  if (!port.trim()) return null;
  const number = Number(port);
  return Number.isInteger(number) && number >= 1 && number <= 65535
    ? null
    : 'A port is a number from 1 to 65535.';
}
