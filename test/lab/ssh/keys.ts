// Key pairs in the formats admins have, and the hosts' own keys.
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../secrets.ts';
import { run } from '../system/command.ts';
import { writeWhole } from '../system/files.ts';

/** The sshds, each with host keys of its own. */
export const SSHDS = ['host', 'jump', 'inner'] as const;
export type SshdName = (typeof SSHDS)[number];

/** Files with key pairs, in the laboratory's ssh folder. */
export function keyFiles(sshDir: string) {
  return {
    ed25519: join(sshDir, 'id_ed25519'),
    rsaPem: join(sshDir, 'id_rsa.pem'),
    encrypted: join(sshDir, 'id_encrypted'),
    ppk: join(sshDir, 'id_rsa.ppk'),
    ppkV3: join(sshDir, 'id_rsa.v3.ppk'),
  };
}

/** A host key file of one sshd. */
export const hostKeyFile = (sshDir: string, sshd: SshdName, type: 'ed25519' | 'rsa'): string =>
  join(sshDir, `host_${sshd}_${type}`);

async function generate(
  path: string,
  comment: string,
  words: string[],
  passphrase = '',
  askpass?: string,
): Promise<void> {
  if (existsSync(path)) return;
  if (askpass === undefined) {
    await run('ssh-keygen', ['-q', '-N', '', '-C', comment, '-f', path, ...words]);
    return;
  }
  // The passphrase travels in the environment, not in the argument list.
  const env = {
    ...process.env,
    SSH_ASKPASS: askpass,
    SSH_ASKPASS_REQUIRE: 'force',
    LAB_PASSPHRASE: passphrase,
  };
  await run('setsid', ['--wait', 'ssh-keygen', '-q', '-C', comment, '-f', path, ...words], { env });
}

/** Makes all keys that are missing; resolves to the authorized_keys text for them. */
export async function ensureKeys(sshDir: string, secrets: Secrets): Promise<string> {
  mkdirSync(sshDir, { recursive: true });
  const files = keyFiles(sshDir);
  const askpass = join(sshDir, 'askpass');
  writeWhole(askpass, '#!/bin/sh\nprintf \'%s\\n\' "$LAB_PASSPHRASE"\n', 0o700);
  await Promise.all([
    ...SSHDS.flatMap((sshd) => [
      generate(hostKeyFile(sshDir, sshd, 'ed25519'), `casement-lab ${sshd}`, ['-t', 'ed25519']),
      generate(hostKeyFile(sshDir, sshd, 'rsa'), `casement-lab ${sshd}`, ['-t', 'rsa', '-b', '2048']),
    ]),
    generate(files.ed25519, 'casement-lab', ['-t', 'ed25519']),
    generate(files.rsaPem, 'casement-lab-rsa', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']),
    generate(files.encrypted, 'casement-lab-encrypted', ['-t', 'ed25519'], secrets.passphrase, askpass),
  ]);
  // Version 2 is what older programs read, version 3 what PuTTY writes since 0.75.
  for (const [path, version] of [
    [files.ppk, 2],
    [files.ppkV3, 3],
  ] as const) {
    if (!existsSync(path))
      await run('puttygen', [files.rsaPem, '-O', 'private', '-o', path, '--ppk-param', `version=${version}`]);
    chmodSync(path, 0o600);
  }
  return [files.ed25519, files.rsaPem, files.encrypted]
    .map((path) => readFileSync(`${path}.pub`, 'utf8'))
    .join('');
}

/** The known_hosts text for hosts as a client names them. */
export function knownHosts(sshDir: string, names: Record<SshdName, string>): string {
  return SSHDS.flatMap((sshd) =>
    (['ed25519', 'rsa'] as const).map((type) => {
      const [algorithm, key] = readFileSync(`${hostKeyFile(sshDir, sshd, type)}.pub`, 'utf8').split(' ');
      return `${names[sshd]} ${algorithm} ${key}\n`;
    }),
  ).join('');
}
