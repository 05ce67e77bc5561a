import { execFileSync } from 'node:child_process';
import { constants, generateKeyPairSync, type KeyObject, publicEncrypt } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { decryptPassword, keyCanReceivePassword } from '../../../electron/connect/decrypt.ts';

const SIZES = [2048, 3072, 4096] as const;
const PASSPHRASE = 'pass phrase ü';
const pairs = new Map<number, { privateKey: KeyObject; publicKey: KeyObject }>();
const dir = mkdtempSync(join(tmpdir(), 'casement-keys-'));

/** As Cloudbase-Init does it: PKCS#1 v1.5, base64. */
const encrypt = (publicKey: KeyObject, password: string): string =>
  publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(password)).toString(
    'base64',
  );

const pair = (bits: number) => {
  const found = pairs.get(bits);
  if (!found) throw new Error(`no pair of ${bits} bits`);
  return found;
};
const pem = (bits: number, type: 'pkcs1' | 'pkcs8', passphrase?: string): string =>
  pair(bits)
    .privateKey.export({ type, format: 'pem', ...(passphrase ? { cipher: 'aes-256-cbc', passphrase } : {}) })
    .toString();
const keygen = (...words: string[]): void => {
  execFileSync('ssh-keygen', ['-q', ...words], { stdio: 'ignore' });
};

beforeAll(() => {
  for (const bits of SIZES) pairs.set(bits, generateKeyPairSync('rsa', { modulusLength: bits }));
});

describe.each(SIZES)('a key of %i bits', (bits) => {
  const password = 'Gr0ße-Kiste "x"';
  test.each([
    ['PEM (PKCS#1)', 'pkcs1', undefined],
    ['PEM (PKCS#8)', 'pkcs8', undefined],
    ['encrypted PEM (PKCS#8)', 'pkcs8', PASSPHRASE],
    ['encrypted PEM (PKCS#1, DEK-Info)', 'pkcs1', 'plain-passphrase'],
  ] as const)('decrypts from %s', (_name, type, passphrase) => {
    const key = pem(bits, type, passphrase);
    expect(decryptPassword(encrypt(pair(bits).publicKey, password), key, passphrase)).toBe(password);
  });
});

test.each(SIZES)(
  'a key of %i bits in OpenSSH\u2019s own format opens, with and without a passphrase',
  (bits) => {
    const text = encrypt(pair(bits).publicKey, 'Secret1!');
    for (const passphrase of ['', 'geheim']) {
      const file = join(dir, `own-${bits}-${passphrase}`);
      writeFileSync(file, pem(bits, 'pkcs1'), { mode: 0o600 });
      // Changing the passphrase writes the key anew, in the format of today.
      keygen('-p', '-P', '', '-N', passphrase, '-f', file);
      const key = readFileSync(file, 'utf8');
      expect(key).toContain('BEGIN OPENSSH PRIVATE KEY');
      expect(decryptPassword(text, key, passphrase || undefined)).toBe('Secret1!');
    }
  },
);

describe('keys made by ssh-keygen', () => {
  const open = join(dir, 'open');
  const closed = join(dir, 'closed');
  const other = join(dir, 'ed25519');
  const encrypted = (file: string): string => {
    const publicPem = execFileSync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', `${file}.pub`]).toString();
    return publicEncrypt(
      { key: publicPem, padding: constants.RSA_PKCS1_PADDING },
      Buffer.from('Secret1!'),
    ).toString('base64');
  };
  beforeAll(() => {
    keygen('-t', 'rsa', '-b', '2048', '-N', '', '-f', open);
    keygen('-t', 'rsa', '-b', '2048', '-N', 'geheim', '-f', closed);
    keygen('-t', 'ed25519', '-N', '', '-f', other);
  });

  test('OpenSSH’s own format opens', () => {
    expect(decryptPassword(encrypted(open), readFileSync(open, 'utf8'))).toBe('Secret1!');
  });

  test('with a passphrase too', () => {
    expect(decryptPassword(encrypted(closed), readFileSync(closed, 'utf8'), 'geheim')).toBe('Secret1!');
  });

  test('a missing passphrase is told from a wrong one', () => {
    const key = readFileSync(closed, 'utf8');
    expect(() => decryptPassword(encrypted(closed), key)).toThrowError(
      expect.objectContaining({ code: 'password.needs-passphrase' }),
    );
    expect(() => decryptPassword(encrypted(closed), key, 'wrong')).toThrowError(
      expect.objectContaining({ code: 'password.wrong-passphrase' }),
    );
  });

  test('a key that is not RSA is named', () => {
    expect(() => decryptPassword(encrypted(open), readFileSync(other, 'utf8'))).toThrowError(
      expect.objectContaining({ code: 'password.not-rsa', whatHappened: expect.stringContaining('ed25519') }),
    );
  });

  test('a public key is no private key', () => {
    expect(() => decryptPassword(encrypted(open), readFileSync(`${open}.pub`, 'utf8'))).toThrowError(
      expect.objectContaining({ code: 'password.bad-key' }),
    );
  });
});

test.each(['pkcs1', 'pkcs8'] as const)(
  'an encrypted %s key tells a missing passphrase from a wrong one',
  (type) => {
    const key = pem(2048, type, 'right');
    const text = encrypt(pair(2048).publicKey, 'x');
    expect(() => decryptPassword(text, key)).toThrowError(
      expect.objectContaining({ code: 'password.needs-passphrase' }),
    );
    expect(() => decryptPassword(text, key, 'wrong')).toThrowError(
      expect.objectContaining({ code: 'password.wrong-passphrase' }),
    );
  },
);

test('an EC key in PKCS#8 is not RSA', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(() => decryptPassword(encrypt(pair(2048).publicKey, 'x'), key)).toThrowError(
    expect.objectContaining({ code: 'password.not-rsa' }),
  );
});

test('another key of the same size does not fit, each of 40 times', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = pem(2048, 'pkcs1');
  for (let i = 0; i < 40; i++)
    expect(() => decryptPassword(encrypt(publicKey, `Password-${i}`), key)).toThrowError(
      expect.objectContaining({ code: 'password.wrong-key' }),
    );
});

test('a key of another size does not fit', () => {
  expect(() => decryptPassword(encrypt(pair(4096).publicKey, 'x'), pem(2048, 'pkcs8'))).toThrowError(
    expect.objectContaining({ code: 'password.wrong-key' }),
  );
});

test.each(['', 'not base64 !!', 'QUJD'])('%j is no encrypted password', (text) => {
  expect(() => decryptPassword(text, pem(2048, 'pkcs8'))).toThrowError(
    expect.objectContaining({ code: 'password.truncated' }),
  );
});

test('a text cut on its way is told from a wrong key', () => {
  const text = encrypt(pair(2048).publicKey, 'x').slice(0, -12);
  expect(() => decryptPassword(text, pem(2048, 'pkcs8'))).toThrowError(
    expect.objectContaining({ code: 'password.truncated' }),
  );
});

test('line breaks in the base64 do no harm', () => {
  const text = encrypt(pair(2048).publicKey, 'Kept1!').replace(/.{64}/g, '$&\n');
  expect(decryptPassword(text, pem(2048, 'pkcs8'))).toBe('Kept1!');
});

test('padding that PKCS#1 forbids is refused', () => {
  const size = 256;
  const raw = (block: Buffer): string =>
    publicEncrypt({ key: pair(2048).publicKey, padding: constants.RSA_NO_PADDING }, block).toString('base64');
  const block = (first: number[], padding: number, rest: Buffer): Buffer =>
    Buffer.concat([Buffer.from(first), Buffer.alloc(padding, 7), Buffer.of(0), rest]);
  const good = block([0, 2], 8, Buffer.alloc(size - 11, 65));
  expect(decryptPassword(raw(good), pem(2048, 'pkcs1'))).toHaveLength(size - 11);
  for (const bad of [
    block([0, 1], 8, Buffer.alloc(size - 11, 65)),
    block([0, 2], 7, Buffer.alloc(size - 10, 65)),
    Buffer.concat([Buffer.of(0, 2), Buffer.alloc(size - 2, 9)]),
  ])
    expect(() => decryptPassword(raw(bad), pem(2048, 'pkcs1'))).toThrowError(
      expect.objectContaining({ code: 'password.wrong-key' }),
    );
});

test('whatever a password is made of comes back', () => {
  const key = pem(2048, 'pkcs1');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (password) => {
      expect(decryptPassword(encrypt(pair(2048).publicKey, password), key)).toBe(password);
    }),
    { numRuns: 30 },
  );
});

test('only ssh-rsa keys can receive a password', () => {
  expect(keyCanReceivePassword('ssh-rsa AAAA comment')).toBe(true);
  expect(keyCanReceivePassword('ssh-rsa')).toBe(true);
  expect(keyCanReceivePassword('ssh-ed25519 AAAA')).toBe(false);
  expect(keyCanReceivePassword('x509')).toBe(false);
});
