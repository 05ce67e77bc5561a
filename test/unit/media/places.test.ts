import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { urlSource } from '../../../electron/media/places.ts';
import { counted } from '../../../electron/media/source.ts';
import { inMemory } from './samples.ts';

const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251));
const server = createServer((request, response) => {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (request.url === '/moved') return response.writeHead(302, { location: '/file.iso' }).end();
  if (request.url === '/round') return response.writeHead(302, { location: '/round' }).end();
  if (request.url !== '/file.iso' || !range) return response.writeHead(200).end(bytes);
  if (torn && range[1] !== '0') {
    response.writeHead(206, { 'content-length': '1000' }).write('x', () => response.destroy());
    return;
  }
  const part = bytes.subarray(Number(range[1]), Number(range[2]) + 1);
  return response
    .writeHead(206, { 'content-range': `bytes ${range[1]}-${range[2]}/${bytes.length}` })
    .end(part);
});
let torn = false;
let base = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('a file behind an address is read in parts, also after it has moved', async () => {
  for (const path of ['/file.iso', '/moved']) {
    const source = await urlSource(base + path);
    expect(source.size).toBe(bytes.length);
    expect(await source.read(1000, 70_000)).toEqual(bytes.subarray(1000, 71_000));
  }
});

test('an address that sends no parts, moves for ever or is not there says so', async () => {
  await expect(urlSource(`${base}/whole?token=secret`)).rejects.toMatchObject({
    code: 'media.address',
    whatHappened: expect.not.stringContaining('secret'),
  });
  await expect(urlSource(`${base}/round`)).rejects.toMatchObject({ code: 'media.address' });
  await expect(urlSource('http://127.0.0.1:1/x')).rejects.toMatchObject({ code: 'media.address' });
});

test('a connection that breaks off in the middle says so', async () => {
  const source = await urlSource(`${base}/file.iso`);
  torn = true;
  await expect(source.read(5, 1000)).rejects.toMatchObject({
    code: 'media.address',
    whatHappened: expect.stringContaining('broke off'),
  });
  torn = false;
});

test('what was read once is not read again, and no more than agreed', async () => {
  const source = counted(inMemory(bytes), 150_000);
  expect(await source.read(40_000, 50_000)).toEqual(bytes.subarray(40_000, 90_000));
  expect(await source.read(33_000, 60_000)).toEqual(bytes.subarray(33_000, 93_000));
  expect(source).toMatchObject({ reads: 1, bytesRead: 65_536 });
  expect(await source.read(199_990, 100)).toEqual(bytes.subarray(199_990));
  await expect(source.read(0, 199_000)).rejects.toMatchObject({ code: 'media.damaged' });
});
