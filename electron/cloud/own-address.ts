// The address of this computer as the cloud would see it: what the system would send from. Nothing is sent.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** A datagram socket that is connected knows its own address; the port is that of discard (RFC 863). */
const ANY_PORT = 9;

/**
 * This computer's address on its way to the first of `targets` (host names or addresses) that it reaches by another
 * way than itself, as a CIDR of one address; null when there is none. Behind NAT the cloud sees another one.
 */
export async function ownAddress(targets: readonly string[]): Promise<string | null> {
  for (const target of targets) {
    const found = await towards(target).catch(() => null);
    if (found !== null && !/^(127\.|::1$|0\.0\.0\.0$|::$|fe80:)/.test(found))
      return `${found}/${isIP(found) === 6 ? 128 : 32}`;
  }
  return null;
}

async function towards(target: string): Promise<string> {
  const { address, family } = await lookup(target.replace(/^\[|\]$/g, ''));
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(ANY_PORT, address, resolve);
    });
    return socket.address().address;
  } finally {
    socket.close();
  }
}
