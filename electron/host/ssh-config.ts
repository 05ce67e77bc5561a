// What ~/.ssh/config says about a host. Never runs a program that the file names.
import { globSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import SSHConfig from 'ssh-config';

/** The settings of one host that Casement follows; paths are absolute. */
export interface HostSettings {
  readonly hostName?: string;
  readonly port?: number;
  readonly user?: string;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  readonly identityAgent?: string;
  readonly hostKeyAlias?: string;
  /** Jump hosts in the order they are passed. */
  readonly jumps: readonly string[];
  readonly proxyCommand: boolean;
}

export type ReadConfig = (alias: string, user?: string) => HostSettings;

/** Includes deeper than this are a circle (OpenSSH allows 16). */
const DEEPEST = 16;

/** Settings by alias from `<home>/.ssh/config`; a missing file says nothing. */
export function readConfig(home: string): ReadConfig {
  const folder = join(home, '.ssh');
  const parsed = SSHConfig.parse(withIncludes(join(folder, 'config'), folder, home, 0));
  return (alias, user) => {
    const options = { ignoreCase: true, matchExec: false };
    const found = parsed.compute(user === undefined ? { Host: alias } : { Host: alias, User: user }, options);
    return settingsOf(found as Record<string, string | string[] | undefined>, alias, home);
  };
}

function settingsOf(
  found: Record<string, string | string[] | undefined>,
  alias: string,
  home: string,
): HostSettings {
  const one = (name: string) => {
    const value = found[name];
    const text = Array.isArray(value) ? value[0] : value;
    return text === undefined || text.toLowerCase() === 'none' ? undefined : text;
  };
  const hostName = one('hostname')?.replaceAll('%h', alias).replaceAll('%%', '%');
  const user = one('user');
  const port = Number(one('port'));
  const path = (text: string) => expand(text, home, hostName ?? alias, user);
  const agent = one('identityagent');
  const keyAlias = one('hostkeyalias');
  const command = found.proxycommand;
  return {
    ...(hostName === undefined ? {} : { hostName }),
    ...(user === undefined ? {} : { user }),
    ...(Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {}),
    ...(agent === undefined || agent === 'SSH_AUTH_SOCK' ? {} : { identityAgent: path(agent) }),
    ...(keyAlias === undefined ? {} : { hostKeyAlias: keyAlias }),
    identityFiles: [found.identityfile ?? []]
      .flat()
      .filter((file) => file !== 'none')
      .map(path),
    identitiesOnly: one('identitiesonly')?.toLowerCase() === 'yes',
    jumps:
      one('proxyjump')
        ?.split(',')
        .map((jump) => jump.trim()) ?? [],
    proxyCommand: command !== undefined && String(command).toLowerCase() !== 'none',
  };
}

/** `~` and the tokens %d (home), %h (host), %r (remote user), %u (local user). */
function expand(text: string, home: string, host: string, user: string | undefined): string {
  const tokens: Readonly<Record<string, string>> = {
    '%%': '%',
    '%d': home,
    '%h': host,
    '%r': user ?? '',
    '%u': process.env.USER ?? process.env.USERNAME ?? '',
  };
  const replaced = text.replace(/%[%dhru]/g, (token) => tokens[token] ?? token);
  return expandHome(replaced, home);
}

/** A leading `~/` (or `~\`) as the home folder. */
export function expandHome(path: string, home: string): string {
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
}

/** The text of a configuration with its Include lines replaced by what they name. */
function withIncludes(file: string, folder: string, home: string, depth: number): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return '';
  }
  let section = 'Host *';
  return text
    .split(/\r?\n/)
    .map((line) => {
      if (/^\s*(host|match)[\s=]/i.test(line)) section = line;
      const [, names] = /^\s*include[\s=]+(.+)$/i.exec(line) ?? [];
      if (names === undefined || depth >= DEEPEST) return line;
      const included = [...names.matchAll(/"([^"]+)"|(\S+)/g)]
        .map(([, quoted, plain]) => expandHome(quoted ?? plain ?? '', home))
        .flatMap((name) => globSync(isAbsolute(name) ? name : join(folder, name)).sort())
        .map((name) => withIncludes(name, folder, home, depth + 1));
      // The section goes on behind an Include, whatever sections the included file opened.
      return [...included, section].join('\n');
    })
    .join('\n');
}
