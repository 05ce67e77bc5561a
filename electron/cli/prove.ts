// The login proof from the command line: its options, and carrying it out for one image.
import type { Command } from 'commander';
import type { LoginProof } from '../../shared/login-proof.ts';
import type { HostSpec } from '../../shared/plan.ts';
import type { ImageView } from '../../shared/views.ts';
import { createEvents } from '../backend/events.ts';
import { createHosts } from '../backend/hosts.ts';
import { createTrial } from '../backend/login-proof.ts';
import { createWays } from '../backend/ways.ts';
import type { Cloud } from '../cloud/types.ts';
import type { Secrets } from '../desktop/port.ts';
import type { OnProgress } from '../host/types.ts';
import { proofGateway, proveLogin, VERIFIED_AT } from '../run/prove-login.ts';
import { type GatewayFlags, gatewayFrom, withGateway } from './desktop-options.ts';
import { terminalAsk } from './terminal.ts';

export interface ProofFlags extends GatewayFlags {
  readonly flavor?: string;
  readonly network?: string;
  readonly securityGroup?: string;
  readonly user: string;
}

/** Adds the options of the throw-away server. */
export function withProof(command: Command): Command {
  const described = command
    .option('--flavor <name>', 'flavor of the throw-away server (default: the smallest that fits)')
    .option('--network <name>', 'network of that server (default: one of the project)')
    .option('--security-group <id>', 'security group that lets Remote Desktop in, besides the default one')
    .option('--user <name>', 'account to sign in with', 'Administrator');
  return withGateway(described);
}

interface Proving {
  readonly cloud: Cloud;
  readonly secrets: Secrets;
  readonly home: string;
  readonly image: Pick<ImageView, 'id' | 'name' | 'minDiskGB' | 'minRamMB'>;
  readonly flags: ProofFlags;
  /** SSH host to go through where the server cannot be reached from here. */
  readonly host: HostSpec;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Proves an image and writes the time of the login to it; gives instead what this computer lacks for that. */
export async function proveImage(proving: Proving): Promise<LoginProof | { readonly missing: string }> {
  const { cloud, secrets, home, image, flags, host, onProgress, signal } = proving;
  const gateway = gatewayFrom(flags);
  const trial = createTrial(home);
  const missing = await trial.missing();
  if (missing !== null) return { missing };
  const hosts = createHosts({ home, ask: terminalAsk(), secrets, events: createEvents() });
  try {
    const proof = await proveLogin({
      ...{ cloud, image, onProgress, signal, user: flags.user },
      mark: `casement-proof-${image.id}`,
      flavor: flags.flavor ?? null,
      network: flags.network ?? null,
      securityGroups: flags.securityGroup === undefined ? [] : [flags.securityGroup],
      tunnels: [host],
      gateway: await proofGateway(gateway, secrets),
      way: (addresses, stop, options) =>
        createWays({ home, hosts }).find(addresses, [host], stop, { ...options, gateway: gateway?.address }),
      signIn: trial.signIn,
      note: async () => {},
    });
    await cloud.updateImage(image.id, { set: { [VERIFIED_AT]: proof.at } });
    return proof;
  } finally {
    await hosts.close();
  }
}
