// The certificate that a server shows at its RDP port. Read before any password is used.
import { createHash } from 'node:crypto';
import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { CasementError } from '../../shared/errors.ts';
import { NEGOTIATE, placeWords, readConfirm } from './reach.ts';
import type { RdpPlace } from './types.ts';

/** How patiently a certificate is asked for; times in ms. */
export interface Patience {
  readonly tries: number;
  readonly timeoutMs: number;
  readonly pauseMs: number;
}

/** Windows restarts its Remote Desktop service during its first start, and makes a certificate while it does. */
const PATIENCE: Patience = { tries: 5, timeoutMs: 8000, pauseMs: 2000 };

/** What came of one attempt: the certificate's SHA-256, or why there is none. */
type Shown =
  | { readonly certificate: string }
  | { readonly reason: 'silent' | 'plain'; readonly detail: string };

// RDP of old Windows speaks TLS 1.0 only, which OpenSSL takes at this level alone; Electron's BoringSSL takes it as it is.
const OLD_TLS =
  process.versions.electron === undefined
    ? ({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const)
    : ({ minVersion: 'TLSv1' } as const);

/**
 * SHA-256 of the certificate shown at an RDP port, as lower-case hexadecimal digits; `say` hears of attempts in vain.
 * Throws `connect.no-certificate` when none is shown, `connect.no-tls` when the server encrypts without one.
 */
export async function readCertificate(
  place: RdpPlace,
  signal: AbortSignal,
  say: (message: string) => void = () => undefined,
  { tries, timeoutMs, pauseMs }: Patience = PATIENCE,
): Promise<string> {
  const details: string[] = [];
  for (let attempt = 1; ; attempt++) {
    const shown = await ask(place, timeoutMs, signal);
    signal.throwIfAborted();
    if ('certificate' in shown) return shown.certificate;
    details.push(`attempt ${attempt}: ${shown.detail}`);
    if (attempt === tries)
      throw shown.reason === 'plain' ? noTls(place, details) : noCertificate(place, details);
    say('The server does not show its certificate yet; trying again');
    await pause(pauseMs, undefined, { signal });
  }
}

function ask({ address, port }: RdpPlace, timeoutMs: number, signal: AbortSignal): Promise<Shown> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port });
    let tls: TLSSocket | null = null;
    const end = (shown: Shown) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(shown);
      // The handshake owns the socket by then: Node crashes when the socket is destroyed under it.
      (tls ?? socket).destroy();
    };
    const silent = (detail: string) => end({ reason: 'silent', detail });
    const stop = () => silent('cancelled');
    const timer = setTimeout(() => silent(`no certificate within ${timeoutMs / 1000} s`), timeoutMs);
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', ({ message }) => silent(message));
    socket.once('close', () => silent('the server hung up'));
    socket.once('connect', () => socket.write(NEGOTIATE));
    let received = Buffer.alloc(0);
    const hear = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = readConfirm(received);
      if (!answer) return;
      socket.off('data', hear);
      if (answer.reach !== 'answers') return silent('what answers does not speak RDP');
      if (!answer.tls) return end({ reason: 'plain', detail: 'the server agreed to no TLS' });
      // Nobody signs these certificates: what counts is that it stays the same.
      const shaking = connectTls({ socket, rejectUnauthorized: false, ...OLD_TLS });
      tls = shaking;
      shaking.on('error', ({ message }) => silent(message));
      shaking.once('secureConnect', () => {
        const { raw } = shaking.getPeerCertificate();
        if (raw) end({ certificate: createHash('sha256').update(raw).digest('hex') });
        else silent('TLS without a certificate');
      });
    };
    socket.on('data', hear);
  });
}

function noCertificate(place: RdpPlace, details: readonly string[]): CasementError {
  return new CasementError({
    code: 'connect.no-certificate',
    title: 'The server does not show its certificate',
    whatHappened: `Without it nobody can tell whether your server answers at ${placeWords(place)}, or another computer. Casement asked ${details.length} times. The password was not sent.`,
    whatToDo:
      'Try again in a minute: Windows restarts Remote Desktop during its first start. If it stays so, look at the console of the server, or reboot it.',
    detail: details.join('\n'),
  });
}

function noTls(place: RdpPlace, details: readonly string[]): CasementError {
  return new CasementError({
    code: 'connect.no-tls',
    title: 'The server offers only the old encryption of Remote Desktop',
    whatHappened: `It knows neither TLS nor Network Level Authentication at ${placeWords(place)}. Nobody could tell whether it is your server, and the old encryption can be broken. The password was not sent.`,
    whatToDo:
      'On the console of the server, let Windows take only connections with Network Level Authentication (System Properties, Remote), or set the security layer of Remote Desktop to TLS in the group policy.',
    detail: details.join('\n'),
  });
}
