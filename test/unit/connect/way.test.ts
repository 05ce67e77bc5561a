import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { bastions } from '../../../electron/backend/ways.ts';
import { findWay, type WayHost } from '../../../electron/connect/index.ts';
import { CasementError } from '../../../shared/errors.ts';

const { signal } = new AbortController();
const servers: Server[] = [];
const sockets = new Set<Socket>();
/** A server that confirms NLA and sends back what comes after it, as a desktop does. */
const desktop = (address = '127.0.0.1', port = 0): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(Buffer.from('030000130ed000000000000200080002000000', 'hex'));
        socket.on('data', (chunk) => socket.write(chunk));
      });
    });
    servers.push(server);
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port));
  });
/** An SSH host that reaches, behind every address asked for, this port of this computer. */
const host = (label: string, port: number, asked: string[] = []): WayHost => ({
  label,
  connect: async () => ({
    tcp: (address) =>
      new Promise((resolve, reject) => {
        asked.push(`${label} ${address}`);
        const socket = dial(port, '127.0.0.1', () => resolve(socket));
        socket.once('error', reject);
      }),
  }),
});
const offline = (label: string): WayHost => ({
  label,
  connect: () =>
    Promise.reject(
      new CasementError({ code: 'host.timeout', title: 'no answer', whatHappened: '', whatToDo: '' }),
    ),
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

test('an address that answers is taken directly, the first of those that do', async () => {
  const port = await desktop('127.0.0.3');
  await desktop('127.0.0.4', port);
  const asked: string[] = [];
  const way = await findWay(['127.0.0.2', '127.0.0.3', '127.0.0.4'], [host('kvm', port, asked)], signal, {
    port,
  });
  expect(way).toMatchObject({ address: '127.0.0.3', port, via: 'direct', hostLabel: null });
  expect(asked).toEqual([]);
});

test('a server that no address reaches is reached through the first host that does, until the way is closed', async () => {
  const port = await desktop();
  const hosts = [offline('down'), host('blind', 1), host('kvm', port), host('spare', port)];
  const way = await findWay(['127.0.0.9'], hosts, signal, { port });
  expect(way).toMatchObject({
    address: '127.0.0.1',
    via: 'tunnel',
    hostLabel: 'kvm',
    server: '127.0.0.9',
  });
  expect(await echo(way.port)).toBe('hello');
  await way.close();
  await expect(echo(way.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('waiting ends when the desktop answers', async () => {
  const port = await desktop();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  const said: string[] = [];
  const way = await findWay(['127.0.0.1'], [], signal, {
    port,
    waitMs: 15_000,
    onProgress: ({ message }) => {
      said.push(message);
      if (said.length === 1) void desktop('127.0.0.1', port);
    },
  });
  expect(way.via).toBe('direct');
  expect(said[0]).toMatch(/Remote Desktop does not answer yet/);
});

test('a search in vain tells every way that was tried, and a refusal from silence', async () => {
  const port = await desktop();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  await expect(findWay(['127.0.0.1'], [offline('bastion')], signal, { port })).rejects.toMatchObject({
    code: 'connect.refused',
    detail: '127.0.0.1 directly: refused\n127.0.0.1 through bastion: no answer',
  });
  await expect(findWay(['0.0.0.1'], [offline('bastion')], signal, { port })).rejects.toMatchObject({
    code: 'connect.unreachable',
    whatHappened: expect.stringContaining('through bastion'),
  });
  const mute = createServer((socket) => sockets.add(socket));
  servers.push(mute);
  await new Promise<void>((resolve) => mute.listen(port, '127.0.0.5', resolve));
  await expect(
    findWay(['127.0.0.1', '127.0.0.5'], [offline('bastion')], signal, { port }),
  ).rejects.toMatchObject({
    code: 'connect.silent',
    whatHappened: expect.stringContaining('127.0.0.5'),
    detail: expect.stringContaining('127.0.0.5 directly: silent'),
  });
  await expect(findWay([], [], signal)).rejects.toMatchObject({ code: 'launch.no-address' });
});

test('the search can be cancelled while an SSH host connects', async () => {
  const abort = new AbortController();
  const slow: WayHost = {
    label: 'slow',
    connect: (during) =>
      new Promise((_resolve, reject) => {
        during.addEventListener('abort', () => reject(during.reason));
        abort.abort();
      }),
  };
  const search = findWay(['127.0.0.1'], [slow], abort.signal, { port: 1, waitMs: 60_000 });
  await expect(search).rejects.toMatchObject({ name: 'AbortError' });
});

test('every SSH host is asked once, and the jump hosts before it too', () => {
  const inner = { kind: 'ssh' as const, address: 'inner', jump: ['outer', 'middle'], identity: 'key' };
  expect(bastions([{ kind: 'local' }, { ...inner, password: 'env:P' }, inner])).toEqual([
    { ...inner, password: 'env:P' },
    { kind: 'ssh', address: 'middle', identity: 'key', jump: ['outer'] },
    { kind: 'ssh', address: 'outer', identity: 'key' },
  ]);
});

/** What comes back through a port after the negotiation. */
function echo(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = dial(port, '127.0.0.1', () => socket.write('ask'));
    socket.once('error', reject);
    socket.once('data', () => {
      socket.write('hello');
      socket.once('data', (chunk) => {
        socket.destroy();
        resolve(chunk.toString());
      });
    });
  });
}
