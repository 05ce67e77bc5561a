// Which certificate is trusted of a server: the first that it shows, under Nova's id of the server. An address or the
// port of a tunnel may belong to another server tomorrow.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import { type Patience, readCertificate } from './certificate.ts';
import type { RdpPlace } from './types.ts';

const FILE = 'certificate.sha256';

/** Where what is trusted of a server is kept. Pure. */
export function trustFolder(home: string, server: string): string {
  return join(home, 'rdp', server.replace(/[^A-Za-z0-9_-]/g, '_'));
}

/** Whose certificate is asked for, where, and who hears how it goes. */
interface CertificateQuestion extends RdpPlace {
  /** Nova's id. */
  readonly server: string;
  readonly signal: AbortSignal;
  readonly say?: (message: string) => void;
  readonly patience?: Patience;
}

/**
 * Reads the certificate of a server and compares it with what was trusted before; the first one is trusted and kept.
 * Gives its SHA-256. Throws `connect.certificate-changed`, `connect.trust-unreadable`, and as `readCertificate` does.
 */
export async function checkCertificate(home: string, question: CertificateQuestion): Promise<string> {
  const { server, signal, say, patience } = question;
  const shown = await readCertificate(question, signal, say, patience);
  const folder = trustFolder(home, server);
  const known = await knownOf(join(folder, FILE));
  if (known === null) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, FILE), `${shown}\n`, { mode: 0o600 });
  } else if (known.trim() !== shown) throw certificateChanged(known.trim(), shown);
  return shown;
}

/** What was trusted; null when nothing was yet. A file that cannot be read is no reason to trust anybody. */
async function knownOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new CasementError({
      code: 'connect.trust-unreadable',
      title: 'It is not known which certificate was trusted',
      whatHappened: `${file} cannot be read, so the certificate of the server cannot be compared. The password was not sent.`,
      whatToDo: 'Give your account the right to read this file, or forget the certificate and connect again.',
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Forgets what was trusted of a server; the next certificate is trusted again. */
export async function forgetCertificate(home: string, server: string): Promise<void> {
  await rm(trustFolder(home, server), { recursive: true, force: true });
}

function certificateChanged(known: string, shown: string): CasementError {
  return new CasementError({
    code: 'connect.certificate-changed',
    title: 'The server shows another certificate than before',
    whatHappened:
      'It is not the server that was trusted at the first connection, or Windows was installed anew in it. Nothing was sent to it.',
    whatToDo:
      'If the server was rebuilt, or its certificate renewed, forget the old certificate and connect again. If not, do not sign in: somebody may stand between.',
    detail: `trusted: SHA-256 ${known}\nshown now: SHA-256 ${shown}`,
  });
}
