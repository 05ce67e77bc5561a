// The certificates of a connection: whom this computer trusts, and with which certificate it shows itself.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { CasementError } from '../../shared/errors.ts';

export interface Trust {
  /** Whether any address begins with https; without it no certificate is loaded. */
  readonly tls: boolean;
  readonly caFile: string | null;
  /** Client certificate and its key, PEM; the key may stand in the certificate's file. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly verify: boolean;
}

/** The TLS part of a connection's options. Throws `cloud.bad-ca-file`, `cloud.bad-client-certificate`. */
export async function certificates(trust: Trust): Promise<{ ca?: string[]; cert?: string; key?: string }> {
  const own = trust.caFile === null ? null : await readCa(trust.caFile);
  const shown =
    trust.certFile === null ? {} : await readPair(trust.certFile, trust.keyFile ?? trust.certFile);
  return { ...(trust.tls ? { ca: authorities(own) } : {}), ...shown };
}

/** Naming a CA replaces the built-in ones, so all are named; companies keep theirs in the system's store. */
function authorities(own: string | null): string[] {
  const known = [...getCACertificates('default'), ...getCACertificates('system')];
  return own === null ? known : [...known, own];
}

async function readCa(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new CasementError({
    code: 'cloud.bad-ca-file',
    title: 'The CA file cannot be used',
    whatHappened: `${file} cannot be read or holds no certificate in PEM form.`,
    whatToDo: 'Choose the CA file of the cloud (it begins with -----BEGIN CERTIFICATE-----).',
  });
}

async function readPair(certFile: string, keyFile: string): Promise<{ cert: string; key: string }> {
  const cert = await readFile(certFile, 'utf8').catch(() => '');
  const key = await readFile(keyFile, 'utf8').catch(() => '');
  if (!cert.includes('-----BEGIN CERTIFICATE-----'))
    throw badPair(`${certFile} cannot be read or holds no certificate in PEM form.`);
  try {
    const secret = createPrivateKey(key);
    if (new X509Certificate(cert).checkPrivateKey(secret)) return { cert, key };
  } catch (error) {
    throw badPair(
      `${keyFile} cannot be read or holds no private key in PEM form without a passphrase.`,
      error,
    );
  }
  throw badPair(`The private key in ${keyFile} does not belong to the certificate in ${certFile}.`);
}

function badPair(whatHappened: string, cause?: unknown): CasementError {
  return new CasementError(
    {
      code: 'cloud.bad-client-certificate',
      title: 'The client certificate cannot be used',
      whatHappened,
      whatToDo: 'Choose the certificate and the private key that the operator of the cloud gave you.',
    },
    cause,
  );
}
