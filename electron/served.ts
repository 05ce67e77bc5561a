// The served front: the same backend behind a loopback server, for machines where Electron cannot be installed and
// for tests. Loopback only; a random token per start is exchanged once for a SameSite=Strict cookie; Host and
// Origin are checked on every request. Never part of the packaged app. May touch: backend, session, shared.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Backend, createBackend } from './backend.ts';
import { noDesktop } from './desktop/none.ts';
import { CONTENT_SECURITY_POLICY, pageFile, pageHeaders } from './security.ts';
import { startSession } from './session.ts';

/** Largest message a window may send: typed texts and small streams; screens travel the other way. */
const MAX_MESSAGE = 4 * 1024 * 1024;

export interface ServedOptions {
  /** TCP port on 127.0.0.1; 0 lets the system choose. */
  readonly port: number;
  /** Folder of the built page. */
  readonly page: string;
  readonly backend: Backend;
}

export interface Served {
  /** The address to open; holds the one-time token. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts the loopback server. Rejects with the system's error when the port is taken. */
export async function serve(options: ServedOptions): Promise<Served> {
  const token = randomBytes(32).toString('base64url');
  const cookie = randomBytes(32).toString('base64url');
  let port = options.port;
  const cookieName = (): string => `casement-${port}`;

  const allowed = (request: IncomingMessage): boolean =>
    hostAllowed(request, port) && originAllowed(request, port);
  const signedIn = (request: IncomingMessage): boolean => same(readCookie(request, cookieName()), cookie);

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => refuse(response, 500, 'The page could not be read.'));
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!allowed(request))
      return refuse(response, 403, 'This address only answers the window that Casement opened.');
    if (request.method !== 'GET') return refuse(response, 405, 'Only reading is possible here.');
    const url = URL.parse(request.url ?? '/', `http://127.0.0.1:${port}`);
    if (url === null) return refuse(response, 404, 'There is no such page.');
    const offered = url.searchParams.get('token');
    if (offered !== null) {
      if (!same(offered, token))
        return refuse(response, 403, 'That address belongs to an earlier start of Casement.');
      // Not a redirect: a Strict cookie would be withheld from one that a file or another page began.
      response.writeHead(200, {
        ...pageHeaders('index.html'),
        'set-cookie': `${cookieName()}=${cookie}; HttpOnly; SameSite=Strict; Path=/`,
      });
      response.end('<!doctype html><title>Casement</title><meta http-equiv="refresh" content="0; url=/">');
      return;
    }
    if (!signedIn(request))
      return refuse(response, 403, 'Open Casement through the address that it printed when it started.');
    const file = pageFile(url.pathname);
    const bytes = file === null ? null : await readFile(join(options.page, file)).catch(() => null);
    if (file === null || bytes === null) return refuse(response, 404, 'There is no such page.');
    response.writeHead(200, pageHeaders(file));
    response.end(bytes);
  };

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node took its own listener away: a client that resets now would end the whole program.
    socket.on('error', () => socket.destroy());
    // A page of another origin could open a WebSocket here: browsers do not keep it from trying, so Origin must be there.
    if (
      !allowed(request) ||
      request.headers.origin === undefined ||
      !signedIn(request) ||
      request.url !== '/casement'
    ) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => converse(options.backend, webSocket));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  return {
    address: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    close: async () => {
      for (const webSocket of sockets.clients) webSocket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function converse(backend: Backend, webSocket: WebSocket): void {
  const session = startSession(backend, {
    send: (message) => {
      if (webSocket.readyState === webSocket.OPEN) webSocket.send(message);
    },
  });
  webSocket.on('message', (data: Buffer, binary) => session.receive(binary ? data : data.toString('utf8')));
  webSocket.on('close', () => session.end());
  webSocket.on('error', () => webSocket.terminate());
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
  });
  response.end(`${sentence}\n`);
}

// A name that resolves to 127.0.0.1 (DNS rebinding) shows in Host, a foreign page in Origin.
function hostAllowed(request: IncomingMessage, port: number): boolean {
  return request.headers.host === `127.0.0.1:${port}` || request.headers.host === `localhost:${port}`;
}

function originAllowed(request: IncomingMessage, port: number): boolean {
  const { origin } = request.headers;
  return (
    origin === undefined || origin === `http://127.0.0.1:${port}` || origin === `http://localhost:${port}`
  );
}

function readCookie(request: IncomingMessage, name: string): string {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value ?? '';
  }
  return '';
}

function same(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** `node electron/served.ts [--port N] [--reason TEXT]`: prints `{"address":…}` as one line and serves until ended. */
async function main(words: readonly string[]): Promise<void> {
  const option = (name: string): string | undefined => {
    const at = words.indexOf(name);
    return at < 0 ? undefined : words[at + 1];
  };
  const reason = option('--reason');
  const backend = await createBackend({
    front: 'served',
    ...(reason === undefined ? {} : { frontReason: reason }),
    desktop: noDesktop,
  });
  const page = fileURLToPath(new URL('../out/renderer', import.meta.url));
  const served = await serve({ port: Number(option('--port') ?? 0), page, backend });
  const stop = async (): Promise<void> => {
    await served.close();
    await backend.close();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
  process.stdout.write(`${JSON.stringify({ address: served.address })}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
