import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKey } from '../../../electron/host/key-files.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-keys-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const quiet = (program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });

/** Base64 of the public key a private key text stands for, read with the passphrase. */
function publicOf(text: string, passphrase?: string): string {
  const read = readKey(text, passphrase);
  if (read.state !== 'usable') throw new Error(read.state === 'unusable' ? read.cause.message : read.state);
  return read.key.getPublicSSH().toString('base64');
}

/** Makes an OpenSSH key; gives its text and its public part. */
function openSsh(name: string, type: string, passphrase = '', ...more: string[]) {
  quiet('ssh-keygen', '-q', '-t', type, '-N', passphrase, '-C', '', '-f', name, ...more);
  const file = join(dir, name);
  const pub = readFileSync(`${file}.pub`, 'utf8').split(' ')[1]?.trim();
  return { file, text: readFileSync(file, 'utf8'), pub };
}

describe('a private key file', () => {
  it.each(['ed25519', 'rsa', 'ecdsa'])('is read in OpenSSH format: %s', (type) => {
    const { text, pub } = openSsh(`o-${type}`, type);
    expect(publicOf(text)).toBe(pub);
  });

  it.each(['PEM', 'PKCS8', 'RFC4716'])('asks for its passphrase in %s format', (format) => {
    const { text, pub } = openSsh(`p-${format}`, 'rsa', 'open sesame', '-m', format);
    expect(readKey(text).state).toBe('locked');
    expect(readKey(text, 'wrong').state).toBe('locked');
    expect(publicOf(text, 'open sesame')).toBe(pub);
  });

  it.each([
    ['ed25519', 2, ''],
    ['rsa', 2, ''],
    ['rsa', 2, 'pass'],
    ['ed25519', 3, ''],
    ['rsa', 3, ''],
    ['ecdsa', 3, ''],
    ['rsa', 3, 'pass'],
    ['ed25519', 3, 'pass'],
  ])('is read in PuTTY format: %s, version %d, passphrase "%s"', (type, version, passphrase) => {
    const name = `k-${type}-${version}-${passphrase}`;
    const { pub } = openSsh(name, type);
    writeFileSync(join(dir, 'pass'), passphrase);
    const made = `${name}.ppk`;
    quiet(
      'puttygen',
      name,
      '-O',
      'private',
      '-o',
      made,
      '--ppk-param',
      `version=${version}`,
      '--new-passphrase',
      'pass',
    );
    const text = readFileSync(join(dir, made), 'utf8');
    if (passphrase !== '') {
      expect(readKey(text).state).toBe('locked');
      expect(readKey(text, 'wrong').state).toBe('locked');
    }
    expect(publicOf(text, passphrase === '' ? undefined : passphrase)).toBe(pub);
  });

  it('says so when it is damaged or none at all', () => {
    openSsh('damaged', 'ed25519');
    quiet('puttygen', 'damaged', '-O', 'private', '-o', 'damaged.ppk');
    const text = readFileSync(join(dir, 'damaged.ppk'), 'utf8');
    expect(readKey(text.replace(/Comment: .*/, 'Comment: other')).state).toBe('unusable');
    expect(readKey('hello').state).toBe('unusable');
    expect(readKey(readFileSync(join(dir, 'damaged.pub'), 'utf8')).state).toBe('unusable');
  });
});
