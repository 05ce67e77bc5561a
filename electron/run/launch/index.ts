// Launches servers from an image and follows each until somebody could sign in. Used by the stage and by the command
// line. May touch: cloud, connect, shared.
import type { LaunchedView, LaunchFinding } from '../../../shared/views-launch.ts';
import type { Cloud } from '../../cloud/types.ts';
import { checkLaunch, refuseFailed } from './check.ts';
import { floatingIpGiver } from './extras.ts';
import { type FindWay, followServers } from './follow.ts';
import { gatherLaunch, type LaunchWish } from './gather.ts';
import { orderServers } from './order.ts';
import { LAUNCH_TIMES, type LaunchTimes } from './times.ts';

export interface LaunchOptions {
  /** Finds a way where no address answers directly. */
  readonly findWay?: FindWay;
  readonly times?: LaunchTimes;
  /** Hears what the checks found, before anything is launched. */
  readonly onFindings?: (findings: readonly LaunchFinding[]) => void;
  /** Hears every change, first when all orders are placed. */
  readonly onChange: (servers: readonly LaunchedView[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Launches what is missing of the servers with this tag and follows all of them. Throws `launch.refused` before
 * anything is launched; a server that fails later stands in the views and stops no other.
 */
export async function launchServers(
  cloud: Cloud,
  wish: LaunchWish & { readonly image: NonNullable<LaunchWish['image']>; readonly tag: string },
  options: LaunchOptions,
): Promise<{ readonly servers: readonly LaunchedView[]; readonly polls: number }> {
  const facts = await gatherLaunch(cloud, wish);
  const findings = checkLaunch(facts);
  options.onFindings?.(findings);
  refuseFailed(findings);
  options.signal.throwIfAborted();
  const { spec, tag } = wish;
  const tracks = await orderServers(cloud, facts, { image: wish.image.id, tag, adminPass: wish.password });
  await options.onChange(tracks.map((track) => track.view()));
  const { polls } = await followServers(cloud, tracks, {
    tag,
    times: options.times ?? LAUNCH_TIMES,
    key:
      spec.adminPass !== undefined || spec.privateKey === undefined
        ? null
        : {
            file: spec.privateKey,
            passphrase: wish.passphrase,
            type: facts.keypairs.find(({ name }) => name === spec.keypair)?.type ?? null,
          },
    giveFloatingIp: floatingIpGiver(cloud, facts, tag),
    findWay: options.findWay ?? null,
    onChange: options.onChange,
    signal: options.signal,
  });
  return { servers: tracks.map((track) => track.view()), polls };
}
