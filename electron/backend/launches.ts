// Launching as the fronts see it: what there is to choose from, the checks before, the password in the metadata after,
// and the consoles of servers.
import type { Duplex } from 'node:stream';
import type { CallParsed } from '../../shared/contract.ts';
import { CasementError } from '../../shared/errors.ts';
import type { Cloud } from '../cloud/types.ts';
import { checkLaunch } from '../run/launch/check.ts';
import { gatherLaunch, proposedAddress } from '../run/launch/gather.ts';
import { ADMIN_PASS } from '../run/password.ts';
import type { Clouds } from './clouds.ts';
import type { Service } from './handlers.ts';
import type { Runs } from './runs.ts';

export interface Launches {
  readonly service: Service<
    | 'launch.options'
    | 'launch.check'
    | 'launch.passwords'
    | 'launch.forgetPasswords'
    | 'console.log'
    | 'console.url'
  >;
  /** The VNC bytes of a server's console. */
  console(args: Pick<CallParsed<'console.log'>, 'cloud' | 'server'>): Promise<Duplex>;
}

/** Answers what the page "Launch" asks. */
export function createLaunches({ clouds, runs }: { readonly clouds: Clouds; readonly runs: Runs }): Launches {
  const withPassword = async (run: string): Promise<{ cloud: Cloud; ids: string[] }> => {
    const { plan } = await runs.info(run);
    if (!plan.cloud) throw noCloud();
    const cloud = await clouds.open(plan.cloud);
    const launched = await cloud.launched(`casement:${run}`);
    return { cloud, ids: launched.flatMap(({ view, adminPassGiven }) => (adminPassGiven ? [view.id] : [])) };
  };
  return {
    console: async ({ cloud, server }) => (await clouds.open(cloud)).consoleStream(server),
    service: {
      async 'launch.options'({ cloud: source }) {
        const cloud = await clouds.open(source);
        const [limits, securityGroups, floating, zones, networks] = await Promise.all([
          cloud.limits(),
          cloud.securityGroups(),
          cloud.floatingIps().catch(() => []),
          cloud.zones().catch(() => []),
          cloud.networks(),
        ]);
        return {
          limits,
          securityGroups,
          freeFloatingIps: floating.filter(({ port }) => port === null),
          zones,
          ownAddress: await proposedAddress(cloud, networks),
        };
      },
      async 'launch.check'({ cloud: source, server, image, minDiskGB, minRamMB, run, ...more }) {
        const cloud = await clouds.open(source);
        const facts = await gatherLaunch(cloud, {
          spec: server,
          image: image === null ? null : await cloud.image(image),
          need: { minDiskGB, minRamMB },
          tag: run === undefined ? null : `casement:${run}`,
          password: more.password ?? null,
          passphrase: more.passphrase,
          account: more.account,
        });
        return checkLaunch(facts);
      },
      'launch.passwords': async ({ run }) => ({ standing: (await withPassword(run)).ids.length }),
      async 'launch.forgetPasswords'({ run }) {
        const { cloud, ids } = await withPassword(run);
        for (const id of ids) await cloud.deleteMetadata(id, ADMIN_PASS);
        return { removed: ids.length };
      },
      'console.log': async ({ cloud, server, lines }) => ({
        text: await (await clouds.open(cloud)).consoleLog(server, lines),
      }),
      'console.url': async ({ cloud, server, kind }) => (await clouds.open(cloud)).consoleUrl(server, kind),
    },
  };
}

const noCloud = (): CasementError =>
  new CasementError({
    code: 'cloud.none',
    title: 'The plan names no cloud',
    whatHappened: 'Without a cloud there is no server whose password could stand anywhere.',
    whatToDo: 'Choose a cloud on the page "Publish" and continue.',
  });
