// A real VNC screen behind a WebSocket, as Nova's console proxy shows one: QEMU's own, of a machine without a disk.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** VNC displays are counted from this port. */
const VNC_PORT = 5900;

export interface QemuScreen {
  readonly url: string;
  /** Keys that the machine was sent, in QEMU's names, as they went down. */
  keys(): string[];
  stop(): void;
}

/** A TCP port of this computer that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Starts the machine and waits until its screen is shown. */
export async function startQemuScreen(): Promise<QemuScreen> {
  const port = await freePort();
  const display = (await freePort()) - VNC_PORT;
  const qemu = spawn(
    'qemu-system-x86_64',
    [
      ...['-nodefaults', '-machine', 'pc', '-accel', 'tcg', '-m', '32', '-vga', 'std'],
      ...['-vnc', `127.0.0.1:${display},websocket=${port}`, '-trace', 'enable=input_event_key_qcode'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  qemu.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  for (let tenths = 0; tenths < 150; tenths += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      (thrown: { cause?: { code?: string } }) => thrown.cause?.code !== 'ECONNREFUSED',
    );
    if (answered)
      return {
        url: `ws://127.0.0.1:${port}/`,
        keys: () => [...said.matchAll(/key qcode (\w+), down 1/g)].map(([, key]) => key ?? ''),
        stop: () => void qemu.kill(),
      };
    await pause(100);
  }
  qemu.kill();
  throw new Error(`QEMU does not listen: ${said}`);
}
