// PuTTY's private key files, versions 2 and 3, rewritten as OpenSSH private keys. Pure.
// Format: the appendix "PPK file format" of PuTTY's manual.
import * as crypto from 'node:crypto';

/** Why a PPK could not be read. `locked`: it needs a passphrase, or another one. */
export type Ppk =
  | { readonly state: 'open'; readonly pem: string }
  | { readonly state: 'locked' }
  | { readonly state: 'unusable'; readonly cause: Error };

interface Parts {
  readonly version: 2 | 3;
  readonly type: string;
  readonly encryption: string;
  readonly comment: string;
  readonly publicBlob: Buffer;
  readonly privateBlob: Buffer;
  readonly mac: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** Whether a text is a PuTTY private key. */
export const isPpk = (text: string) => /^PuTTY-User-Key-File-\d/.test(text);

/** Reads a PPK with a passphrase where it needs one; never throws. */
export function readPpk(text: string, passphrase?: string): Ppk {
  try {
    const parts = split(text);
    if (parts.encryption !== 'none' && passphrase === undefined) return { state: 'locked' };
    const keys = derive(parts, passphrase ?? '');
    const plain = parts.encryption === 'none' ? parts.privateBlob : decrypt(parts.privateBlob, keys);
    const { type, encryption, comment, publicBlob, mac } = parts;
    const signed = Buffer.concat([type, encryption, comment, publicBlob, plain].map(sshString));
    const right = crypto
      .createHmac(parts.version === 2 ? 'sha1' : 'sha256', keys.mac)
      .update(signed)
      .digest('hex');
    if (right !== mac.toLowerCase())
      return encryption === 'none'
        ? { state: 'unusable', cause: new Error('the PPK file is damaged') }
        : { state: 'locked' };
    return { state: 'open', pem: openSsh(type, publicBlob, plain, comment) };
  } catch (error) {
    return { state: 'unusable', cause: error instanceof Error ? error : new Error(String(error)) };
  }
}

function split(text: string): Parts {
  const lines = text.split(/\r?\n/);
  const headers = new Map<string, string>();
  const blobs = new Map<string, Buffer>();
  while (lines.length > 0) {
    const [, name, value] = /^([\w-]+): ?(.*)$/.exec(lines.shift() ?? '') ?? [];
    if (name === undefined || value === undefined) continue;
    headers.set(name, value);
    if (name.endsWith('-Lines'))
      blobs.set(name, Buffer.from(lines.splice(0, Number(value)).join(''), 'base64'));
  }
  const version = headers.has('PuTTY-User-Key-File-3') ? 3 : 2;
  const type = headers.get(`PuTTY-User-Key-File-${version}`);
  const publicBlob = blobs.get('Public-Lines');
  const privateBlob = blobs.get('Private-Lines');
  const mac = headers.get('Private-MAC');
  if (type === undefined || publicBlob === undefined || privateBlob === undefined || mac === undefined)
    throw new Error('the PPK file is incomplete');
  const encryption = headers.get('Encryption') ?? 'none';
  if (encryption !== 'none' && encryption !== 'aes256-cbc')
    throw new Error(`unsupported encryption ${encryption}`);
  return {
    version,
    type,
    encryption,
    comment: headers.get('Comment') ?? '',
    publicBlob,
    privateBlob,
    mac,
    headers,
  };
}

interface Keys {
  readonly cipher: Buffer;
  readonly iv: Buffer;
  readonly mac: Buffer;
}

function derive(parts: Parts, passphrase: string): Keys {
  if (parts.version === 3)
    return parts.encryption === 'none'
      ? { cipher: Buffer.alloc(0), iv: Buffer.alloc(0), mac: Buffer.alloc(0) }
      : argon2(parts.headers, passphrase);
  const sha1 = (...data: readonly (string | Buffer)[]) =>
    data.reduce((hash, item) => hash.update(item), crypto.createHash('sha1')).digest();
  const secret = parts.encryption === 'none' ? '' : passphrase;
  const numbered = [0, 1].map((n) => sha1(Buffer.from([0, 0, 0, n]), secret));
  return {
    cipher: Buffer.concat(numbered).subarray(0, 32),
    iv: Buffer.alloc(16),
    mac: sha1('putty-private-key-file-mac-key', secret),
  };
}

/** Version 3 derives its keys with Argon2, which Node has since 24.7 and Electron's BoringSSL may lack. */
function argon2(headers: ReadonlyMap<string, string>, passphrase: string): Keys {
  if (typeof crypto.argon2Sync !== 'function')
    throw new Error('this PPK is encrypted with Argon2, which is not available here');
  const kind = headers.get('Key-Derivation')?.toLowerCase();
  if (kind !== 'argon2id' && kind !== 'argon2i' && kind !== 'argon2d')
    throw new Error('unsupported key derivation');
  const number = (name: string) => Number(headers.get(name));
  const derived = crypto.argon2Sync(kind, {
    message: passphrase,
    nonce: Buffer.from(headers.get('Argon2-Salt') ?? '', 'hex'),
    parallelism: number('Argon2-Parallelism'),
    memory: number('Argon2-Memory'),
    passes: number('Argon2-Passes'),
    tagLength: 80,
  });
  return { cipher: derived.subarray(0, 32), iv: derived.subarray(32, 48), mac: derived.subarray(48) };
}

function decrypt(data: Buffer, { cipher, iv }: Keys): Buffer {
  const decipher = crypto.createDecipheriv('aes-256-cbc', cipher, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

function sshString(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The first `count` length-prefixed fields. */
function fields(blob: Buffer, count: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; found.length < count; ) {
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) throw new Error('the PPK file is cut off');
    found.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

/** The private fields in OpenSSH's order, from PuTTY's. */
function privateFields(type: string, publicBlob: Buffer, plain: Buffer): Buffer[] {
  if (type === 'ssh-rsa') {
    const [, e, n] = fields(publicBlob, 3);
    const [d, p, q, iqmp] = fields(plain, 4);
    return [n, e, d, iqmp, p, q].map((field) => field ?? Buffer.alloc(0));
  }
  if (type === 'ssh-ed25519') {
    const [, point = Buffer.alloc(0)] = fields(publicBlob, 2);
    const [seed = Buffer.alloc(0)] = fields(plain, 1);
    return [point, Buffer.concat([seed, point])];
  }
  if (type.startsWith('ecdsa-sha2-')) return [...fields(publicBlob, 3).slice(1), ...fields(plain, 1)];
  throw new Error(`unsupported key type ${type}`);
}

function openSsh(type: string, publicBlob: Buffer, plain: Buffer, comment: string): string {
  const check = crypto.randomBytes(4);
  const section = Buffer.concat([
    check,
    check,
    ...[type, ...privateFields(type, publicBlob, plain), comment].map(sshString),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (section.length % 8)) % 8 }, (_, i) => i + 1));
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(sshString),
    Buffer.from([0, 0, 0, 1]),
    sshString(publicBlob),
    sshString(Buffer.concat([section, padding])),
  ]);
  const lines = body.toString('base64').replace(/.{1,70}/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}-----END OPENSSH PRIVATE KEY-----\n`;
}
