// A Remote Desktop Gateway: the only one who sees the server. Neither the server's port nor its certificate can be looked
// at from here, so the RDP client does what Casement does for the other ways.
import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import type { DesktopRequest, RdpPlace } from './types.ts';
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

const TRY_AGAIN_MS = 10_000;

/**
 * Does what a gateway must lead to, until Windows answers the gateway or `waitMs` are over: only the gateway sees that.
 * Nothing else is tried again: wrong passwords lock the account there.
 */
export async function untilLed<T>(
  attempt: () => Promise<T>,
  {
    waitMs,
    signal,
    say = () => undefined,
  }: {
    readonly waitMs: number;
    readonly signal: AbortSignal;
    readonly say?: (message: string) => void;
  },
): Promise<T> {
  const end = Date.now() + waitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      const passing = thrown instanceof CasementError && thrown.code === 'connect.gateway-unanswered';
      if (!passing || signal.aborted || Date.now() > end) throw thrown;
      say('The server does not answer the gateway yet; trying again');
      await pause(TRY_AGAIN_MS, undefined, { signal });
    }
  }
}

/** The name or address in what was typed for a gateway. */
export function gatewayHost(gateway: string): string {
  return new URL(`rdg://${gateway}`).hostname.replace(/^\[|\]$/g, '');
}

/** Where a client's own connection goes: to the gateway where there is one, else to the server itself. */
export function firstHop({ address, port, options }: DesktopRequest): RdpPlace {
  return options?.gateway ? gatewayPlace(options.gateway.address) : { address, port };
}

function gatewayPlace(gateway: string): RdpPlace {
  return {
    address: gatewayHost(gateway),
    port: Number(new URL(`rdg://${gateway}`).port) || GATEWAY_PORT,
  };
}

/** What a gateway said instead of leading to the server. */
export type GatewayRefusal = 'password' | 'account' | 'resource' | 'server';

/** What kept a desktop behind a gateway from coming, as a person is told it. */
interface Behind {
  readonly gateway: string;
  /** The account there. */
  readonly user: string;
  /** The server's address, as the gateway was told it. */
  readonly address: string;
  readonly detail: string;
}

/** The sentence for what the gateway said. */
export function gatewayRefusal(
  refusal: GatewayRefusal,
  { gateway, user, address, detail }: Behind,
): CasementError {
  const say = (code: string, title: string, whatHappened: string, whatToDo: string) =>
    new CasementError({ code, title, whatHappened, whatToDo, detail });
  const admins = 'your Windows admins, who run the gateway';
  switch (refusal) {
    case 'password':
      return say(
        'connect.gateway-password',
        'The gateway refused the account',
        `The Remote Desktop Gateway ${gateway} did not take ${user} with this password. The server was not asked.`,
        'Check account and password for the gateway under "Desktop options"; write the account as DOMAIN\\name or name@domain. Too many wrong tries lock it.',
      );
    case 'account':
      return say(
        'connect.gateway-denied',
        'The gateway does not let this account in',
        `The Remote Desktop Gateway ${gateway} knows ${user}, whose password is right, but its connection policy keeps this account out.`,
        `Ask ${admins}, to add the account to its connection authorization policy, or use another one.`,
      );
    case 'resource':
      return say(
        'connect.gateway-denied',
        'The gateway does not lead to this server',
        `The Remote Desktop Gateway ${gateway} let ${user} in, but its resource policy does not allow ${address}.`,
        `Ask ${admins}, to add ${address} to its resource authorization policy.`,
      );
    case 'server':
      return say(
        'connect.gateway-unanswered',
        'The server does not answer the gateway',
        `The Remote Desktop Gateway ${gateway} let ${user} in and tried ${address}, but no desktop answered it.`,
        'If the server was launched just now, Windows may still be starting: try again in some minutes. Else check that a security group lets the gateway in on port 3389, and the Remote Desktop firewall rules in Windows.',
      );
  }
}

/** Why no desktop came through a gateway that said nothing, as far as this computer sees. */
export async function gatewayFailure(
  { gateway, address, detail }: Behind,
  timeoutMs: number,
): Promise<CasementError> {
  const place = gatewayPlace(gateway);
  if (await accepts(place.address, place.port, timeoutMs))
    return new CasementError({
      code: 'connect.gateway-refused',
      title: 'The gateway did not lead to the server',
      whatHappened: `The Remote Desktop Gateway ${gateway} answers, but no desktop came through it from ${address}.`,
      whatToDo:
        'If the server was launched just now, Windows may still be starting: try again in some minutes. Else check account and password for the gateway, and ask your Windows admins whether you may use it for this address (its resource policy) and whether it reaches port 3389 there.',
      detail,
    });
  return new CasementError({
    code: 'connect.gateway-unreachable',
    title: 'The gateway is not reachable',
    whatHappened: `Nothing answers at the Remote Desktop Gateway ${gateway}.`,
    whatToDo:
      'Check its name under "Desktop options", and whether this computer needs a VPN for it. Without a gateway, leave the field empty.',
    detail,
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
