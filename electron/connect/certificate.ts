// The certificate a server shows at its RDP port, trusted on first use under Nova's id of the server: an address or
// the port of a tunnel may belong to another server tomorrow.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { CasementError } from '../../shared/errors.ts';
import { NEGOTIATE, readConfirm } from './reach.ts';

const FILE = 'certificate.sha256';

/** Where what is trusted of a server is kept. Pure. */
export function trustFolder(home: string, server: string | undefined): string {
  return join(home, 'rdp', (server ?? 'shared').replace(/[^A-Za-z0-9_-]/g, '_'));
}

/** SHA-256 of the certificate shown at an RDP port, as lower-case hexadecimal digits; null when none is shown. */
export function readCertificate(address: string, port: number, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port });
    let tls: TLSSocket | null = null;
    const end = (fingerprint: string | null) => {
      clearTimeout(timer);
      resolve(fingerprint);
      // The handshake owns the socket by then: Node crashes when the socket is destroyed under it.
      (tls ?? socket).destroy();
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    socket.on('error', () => end(null));
    socket.once('close', () => end(null));
    socket.once('connect', () => socket.write(NEGOTIATE));
    let received = Buffer.alloc(0);
    const hear = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = readConfirm(received);
      if (!answer) return;
      socket.off('data', hear);
      if (!answer.tls) return end(null);
      // Nobody signs these certificates: what counts is that it stays the same. Old servers speak TLS 1.0 only.
      const shaking = connectTls({ socket, rejectUnauthorized: false, minVersion: 'TLSv1' });
      tls = shaking;
      shaking.on('error', () => end(null));
      shaking.once('secureConnect', () => {
        const { raw } = shaking.getPeerCertificate();
        end(raw ? createHash('sha256').update(raw).digest('hex') : null);
      });
    };
    socket.on('data', hear);
  });
}

/**
 * Compares with what was trusted before; the first certificate of a server is trusted and kept. Throws
 * `connect.certificate-changed`.
 */
export async function trustCertificate(home: string, server: string, fingerprint: string): Promise<void> {
  const folder = trustFolder(home, server);
  const known = await readFile(join(folder, FILE), 'utf8').catch(() => null);
  if (known === null) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, FILE), `${fingerprint}\n`, { mode: 0o600 });
    return;
  }
  if (known.trim() !== fingerprint) throw certificateChanged(known.trim(), fingerprint);
}

/** Forgets what was trusted of a server; the next certificate is trusted again. */
export async function forgetCertificate(home: string, server: string): Promise<void> {
  await rm(trustFolder(home, server), { recursive: true, force: true });
}

/** The sentence for a server that shows another certificate than it did. */
export function certificateChanged(known: string, shown: string): CasementError {
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
