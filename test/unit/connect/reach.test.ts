import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { askRdp, probeRdp, readConfirm } from '../../../electron/connect/reach.ts';
import { CONFIRM_NLA, confirm, rdpPorts } from './rdp-port.ts';

const { listen, close } = rdpPorts();
afterEach(close);

test('a server that negotiates NLA answers', async () => {
  const port = await listen(confirm(CONFIRM_NLA));
  expect(await askRdp('127.0.0.1', port, 2000)).toEqual({ reach: 'answers', nla: true, tls: true });
});

test('an answer in pieces is put together', async () => {
  const port = await listen((socket) =>
    socket.once('data', () => {
      socket.setNoDelay(true);
      socket.write(CONFIRM_NLA.subarray(0, 5), () =>
        setImmediate(() => socket.write(CONFIRM_NLA.subarray(5))),
      );
    }),
  );
  expect(await probeRdp('127.0.0.1', port, 2000)).toBe('answers');
});

test('a closed port is refused', async () => {
  const port = await listen(() => undefined);
  await close();
  expect(await probeRdp('127.0.0.1', port, 2000)).toBe('refused');
});

test.each<[string, (socket: Socket) => void]>([
  ['stays silent', () => undefined],
  ['hangs up', (socket) => socket.once('data', () => socket.destroy())],
  ['speaks HTTP', confirm(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
])('a port that accepts and %s is there, and no desktop', async (_name, answer) => {
  expect(await probeRdp('127.0.0.1', await listen(answer), 300)).toBe('silent');
});

test('the kinds of confirmation are told apart', () => {
  expect(readConfirm(CONFIRM_NLA.subarray(0, 10))).toBeNull();
  expect(readConfirm(Buffer.from('0300000b06d00000000000', 'hex'))).toEqual({
    reach: 'answers',
    nla: null,
    tls: false,
  });
  expect(readConfirm(Buffer.from('030000130ed000000000000200080001000000', 'hex'))).toEqual({
    reach: 'answers',
    nla: false,
    tls: true,
  });
  expect(readConfirm(Buffer.from('030000130ed000000000000300080002000000', 'hex'))).toEqual({
    reach: 'answers',
    nla: false,
    tls: false,
  });
});
