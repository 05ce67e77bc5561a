// Private key files: OpenSSH, PEM (PKCS#1, SEC1, PKCS#8) and PPK, with their passphrases.
import { createPrivateKey } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { isPpk, readPpk } from './ppk.ts';

/** What a key file's text is, tried with one passphrase. */
export type KeyFile =
  | { readonly state: 'usable'; readonly key: ParsedKey }
  /** Without a passphrase: one is needed. With one: it is wrong. */
  | { readonly state: 'locked' }
  | { readonly state: 'unusable'; readonly cause: Error };

/** Reads a private key; never throws. */
export function readKey(text: string, passphrase?: string): KeyFile {
  if (isPpk(text)) {
    const ppk = readPpk(text, passphrase);
    return ppk.state === 'open' ? parse(ppk.pem) : ppk;
  }
  if (/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) return readPkcs8(text, passphrase);
  return parse(text, passphrase);
}

function parse(text: string, passphrase?: string): KeyFile {
  const open = ssh2.utils.parseKey(text);
  const encrypted = open instanceof Error && /no passphrase given/i.test(open.message);
  if (encrypted && passphrase === undefined) return { state: 'locked' };
  const parsed = encrypted ? ssh2.utils.parseKey(text, passphrase) : open;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error && encrypted && !/unsupported/i.test(key.message)) return { state: 'locked' };
  if (key instanceof Error) return { state: 'unusable', cause: key };
  if (key === undefined || !key.isPrivateKey())
    return { state: 'unusable', cause: new Error('holds a public key only') };
  return { state: 'usable', key };
}

/** PKCS#8, which ssh2 does not read, by way of the older PEM that it reads. */
function readPkcs8(text: string, passphrase: string | undefined): KeyFile {
  const encrypted = text.includes('BEGIN ENCRYPTED');
  if (encrypted && passphrase === undefined) return { state: 'locked' };
  try {
    const key = createPrivateKey(passphrase === undefined ? text : { key: text, passphrase });
    if (key.asymmetricKeyType === 'rsa')
      return parse(key.export({ type: 'pkcs1', format: 'pem' }).toString());
    if (key.asymmetricKeyType === 'ec') return parse(key.export({ type: 'sec1', format: 'pem' }).toString());
    return { state: 'unusable', cause: new Error(`PKCS#8 with ${key.asymmetricKeyType}`) };
  } catch (cause) {
    if (encrypted) return { state: 'locked' };
    return { state: 'unusable', cause: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}
