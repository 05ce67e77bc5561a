// The console of a server against a real VNC server behind a WebSocket: QEMU's own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, socketAddress } from '../../../electron/cloud/console-stream.ts';

/** VNC displays are counted from this port. */
const VNC_PORT = 5900;
const TRUST = { rejectUnauthorized: true };
let qemu: ChildProcess;
let port = 0;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
  port = await freePort();
  const display = (await freePort()) - VNC_PORT;
  qemu = spawn(
    'qemu-system-x86_64',
    [
      ...['-nodefaults', '-machine', 'pc', '-accel', 'tcg', '-m', '32', '-vga', 'std'],
      ...['-vnc', `127.0.0.1:${display},websocket=${port}`],
    ],
    { stdio: 'ignore' },
  );
  for (let tenths = 0; tenths < 150; tenths += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      (thrown: { cause?: { code?: string } }) => thrown.cause?.code !== 'ECONNREFUSED',
    );
    if (answered) return;
    await pause(100);
  }
  throw new Error('QEMU does not listen');
}, 30_000);
afterAll(() => void qemu.kill());

describe('the console of a server', () => {
  it('is the VNC stream behind the address that Nova gives, and takes what is written', async () => {
    // QEMU knows no tokens.
    const stream = await openConsole(`ws://127.0.0.1:${port}/`, TRUST);
    const [greeting] = (await once(stream, 'data')) as [Buffer];
    expect(greeting.toString()).toBe('RFB 003.008\n');
    stream.write('RFB 003.008\n');
    const [security] = (await once(stream, 'data')) as [Buffer];
    // One way to sign in, and it is none: QEMU asks for no password here.
    expect([...security]).toEqual([1, 1]);
    stream.destroy();
  });

  it('says that the proxy did not let it in', async () => {
    const closed = await freePort();
    await expect(openConsole(`http://127.0.0.1:${closed}/vnc.html?token=x`, TRUST)).rejects.toMatchObject({
      code: 'console.unreachable',
    });
  });

  it.each([
    ['https://nova:6080/vnc_lite.html?path=%3Ftoken%3Dab-1', 'wss://nova:6080/?token=ab-1'],
    ['http://nova:6080/vnc_auto.html?token=ab-1', 'ws://nova:6080/websockify?token=ab-1'],
    ['ws://nova:6083/?token=x', 'ws://nova:6083/?token=x'],
  ])('finds the socket behind %s', (page, address) => {
    expect(socketAddress(page)).toBe(address);
  });

  it.each(['', 'javascript:alert(1)', 'http://nova/', 'file:///etc/passwd'])('takes no %j', (page) => {
    expect(() => socketAddress(page)).toThrow(expect.objectContaining({ code: 'console.bad-address' }));
  });
});
