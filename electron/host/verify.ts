// Decides whether a host key is trusted: the known_hosts files, then the person in front. Writes our own file only.
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Ask } from '../desktop/port.ts';
import type { Hop } from './hops.ts';
import {
  fingerprint,
  judge,
  type KnownLine,
  keyType,
  knownLine,
  knownTypes,
  parseKnownHosts,
} from './known-hosts.ts';
import { keyChanged, keyDeclined, keyRevoked } from './ssh-faults.ts';

/** The file Casement writes and those it only reads. */
export interface KnownFiles {
  readonly own: string;
  readonly others: readonly string[];
}

/** A file the admin named stands alone; else our own one is joined by those of OpenSSH. */
export function knownFiles(named: string | undefined, casementHome: string, userHome: string): KnownFiles {
  if (named !== undefined) return { own: named, others: [] };
  const others = [join(userHome, '.ssh', 'known_hosts'), join(userHome, '.ssh', 'known_hosts2')];
  return { own: join(casementHome, 'known_hosts'), others: [...others, '/etc/ssh/ssh_known_hosts'] };
}

async function read(files: KnownFiles): Promise<KnownLine[]> {
  const texts = await Promise.all(
    [files.own, ...files.others].map(async (file) =>
      parseKnownHosts(await fs.readFile(file, 'utf8').catch(() => ''), file),
    ),
  );
  return texts.flat();
}

/** Host key algorithms for which a key of this host is known, as ssh2 names them, best first. */
export async function preferred(hop: Hop, files: KnownFiles): Promise<string[]> {
  const ours = new Set(knownTypes(await read(files), hop.known));
  return ORDER.filter((algorithm) => ours.has(algorithm.startsWith('rsa-sha2') ? 'ssh-rsa' : algorithm));
}

/** ssh2's own order of host key algorithms. */
const ORDER = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

/** Resolves when `key` may be trusted. Throws `host.key-changed`, `host.key-revoked`, or `host.key-unknown` when declined. */
export async function verifyKey(
  hop: Hop,
  key: Buffer,
  files: KnownFiles,
  ask: Ask['ask'],
  signal?: AbortSignal,
): Promise<void> {
  const verdict = judge(await read(files), hop.known, key);
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  if (verdict.state === 'known') return;
  if (verdict.state === 'revoked') throw keyRevoked(hop.label, shown, verdict.file);
  if (verdict.state === 'changed')
    throw keyChanged(
      hop.label,
      shown,
      verdict.known.map((line) => `${line.type} ${fingerprint(line.key)} in ${line.file}`),
    );
  const answer = await ask(
    {
      kind: 'host-key',
      title: `Is this ${hop.label}?`,
      text: `${hop.label} is not known here yet. It shows the ${keyType(key)} key below. Compare the fingerprint with the one its administrator gives you.`,
      fingerprint: fingerprint(key),
      fields: [],
    },
    signal,
  );
  if (answer === null) throw keyDeclined(hop.label, shown);
  await remember(files.own, hop.known, key);
}

async function remember(file: string, name: string, key: Buffer): Promise<void> {
  await fs.mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await fs.readFile(file, 'utf8').catch(() => '');
  const newline = before === '' || before.endsWith('\n') ? '' : '\n';
  await fs.appendFile(file, newline + knownLine(name, key), { mode: 0o600 });
}
