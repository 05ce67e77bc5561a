import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Http, networkError } from '../../../electron/cloud/http.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-tls-'));
const key = join(dir, 'key.pem');
const cert = join(dir, 'cert.pem');
let url: string;
let server: ReturnType<typeof createServer>;

beforeAll(async () => {
  const words =
    'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
  server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
    response.end('hello'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const plain = { tls: false, caFile: null, certFile: null, keyFile: null, verify: true };

async function get(address: string, trust: { caFile?: string; verify?: boolean }) {
  const http = await Http.open({ ...plain, tls: true, ...trust });
  try {
    return await http.send({ method: 'GET', url: address });
  } finally {
    await http.close();
  }
}

test('a certificate of an unknown authority is refused and the way out is named', async () => {
  await expect(get(url, {})).rejects.toMatchObject({
    code: 'cloud.tls',
    whatToDo: expect.stringContaining('CA file'),
  });
});

test('the CA file makes it trusted', async () => {
  expect(await get(url, { caFile: cert })).toMatchObject({ status: 200, text: 'hello' });
});

test('verify: false is honoured', async () => {
  expect(await get(url, { verify: false })).toMatchObject({ status: 200 });
});

test('a certificate for another name is told from an untrusted one', async () => {
  await expect(get(url.replace('localhost', '127.0.0.1'), { caFile: cert })).rejects.toMatchObject({
    code: 'cloud.tls',
    title: expect.stringContaining('another name'),
  });
});

test('a file without a certificate is no CA file', async () => {
  const file = join(dir, 'no.pem');
  writeFileSync(file, 'hello');
  await expect(get(url, { caFile: file })).rejects.toMatchObject({ code: 'cloud.bad-ca-file' });
  await expect(get(url, { caFile: join(dir, 'none') })).rejects.toMatchObject({ code: 'cloud.bad-ca-file' });
});

test('http on an https port is named', async () => {
  await expect(get(url.replace('https:', 'http:'), {})).rejects.toMatchObject({
    code: expect.stringMatching(/^cloud\./),
  });
});

test('a closed port is told from an unknown name', async () => {
  await expect(get('http://127.0.0.1:1/', {})).rejects.toMatchObject({
    code: 'cloud.unreachable',
    whatHappened: expect.stringContaining('refused'),
  });
  await expect(get('http://nowhere.invalid/', {})).rejects.toMatchObject({
    code: 'cloud.unreachable',
    title: expect.stringContaining('name'),
  });
});

test('an abort stays an abort', async () => {
  const http = await Http.open(plain);
  const signal = AbortSignal.abort();
  await expect(http.send({ method: 'GET', url, signal })).rejects.toMatchObject({ name: 'AbortError' });
  await http.close();
});

test.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'cloud.client-certificate'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'cloud.client-certificate'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'cloud.tls'],
])('the alert %s is read as %s', (code, meaning) => {
  const error = Object.assign(new Error('write EPROTO'), { code });
  expect(networkError('https://k.example.org/', error)).toMatchObject({ code: meaning });
});
