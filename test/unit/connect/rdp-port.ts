// Real TCP ports of this computer that answer like an RDP server, or not at all.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** An X.224 connection confirm that selects NLA, MS-RDPBCGR 2.2.1.2. */
export const CONFIRM_NLA = Buffer.from('030000130ed000000000000200080002000000', 'hex');

/** Ports that are open until `close`. */
export function rdpPorts() {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  return {
    listen: (answer: (socket: Socket) => void): Promise<number> =>
      new Promise((resolve) => {
        const server = createServer((socket) => {
          sockets.add(socket);
          socket.on('error', () => undefined);
          answer(socket);
        });
        servers.push(server);
        server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
    },
  };
}

/** Says this after the first question. */
export const confirm = (bytes: Buffer) => (socket: Socket) => {
  socket.once('data', () => socket.write(bytes));
};
