// The generated Windows password, decrypted with the private key of the key pair. RSA PKCS#1 v1.5 by hand on top of
// raw RSA: Node and Electron differ in whether they still do this padding themselves. Pure.
import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import ssh2 from 'ssh2';
import { CasementError } from '../../shared/errors.ts';

/** Whether a key (its type or its public line) can receive a Windows password: Cloudbase-Init encrypts for ssh-rsa only. */
export function keyCanReceivePassword(publicKey: string): boolean {
  return /^ssh-rsa(\s|$)/.test(publicKey.trim());
}

/**
 * The password in `base64`. The key may be PEM (PKCS#1 or PKCS#8, encrypted or not) or OpenSSH's own format. Throws
 * `password.wrong-key`, `password.needs-passphrase`, `password.wrong-passphrase`, `password.not-rsa`,
 * `password.bad-key` or `password.truncated`.
 */
export function decryptPassword(base64: string, privateKeyText: string, passphrase?: string): string {
  const key = rsaKey(privateKeyText, passphrase);
  const bytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const text = base64.replace(/\s+/g, '');
  const block = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || block.length === 0) throw truncated('It is not base64.');
  // A key of another size can never fit; a shorter text of no usual size was cut.
  if (block.length !== bytes) {
    if (block.length % 128 === 0) throw wrongKey();
    throw truncated(`It has ${block.length} bytes where this key makes ${bytes}.`);
  }
  return unpad(rawDecrypt(key, block));
}

function rawDecrypt(key: KeyObject, block: Buffer): Buffer {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block);
  } catch {
    // The number is larger than the modulus: it was made for another key.
    throw wrongKey();
  }
}

/** Takes 00 02, at least eight non-zero bytes and 00 off a block (RFC 8017, 7.2.2) and reads the rest as text. */
function unpad(block: Buffer): string {
  let zero = 0;
  let bad = (block[0] ?? 1) | ((block[1] ?? 0) ^ 2);
  // Every byte is looked at whatever stands in it, so that time tells nothing about the content.
  for (let i = 2; i < block.length; i++) {
    const isZero = ((block[i] ?? 0) - 1) >>> 31;
    zero |= i & -(isZero & Number(zero === 0));
  }
  bad |= Number(zero < 10);
  if (bad !== 0) throw wrongKey();
  const message = block.subarray(zero + 1);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(message);
  } catch {
    throw wrongKey();
  }
}

function rsaKey(text: string, passphrase: string | undefined): KeyObject {
  const key = /-----BEGIN (OPENSSH|RSA|DSA|EC) PRIVATE KEY-----/.test(text)
    ? sshKey(text, passphrase)
    : pkcs8Key(text, passphrase);
  if (key.asymmetricKeyType !== 'rsa') throw notRsa(key.asymmetricKeyType ?? 'another kind');
  return key;
}

/** Keys in OpenSSH's format and in the older PEM form with a DEK-Info header, which BoringSSL does not open. */
function sshKey(text: string, passphrase: string | undefined): KeyObject {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error) throw keyError(parsed.message, passphrase);
  if (parsed.type !== 'ssh-rsa') throw notRsa(parsed.type);
  return fromPem(parsed.getPrivatePEM(), undefined);
}

function pkcs8Key(text: string, passphrase: string | undefined): KeyObject {
  if (!text.includes('PRIVATE KEY-----')) throw badKey('It has no line "-----BEGIN … PRIVATE KEY-----".');
  if (text.includes('ENCRYPTED') && !passphrase) throw needsPassphrase();
  return fromPem(text, passphrase);
}

function fromPem(key: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key, format: 'pem', ...(passphrase ? { passphrase } : {}) });
  } catch (error) {
    throw keyError(error instanceof Error ? error.message : String(error), passphrase);
  }
}

function keyError(message: string, passphrase: string | undefined): CasementError {
  if (/no passphrase given|interrupted or cancelled/i.test(message)) return needsPassphrase();
  if (
    /bad (passphrase|decrypt)|integrity check failed|wrong passphrase|bad password|cipher operation failed/i.test(
      message,
    )
  )
    return wrongPassphrase(message);
  return passphrase ? wrongPassphrase(message) : badKey(message);
}

function wrongKey(): CasementError {
  return new CasementError({
    code: 'password.wrong-key',
    title: 'This private key does not fit the server',
    whatHappened: 'The password was encrypted for another key pair than this private key belongs to.',
    whatToDo: 'Choose the private key of the key pair that was named when the server was launched.',
  });
}

function needsPassphrase(): CasementError {
  return new CasementError({
    code: 'password.needs-passphrase',
    title: 'The private key has a passphrase',
    whatHappened: 'The private key is encrypted and no passphrase was given.',
    whatToDo: 'Type the passphrase of the key.',
  });
}

function wrongPassphrase(detail: string): CasementError {
  return new CasementError({
    code: 'password.wrong-passphrase',
    title: 'The passphrase is wrong',
    whatHappened: 'The private key cannot be opened with this passphrase.',
    whatToDo: 'Type the passphrase again; capital and small letters differ.',
    detail,
  });
}

function notRsa(kind: string): CasementError {
  return new CasementError({
    code: 'password.not-rsa',
    title: 'This is not an RSA key',
    whatHappened: `The private key is of type ${kind}; a Windows password can only be encrypted to an RSA key.`,
    whatToDo: 'Launch the server with an RSA key pair, or with a chosen password.',
  });
}

function badKey(detail: string): CasementError {
  return new CasementError({
    code: 'password.bad-key',
    title: 'This is not a private key',
    whatHappened: 'The file cannot be read as a private key in PEM or OpenSSH form.',
    whatToDo:
      'Choose the private key file (not the one that ends in .pub). A PuTTY key must be exported as OpenSSH key first.',
    detail,
  });
}

function truncated(detail: string): CasementError {
  return new CasementError({
    code: 'password.truncated',
    title: 'The encrypted password is damaged',
    whatHappened: `What Nova gave as encrypted password cannot be one. ${detail}`,
    whatToDo: 'Ask again; if it stays, set a new password from inside the server or launch a new one.',
  });
}
