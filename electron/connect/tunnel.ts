// A port of this computer behind which a server stands that only another computer can reach.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';

export interface Tunnel {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Ends the port and every connection through it. */
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1; each connection gets a channel of its own from `open`. */
export async function openTunnel(open: () => Promise<Duplex>): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Until the channel is there, a client that gives up must not be without a listener.
    socket.on('error', () => undefined);
    open().then(
      (channel) => {
        channel.on('error', () => undefined);
        if (socket.destroyed) return void channel.destroy();
        pipeline(socket, channel, () => undefined);
        pipeline(channel, socket, () => undefined);
        socket.once('close', () => channel.destroy());
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    // Nobody waits for the last of the connections to be gone: what is destroyed sends nothing any more.
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
