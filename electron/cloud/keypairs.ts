// Key pairs: those Nova knows, importing one, and making an RSA pair on this workstation (Nova ≥ 2.92 makes none).
import { createHash, generateKeyPair, type JsonWebKey } from 'node:crypto';
import { mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { KeypairView } from '../../shared/views.ts';
import { parseJson } from './identity.ts';
import type { Nova } from './nova.ts';
import type { Cloud } from './types.ts';

/** Fits every Windows and Cloudbase-Init; NIST SP 800-57 rates it good beyond 2030. */
const RSA_BITS = 3072;

const keypairBody = z.object({
  name: z.string(),
  fingerprint: z.string().default(''),
  type: z.string().default('ssh'),
  public_key: z.string().default(''),
});

/** Key pairs of the account. */
export async function listKeypairs(nova: Nova): Promise<KeypairView[]> {
  const found = await nova.pages('/os-keypairs', 'keypairs', 'listing the key pairs');
  return found.map((item) => keypairView((item as { keypair: unknown }).keypair));
}

/** Hands a public key in OpenSSH form to Nova. */
export async function importKeypair(nova: Nova, name: string, publicKey: string): Promise<KeypairView> {
  const { keypairTypes } = await nova.version();
  const answer = await nova.call('POST', '/os-keypairs', `importing the key pair "${name}"`, {
    json: { keypair: { name, public_key: publicKey.trim(), ...(keypairTypes ? { type: 'ssh' } : {}) } },
  });
  return keypairView(((parseJson(answer.text) ?? {}) as { keypair?: unknown }).keypair);
}

/** Imports a key from a file: a public key, or a private one whose public half is then taken. */
export async function importKeypairFile(cloud: Cloud, name: string, file: string): Promise<KeypairView> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw notAKey(file, String(error));
  });
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw notAKey(file, parsed.message);
  return await cloud.importKeypair(name, `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`);
}

/**
 * Type and MD5 fingerprint (as Nova writes it) of the public half of a private key file; `problem` when it cannot be
 * read, null facts when it is locked and the passphrase is not known.
 */
export async function keyFileFacts(
  file: string,
  passphrase?: string,
): Promise<{ readonly type: string; readonly fingerprint: string } | { readonly problem: string } | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return { problem: `${file} does not exist or may not be read.` };
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error)
    return passphrase === undefined && /passphrase|encrypted/i.test(parsed.message)
      ? null
      : { problem: `${file} cannot be used as a private key: ${parsed.message}` };
  if (!parsed.isPrivateKey()) return { problem: `${file} holds the public half only.` };
  const digest = createHash('md5').update(parsed.getPublicSSH()).digest('hex');
  return { type: parsed.type, fingerprint: digest.match(/../g)?.join(':') ?? '' };
}

/** Makes an RSA pair whose private key (PEM) stays in memory, and hands the public one to Nova. */
export async function memoryKeypair(cloud: Cloud, name: string): Promise<{ readonly privateKey: string }> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  await cloud.importKeypair(name, openSshPublicKey(publicKey.export({ format: 'jwk' }), name));
  return { privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
}

/** Deletes a key pair; none is fine too. */
export async function deleteKeypair(nova: Nova, name: string): Promise<void> {
  await nova.call('DELETE', `/os-keypairs/${encodeURIComponent(name)}`, `deleting the key pair "${name}"`, {
    allow: [404],
  });
}

/** Makes an RSA pair, keeps the private key in `file` (new, mode 0600, PEM) and hands the public one to Nova. */
export async function createKeypair(
  cloud: Cloud,
  name: string,
  file: string,
): Promise<KeypairView & { privateKey: string }> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // `wx`: an existing key is never overwritten. It is kept before Nova learns of it, or it could be lost.
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw cannotKeep(file, error);
  });
  try {
    await handle.writeFile(privateKey.export({ type: 'pkcs1', format: 'pem' }));
  } finally {
    await handle.close();
  }
  const line = openSshPublicKey(publicKey.export({ format: 'jwk' }), name);
  const made = await cloud.importKeypair(name, line).catch(async (error: unknown) => {
    // Refused in plain words: nobody will ever use this key. After a broken connection Nova may well have it.
    if (error instanceof CasementError && /conflict|refused|quota|forbidden/.test(error.code))
      await unlink(file);
    throw error;
  });
  return { ...made, privateKey: file };
}

/** An RSA public key as the line that stands in authorized_keys. */
export function openSshPublicKey(jwk: JsonWebKey, comment: string): string {
  const integer = (value: string | undefined) => {
    const bytes = Buffer.from(value ?? '', 'base64url');
    // A leading zero keeps an mpint positive (RFC 4251).
    return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  };
  const parts = [Buffer.from('ssh-rsa'), integer(jwk.e), integer(jwk.n)].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return `ssh-rsa ${Buffer.concat(parts).toString('base64')} ${comment.replace(/\s+/g, '-')}`;
}

function keypairView(body: unknown): KeypairView {
  const { name, fingerprint, type, public_key } = keypairBody.parse(body);
  // Nova's own type is only `ssh` or `x509`; the algorithm stands first in the key itself.
  const kind = type === 'x509' ? type : (/^[\w@.-]+(?= )/.exec(public_key)?.[0] ?? type);
  return { name, type: kind, fingerprint, canReceivePassword: kind === 'ssh-rsa' };
}

function notAKey(file: string, detail: string): CasementError {
  return new CasementError({
    code: 'cloud.not-a-key',
    title: 'This file holds no key',
    whatHappened: `${file} is not a public key that Nova understands.`,
    whatToDo: 'Choose the .pub file of your key pair; it begins with "ssh-rsa".',
    detail,
  });
}

function cannotKeep(file: string, error: unknown): CasementError {
  const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
  return new CasementError(
    {
      code: exists ? 'cloud.key-exists' : 'cloud.key-not-kept',
      title: exists ? 'There already is a private key of this name' : 'The private key cannot be kept',
      whatHappened: `${file} ${exists ? 'exists and is not overwritten' : 'cannot be written'}. No key pair was made.`,
      whatToDo: exists
        ? 'Choose another name, or import the public half of that key.'
        : 'Choose another folder.',
      detail: String(error),
    },
    error,
  );
}
