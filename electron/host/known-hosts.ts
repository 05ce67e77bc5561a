// The known_hosts format of OpenSSH: whose key is known, and what that says about a key shown now. Pure.
import { createHash, createHmac } from 'node:crypto';

/** One usable line of a known_hosts file. */
export interface KnownLine {
  readonly file: string;
  readonly revoked: boolean;
  readonly patterns: string;
  readonly type: string;
  readonly key: Buffer;
}

export type Verdict =
  | { readonly state: 'known' }
  | { readonly state: 'unknown' }
  | { readonly state: 'changed'; readonly known: readonly KnownLine[] }
  | { readonly state: 'revoked'; readonly file: string };

/** The usable lines of a file; comments, damaged lines and certificate authorities are left out. */
export function parseKnownHosts(text: string, file: string): KnownLine[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [patterns, type, base64] = fields;
    if (patterns === undefined || patterns.startsWith('#') || type === undefined || base64 === undefined)
      return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    const key = Buffer.from(base64, 'base64');
    return keyType(key) === type ? [{ file, revoked: marker === '@revoked', patterns, type, key }] : [];
  });
}

/** What the lines say about `key` shown by the host whose known_hosts name is `name`. */
export function judge(lines: readonly KnownLine[], name: string, key: Buffer): Verdict {
  const own = lines.filter((line) => matches(line.patterns, name));
  const revoked = own.find((line) => line.revoked && line.key.equals(key));
  if (revoked !== undefined) return { state: 'revoked', file: revoked.file };
  const known = own.filter((line) => !line.revoked);
  if (known.some((line) => line.key.equals(key))) return { state: 'known' };
  return known.length === 0 ? { state: 'unknown' } : { state: 'changed', known };
}

/** Types of the keys known for `name`, so that the host can be asked for one of them. */
export function knownTypes(lines: readonly KnownLine[], name: string): string[] {
  return [...new Set(lines.filter((l) => !l.revoked && matches(l.patterns, name)).map((l) => l.type))];
}

/** Whether a host field (plain list, wildcards, negation, or a hash) is about `name`. */
function matches(patterns: string, name: string): boolean {
  if (patterns.startsWith('|')) {
    const [, version, salt, hash] = patterns.split('|');
    if (version !== '1' || salt === undefined || hash === undefined) return false;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  const list = patterns.toLowerCase().split(',');
  const hits = (pattern: string) => wildcard(pattern).test(name);
  if (list.some((pattern) => pattern.startsWith('!') && hits(pattern.slice(1)))) return false;
  return list.some((pattern) => !pattern.startsWith('!') && hits(pattern));
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

/** The algorithm name a public key blob begins with; empty when it is none. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return length > 64 || key.length < 4 + length ? '' : key.toString('latin1', 4, 4 + length);
}

/** As `ssh-keygen -l` prints it: `SHA256:` and unpadded base64. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The line that makes `key` known for `name`. */
export function knownLine(name: string, key: Buffer): string {
  return `${name} ${keyType(key)} ${key.toString('base64')}\n`;
}
