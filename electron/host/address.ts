// Reads the address of an SSH server as an admin types it. Pure.
import { badAddress } from './ssh-faults.ts';

/** A typed address; what is not said is left to the SSH configuration. */
export interface Address {
  readonly user?: string;
  /** Name, alias, or address; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
}

/** `ssh://user@host:port`, `user@host`, `host`, `host:port`, `[v6]:port`, bare IPv6. Throws `host.bad-address`. */
export function parseAddress(text: string): Address {
  const trimmed = text.trim();
  const url = /^ssh:\/\//i.test(trimmed);
  const rest = url ? trimmed.slice(6).replace(/\/$/, '') : trimmed;
  const at = rest.lastIndexOf('@');
  const typedUser = at < 0 ? undefined : rest.slice(0, at);
  const place = rest.slice(at + 1);
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(place) ?? [];
  // Two colons or more without brackets: an IPv6 address, which leaves no room for a port.
  const host = bracketed ?? plain ?? (/^[0-9a-f:.]+(%\w+)?$/i.test(place) ? place : undefined);
  const number = port === undefined ? undefined : Number(port);
  if (host === undefined || !/^[\w.:%-]+$/u.test(host) || host.startsWith('-')) throw badAddress(text);
  if (number !== undefined && (number < 1 || number > 65_535)) throw badAddress(text);
  if (typedUser === '' || typedUser?.startsWith('-')) throw badAddress(text);
  return {
    host,
    ...(typedUser === undefined ? {} : { user: url ? decoded(typedUser, text) : typedUser }),
    ...(number === undefined ? {} : { port: number }),
  };
}

function decoded(user: string, text: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    throw badAddress(text);
  }
}

/** `host`, or `[host]:port` where the port is not 22: the name under which known_hosts keeps a key. */
export function knownName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** `user@host:port`, an IPv6 host in brackets. */
export function hostKey(user: string, host: string, port: number): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`;
}
