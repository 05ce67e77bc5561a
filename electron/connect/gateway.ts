// A Remote Desktop Gateway: the only one who sees the server. Neither the server's port nor its certificate can be looked
// at from here, so the RDP client does what Casement does for the other ways.
import { createConnection } from 'node:net';
import { CasementError } from '../../shared/errors.ts';
import type { Way } from './way.ts';
import { noAddress } from './way-words.ts';

const RDP_PORT = 3389;
/** Gateways speak HTTPS. */
const GATEWAY_PORT = 443;

/** The way through a gateway to the first of a server's addresses. Throws `launch.no-address` without one. */
export function gatewayWay(addresses: readonly string[], gateway: string): Way {
  const [address] = addresses;
  if (address === undefined) throw noAddress();
  return {
    ...{ address, port: RDP_PORT, via: 'gateway', server: address },
    hostLabel: gateway,
    close: async () => undefined,
  };
}

/** Why no desktop came through a gateway, as far as this computer sees. */
export async function gatewayFailure(
  gateway: string,
  address: string,
  timeoutMs: number,
): Promise<CasementError> {
  const { hostname, port } = new URL(`rdg://${gateway}`);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (await accepts(host, Number(port) || GATEWAY_PORT, timeoutMs))
    return new CasementError({
      code: 'connect.gateway-refused',
      title: 'The gateway did not lead to the server',
      whatHappened: `The Remote Desktop Gateway ${gateway} answers, but no desktop came through it from ${address}.`,
      whatToDo:
        'Check account and password for the gateway, and ask your Windows admins whether you may use it for this address (its resource policy) and whether it reaches port 3389 there.',
    });
  return new CasementError({
    code: 'connect.gateway-unreachable',
    title: 'The gateway is not reachable',
    whatHappened: `Nothing answers at the Remote Desktop Gateway ${gateway}.`,
    whatToDo:
      'Check its name under "Desktop options", and whether this computer needs a VPN for it. Without a gateway, leave the field empty.',
  });
}

function accepts(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: timeoutMs });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
