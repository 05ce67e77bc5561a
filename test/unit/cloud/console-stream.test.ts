// The console of a server against a real VNC server behind a WebSocket: QEMU's own.
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, socketAddress } from '../../../electron/cloud/console-stream.ts';
import { freePort, type QemuScreen, startQemuScreen } from '../../qemu-screen.ts';

const TRUST = { rejectUnauthorized: true };
let screen: QemuScreen;

beforeAll(async () => {
  screen = await startQemuScreen();
}, 30_000);
afterAll(() => screen.stop());

describe('the console of a server', () => {
  it('is the VNC stream behind the address that Nova gives, and takes what is written', async () => {
    // QEMU knows no tokens.
    const stream = await openConsole(screen.url, TRUST);
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
