// Why a client ended without a desktop, as far as the network tells.
import type { CasementError } from '../../shared/errors.ts';
import { gatewayFailure } from './gateway.ts';
import { notReached, probeRdp } from './reach.ts';
import type { DesktopRequest } from './types.ts';

const PROBE_MS = 4000;

/** The sentence of what stands in the way; null where the server answers and the reason lies elsewhere. */
export async function inTheWay(request: DesktopRequest): Promise<CasementError | null> {
  const { address, port, options } = request;
  if (options?.gateway) return await gatewayFailure(options.gateway.address, address, PROBE_MS);
  const reach = await probeRdp(address, port, PROBE_MS);
  return reach === 'answers' ? null : notReached(request, reach);
}
