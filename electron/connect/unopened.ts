// Why a client ended without a desktop, as far as the network and the gateway tell.
import type { CasementError } from '../../shared/errors.ts';
import { type GatewayRefusal, gatewayFailure, gatewayRefusal } from './gateway.ts';
import { notReached, probeRdp } from './reach.ts';
import type { DesktopRequest } from './types.ts';

const PROBE_MS = 4000;

/** What the client itself knows: the gateway's refusal where it tells one, and its last words. */
interface ClientSays {
  readonly refusal?: GatewayRefusal | null;
  readonly detail?: string;
}

/** The sentence of what stands in the way; null where the server answers and the reason lies elsewhere. */
export async function inTheWay(
  request: DesktopRequest,
  { refusal = null, detail = '' }: ClientSays = {},
): Promise<CasementError | null> {
  const { address, port, user, options } = request;
  const gateway = options?.gateway;
  if (gateway) {
    const behind = { gateway: gateway.address, user: gateway.user ?? user, address, detail };
    return refusal === null ? await gatewayFailure(behind, PROBE_MS) : gatewayRefusal(refusal, behind);
  }
  const reach = await probeRdp(address, port, PROBE_MS);
  return reach === 'answers' ? null : notReached(request, reach);
}
