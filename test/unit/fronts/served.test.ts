import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Served, serve } from '../../../electron/served.ts';

let folder: string;
let served: Served;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casement-served-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>the page');
  served = await serve({
    port: 0,
    page: folder,
    backend: {
      call: async (name) => ({ name }),
      openStream: () => Promise.reject(new Error('none')),
      on: () => () => {},
      close: async () => {},
    },
  });
});
afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

/** One GET with exactly these headers (fetch would not let a test set Host). */
function get(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: served.port, path, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text) => (body += text));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      asked.on('error', reject).end();
    },
  );
}

const tokenPath = () => new URL(served.address).pathname + new URL(served.address).search;

async function signIn(): Promise<string> {
  const { headers } = await get(tokenPath());
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

/** Whether a WebSocket opens with these headers. */
function opens(headers: Record<string, string>, path = '/casement'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}${path}`, { headers });
    socket.once('open', () => {
      socket.terminate();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe('the served front', () => {
  it('listens on loopback only', () => {
    expect(new URL(served.address).hostname).toBe('127.0.0.1');
  });

  it('shows nothing without the cookie and everything with it, under the content security policy', async () => {
    expect((await get('/')).status).toBe(403);
    const answer = await get('/', { cookie: await signIn() });
    expect(answer).toMatchObject({ status: 200, body: '<!doctype html>the page' });
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('gives a strict cookie that scripts cannot read', async () => {
    expect(String((await get(tokenPath())).headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
  });

  it('refuses a wrong token', async () => {
    const answer = await get('/?token=guess');
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('refuses another Host (DNS rebinding) and a foreign Origin, even with the cookie', async () => {
    const cookie = await signIn();
    expect((await get('/', { cookie, host: `evil.example:${served.port}` })).status).toBe(403);
    expect((await get('/', { cookie, origin: 'https://evil.example' })).status).toBe(403);
  });

  it('opens its WebSocket for its own page only', async () => {
    const cookie = await signIn();
    const origin = `http://127.0.0.1:${served.port}`;
    expect(await opens({ cookie, origin })).toBe(true);
    expect(await opens({ cookie })).toBe(false);
    expect(await opens({ origin })).toBe(false);
    expect(await opens({ cookie, origin: 'https://evil.example' })).toBe(false);
    expect(await opens({ cookie, origin }, '/other')).toBe(false);
  });

  it('outlives requests made to break it, before any sign-in', async () => {
    expect(await opens({}, '//')).toBe(false);
    for (const path of ['//', '/%', '/?token=%'])
      expect([403, 404]).toContain((await get(path, { cookie: await signIn() })).status);
    await new Promise<void>((resolve) => {
      const rude = connect(served.port, '127.0.0.1', () => {
        rude.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
        rude.resetAndDestroy();
      });
      rude.once('close', () => resolve());
    });
    expect((await get('/', { cookie: await signIn() })).status).toBe(200);
  });

  it('carries a call over the WebSocket', async () => {
    const cookie = await signIn();
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}/casement`, {
      headers: { cookie, origin: `http://127.0.0.1:${served.port}` },
    });
    const answer = await new Promise<string>((resolve) => {
      socket.once('open', () =>
        socket.send(JSON.stringify({ t: 'call', id: 1, name: 'app.info', args: {} })),
      );
      socket.once('message', (data) => resolve(String(data)));
    });
    socket.terminate();
    expect(JSON.parse(answer)).toEqual({ t: 'result', id: 1, value: { name: 'app.info' } });
  });
});
