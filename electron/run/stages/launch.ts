// Launches the servers of the plan from the image and follows each until somebody could sign in: ACTIVE, password known,
// desktop answers.
import { createMeter } from '../../../shared/progress.ts';
import type { LaunchedView } from '../../../shared/views-launch.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import { removeExtras, removeServers } from '../../cloud/index.ts';
import { noImage } from '../launch/gather.ts';
import { launchServers } from '../launch/index.ts';
import { launchSentence, someFailed } from '../launch/words.ts';
import { ACCOUNT, chosenPassword, noPrivateKey, passphraseOf } from '../password.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { fact } from './facts.ts';

export const launchStage: Stage = {
  id: 'launch',
  needs: ['imageId'],
  gives: ['serverId', 'address'],
  skip: (plan) => (plan.server ? null : 'The plan launches no server.'),
  async check(context) {
    const { servers = [], serverId } = context.facts;
    if (serverId === undefined || servers.length === 0 || servers.some(({ state }) => state !== 'ready'))
      return null;
    const standing = await (await context.ports.cloud(context.plan)).launched(context.tag);
    const active = (id: string) => standing.some(({ view }) => view.id === id && view.status === 'ACTIVE');
    return servers.every(({ id }) => active(id)) ? result(context, servers) : null;
  },
  async run(context, signal) {
    const { plan, ports } = context;
    if (!plan.server) return { facts: {}, outcome: {}, skipped: 'The plan launches no server.' };
    // Asked before anything is launched: Windows ignores a bad password in silence.
    const account = plan.cloudbaseInit?.username ?? ACCOUNT;
    const password = await chosenPassword(plan.server, ports.secrets, account);
    if (password === null && plan.server.privateKey === undefined) throw noPrivateKey();
    const cloud = await ports.cloud(plan);
    const image = await cloud.image(fact(context, 'imageId'));
    if (!image) throw noImage(fact(context, 'imageId'));
    const meter = createMeter('steps', plan.server.count ?? 1);
    let told = '';
    const onChange = async (servers: readonly LaunchedView[]): Promise<void> => {
      const message = launchSentence(servers);
      context.progress(meter.update(servers.filter(({ state }) => state === 'ready').length, message));
      // The journal knows every server from the moment it was ordered on; a sentence is told once.
      await context.note(factsOf(servers), message === told ? '' : `${message}.`);
      told = message;
    };
    const { servers } = await launchServers(
      cloud,
      {
        spec: plan.server,
        image,
        need: { minDiskGB: plan.disk.sizeGB, minRamMB: windowsProduct(plan.windows).minRamMB },
        tag: context.tag,
        password,
        account,
        passphrase: await passphraseOf(plan.server, ports.secrets),
      },
      { findWay: (addresses, stop) => ports.way(plan, addresses, stop), onChange, signal },
    );
    const failed = someFailed(servers);
    if (failed) throw failed;
    return result(context, servers);
  },
  async undo(context, done) {
    if (done || !context.plan.cloud) return [];
    const cloud = await context.ports.cloud(context.plan);
    const servers = (await cloud.launched(context.tag)).map(({ view }) => view);
    const cleaned = servers.length > 0 ? await removeServers(cloud, servers) : [];
    return [...cleaned, ...(await removeExtras(cloud, context.tag))];
  },
};

function factsOf(servers: readonly LaunchedView[]) {
  const good = servers.find(({ state }) => state === 'ready') ?? servers.find(({ error }) => error === null);
  return {
    servers,
    ...(good && good.id !== '' ? { serverId: good.id } : {}),
    ...(good?.state === 'ready' && good.address !== null ? { address: good.address } : {}),
  };
}

function result(context: StageContext, servers: readonly LaunchedView[]): StageResult {
  const [first] = servers;
  const { server } = context.plan;
  return {
    facts: factsOf(servers),
    outcome: {
      ...(servers.length === 1
        ? { Server: first?.name ?? '', Id: first?.id ?? '', Address: first?.address ?? '' }
        : { Servers: servers.map(({ name, address }) => `${name} (${address ?? 'no address'})`).join(', ') }),
      Flavor: server?.flavor ?? '',
      Password: server?.adminPass === undefined ? 'made by Windows' : 'chosen by you',
    },
  };
}
