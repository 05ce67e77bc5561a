// A real web server for media: ranges, entity tags, connections cut midway, pages instead of files.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  readonly body: Buffer;
  readonly type?: string;
  readonly etag?: string;
  /** Bytes after which a connection is cut, once for each number. */
  readonly cuts?: number[];
  readonly ranges?: boolean;
  readonly redirect?: string;
  readonly status?: number;
}

/** Serves these files on a loopback port; `asked` are the GET requests with their range. */
export async function webServer(files: Record<string, Served>) {
  const asked: string[] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    const file = files[new URL(request.url ?? '/', 'http://x').pathname];
    if (request.method === 'GET') asked.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    if (file) answer(file, request, response);
    else response.writeHead(404).end('not found');
  });

  function answer(file: Served, request: IncomingMessage, response: ServerResponse): void {
    if (file.redirect) return void response.writeHead(302, { location: file.redirect }).end();
    if (file.status) return void response.writeHead(file.status).end('no');
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const ranged = from !== undefined && file.ranges !== false;
    const start = ranged ? Number(from) : 0;
    if (ranged && start >= file.body.length) return void response.writeHead(416).end();
    const body = file.body.subarray(start);
    response.writeHead(ranged ? 206 : 200, {
      'content-length': body.length,
      'content-type': file.type ?? 'application/octet-stream',
      ...(file.etag ? { etag: file.etag } : {}),
      ...(ranged ? { 'content-range': `bytes ${start}-${file.body.length - 1}/${file.body.length}` } : {}),
    });
    if (request.method === 'HEAD') return void response.end();
    const cut = file.cuts?.shift();
    const piece = cut === undefined ? body : body.subarray(0, cut);
    sent += piece.length;
    if (cut === undefined) response.end(piece);
    else response.write(piece, () => response.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    asked,
    sent: () => sent,
    close: () => server.close(),
  };
}

/** Bytes that pass for a CD, different for every seed. */
export function iso(bytes: number, seed = 1): Buffer {
  const content = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4)
    content.writeUInt32LE((Math.imul(at + seed, 2654435761) >>> 0) % 2 ** 32, at);
  content.write('CD001', 0x8001, 'latin1');
  return content;
}

/** Bytes that pass for a Windows Installer package. */
export const msi = (bytes: number) =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(bytes - 8, 'msi')]);
