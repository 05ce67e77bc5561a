// A line to a host that a test can cut: a TCP forwarder on loopback.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Line {
  readonly port: number;
  /** Breaks every connection there is; new ones work. */
  cut(): number;
  close(): Promise<void>;
}

/** Forwards a free loopback port to another one. */
export async function startLine(to: number): Promise<Line> {
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    const far = keep(connect(to, '127.0.0.1'));
    keep(near).pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      const count = open.size;
      for (const socket of open) socket.destroy();
      return count;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
