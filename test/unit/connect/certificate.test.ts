import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket, type TLSSocketOptions } from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { checkCertificate, forgetCertificate, trustFolder } from '../../../electron/connect/trust.ts';
import { CONFIRM_NLA, confirm, rdpPorts } from './rdp-port.ts';

const { listen, close } = rdpPorts();
afterEach(close);
const folder = mkdtempSync(join(tmpdir(), 'casement-certificate-'));
const { signal } = new AbortController();
const patience = { tries: 3, timeoutMs: 300, pauseMs: 20 };
let first: Pair;
let second: Pair;

beforeAll(() => {
  first = pair('first');
  second = pair('second');
});

test('a port that accepts and says nothing is refused, after it was asked several times', async () => {
  const said: string[] = [];
  let asked = 0;
  const port = await listen(() => {
    asked++;
  });
  const home = emptyHome();
  await expect(check(home, port, { say: (message) => said.push(message) })).rejects.toMatchObject({
    code: 'connect.no-certificate',
    whatHappened: expect.stringContaining('The password was not sent.'),
    detail: expect.stringMatching(/attempt 1: no certificate within 0.3 s\n.*\nattempt 3/),
  });
  expect(asked).toBe(3);
  expect(said).toHaveLength(2);
  expect(existsSync(join(home, 'rdp'))).toBe(false);
});

test.each<[string, (socket: Socket) => void]>([
  ['hangs up', (socket) => socket.once('data', () => socket.destroy())],
  [
    'breaks the handshake off',
    (socket) =>
      socket.once('data', () => {
        socket.write(CONFIRM_NLA);
        socket.once('data', () => socket.destroy());
      }),
  ],
  ['speaks HTTP', confirm(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
])('a server that %s at first is asked again, and then trusted', async (_name, fault) => {
  let asked = 0;
  const port = await listen((socket) => {
    asked++;
    if (asked === 1) fault(socket);
    else shows(first)(socket);
  });
  expect(await check(emptyHome(), port)).toBe(first.sha256);
  expect(asked).toBe(2);
});

test.each([
  ['no negotiation at all', '0300000b06d00000000000'],
  ['a refusal of TLS', '030000130ed000000000000300080002000000'],
  ['plain RDP security', '030000130ed000000000000200080000000000'],
])('a server that answers with %s has a sentence of its own', async (_name, bytes) => {
  const port = await listen(confirm(Buffer.from(bytes, 'hex')));
  await expect(check(emptyHome(), port)).rejects.toMatchObject({ code: 'connect.no-tls' });
});

test('the first certificate is trusted, the same one again, another one not until the first is forgotten', async () => {
  const home = emptyHome();
  const before = await listen(shows(first));
  expect(await check(home, before)).toBe(first.sha256);
  expect(await check(home, before)).toBe(first.sha256);
  const after = await listen(shows(second));
  await expect(check(home, after)).rejects.toMatchObject({
    code: 'connect.certificate-changed',
    detail: expect.stringContaining(second.sha256),
  });
  await forgetCertificate(home, 'a1');
  expect(await check(home, after)).toBe(second.sha256);
});

test('nothing is trusted while it cannot be read what was trusted before', async () => {
  const home = emptyHome();
  // A folder cannot be read as a file, not even by root.
  mkdirSync(join(trustFolder(home, 'a1'), 'certificate.sha256'), { recursive: true });
  await expect(check(home, await listen(shows(first)))).rejects.toMatchObject({
    code: 'connect.trust-unreadable',
  });
});

test('a server that speaks TLS 1.0 only, as old Windows does, shows its certificate too', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const port = await listen(shows(first, old));
  expect(await check(emptyHome(), port)).toBe(first.sha256);
});

test('a cancel ends the waiting at once', async () => {
  const stop = new AbortController();
  const port = await listen(() => stop.abort());
  const long = { tries: 3, timeoutMs: 60_000, pauseMs: 60_000 };
  await expect(check(emptyHome(), port, { signal: stop.signal, patience: long })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

interface Pair {
  readonly key: string;
  readonly cert: string;
  readonly sha256: string;
}

function pair(name: string): Pair {
  const words = 'req -x509 -newkey rsa:2048 -nodes -days 2'.split(' ');
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
  execFileSync('openssl', [...words, '-subj', `/CN=${name}`, ...files], { cwd: folder, stdio: 'ignore' });
  const [key, cert] = ['key', 'pem'].map((kind) => readFileSync(join(folder, `${name}.${kind}`), 'utf8'));
  if (key === undefined || cert === undefined) throw new Error('openssl made nothing');
  return { key, cert, sha256: createHash('sha256').update(new X509Certificate(cert).raw).digest('hex') };
}

/** Agrees to NLA and shows a certificate in the handshake. */
function shows({ key, cert }: Pair, more: TLSSocketOptions = {}) {
  return (socket: Socket) =>
    socket.once('data', () => {
      socket.write(CONFIRM_NLA);
      new TLSSocket(socket, { isServer: true, key, cert, ...more }).on('error', () => undefined);
    });
}

const emptyHome = (): string => mkdtempSync(join(folder, 'home-'));

const check = (home: string, port: number, more: Partial<Parameters<typeof checkCertificate>[1]> = {}) =>
  checkCertificate(home, { server: 'a1', address: '127.0.0.1', port, signal, patience, ...more });
