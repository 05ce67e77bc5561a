// A TCP line with a delay: every byte arrives later, none is held back by the one before it.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Listens on a loopback port of its own and passes everything on to `port`, `oneWayMs` later in each direction. */
export async function slowLine(port: number, oneWayMs: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    delay(near, far);
    delay(far, near);
  });
  function delay(from: Socket, to: Socket): void {
    sockets.add(from);
    const later = (work: () => void) => setTimeout(() => !to.destroyed && work(), oneWayMs);
    from.setNoDelay(true);
    from.on('error', () => {});
    from.on('data', (chunk) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('close', () => {
      sockets.delete(from);
      later(() => to.destroy());
    });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
