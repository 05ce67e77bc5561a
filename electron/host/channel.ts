// Opens a channel to a socket or an address inside the host.
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { socketFault } from './faults.ts';
import { connectionLost, isLost } from './ssh-faults.ts';

type Opened = (error: Error | undefined, channel: ClientChannel) => void;

/** The channel that `open` asks for; throws `host.socket-failed`, or `host.connection-lost` when the line of `name` ended. */
export function openChannel(
  name: string,
  target: string,
  client: Client,
  open: (client: Client, done: Opened) => void,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(isLost(error) ? connectionLost(name, error) : socketFault(target, error));
    try {
      open(client, (error, duplex) => (error ? fail(error) : resolve(duplex)));
    } catch (error) {
      fail(error);
    }
  });
}
