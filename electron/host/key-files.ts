// Private key files: OpenSSH, PEM (PKCS#1, SEC1, PKCS#8) and PPK, with their passphrases.
import { createPrivateKey } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';

/** What a key file's text is, tried with one passphrase. */
export type KeyFile =
  | { readonly state: 'usable'; readonly key: ParsedKey }
  /** Without a passphrase: one is needed. With one: it is wrong. */
  | { readonly state: 'locked' }
  | { readonly state: 'unusable'; readonly cause: Error };

/** Reads a private key; never throws. */
export function readKey(text: string, passphrase?: string): KeyFile {
  const encrypted = isEncrypted(text);
  if (encrypted && passphrase === undefined) return { state: 'locked' };
  const parsed = ssh2.utils.parseKey(fromPkcs8(text, passphrase), encrypted ? passphrase : undefined);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error && encrypted && !/unsupported/i.test(key.message)) return { state: 'locked' };
  if (key instanceof Error) return { state: 'unusable', cause: key };
  if (key === undefined || !key.isPrivateKey())
    return { state: 'unusable', cause: new Error('holds a public key only') };
  return { state: 'usable', key };
}

function isEncrypted(text: string): boolean {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) return true;
  if (/^PuTTY-User-Key-File-/.test(text)) return !/^Encryption: none/m.test(text);
  const parsed = ssh2.utils.parseKey(text);
  return parsed instanceof Error && /no passphrase given/i.test(parsed.message);
}

/** PKCS#8, which ssh2 does not read, as the older PEM that it reads; anything else, or a wrong passphrase, unchanged. */
function fromPkcs8(text: string, passphrase: string | undefined): string {
  if (!/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) return text;
  try {
    const key = createPrivateKey(passphrase === undefined ? text : { key: text, passphrase });
    if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString();
    return text;
  } catch {
    return text;
  }
}
