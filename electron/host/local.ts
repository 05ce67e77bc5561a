// This computer as a KVM host (Linux): the same interface as behind SSH, without SSH.
import { connect, type NetConnectOpts } from 'node:net';
import { homedir } from 'node:os';
import type { Duplex } from 'node:stream';
import { socketFault } from './faults.ts';
import { jobsOver } from './jobs.ts';
import { localFiles } from './local-files.ts';
import { runLocal } from './local-run.ts';
import type { Host } from './types.ts';

/** Key of this computer among the hosts. */
const LOCAL_KEY = 'local';

/** This computer. Always connected; closing it does nothing. */
export function localHost(): Host {
  return {
    key: LOCAL_KEY,
    label: 'This computer',
    local: true,
    state: 'connected',
    run: runLocal,
    files: localFiles(),
    jobs: jobsOver(runLocal),
    socket: (path) => open({ path }, path),
    tcp: (address, port) => open({ host: address, port }, `${address}:${port}`),
    home: async () => homedir(),
    onState: () => () => {},
    close: async () => {},
  };
}

function open(options: NetConnectOpts, target: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    const fail = (error: Error) => reject(socketFault(target, error));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
