// Launches a server from the image and follows it until somebody could sign in: ACTIVE, password known, desktop answers.
import { setTimeout as pause } from 'node:timers/promises';
import { CasementError } from '../../../shared/errors.ts';
import { createMeter } from '../../../shared/progress.ts';
import type { ServerView } from '../../../shared/views.ts';
import { waitForServer } from '../../cloud/index.ts';
import type { Cloud } from '../../cloud/types.ts';
import { chosenPassword, desktopPassword, noPrivateKey } from '../password.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { fact } from './facts.ts';

/** A sysprepped Windows takes 3 to 20 minutes to its first desktop; in ms. */
const DESKTOP_MS = 30 * 60_000;
const PASSWORD_EVERY_MS = 3000;

export const launchStage: Stage = {
  id: 'launch',
  needs: ['imageId'],
  gives: ['serverId', 'address'],
  skip: (plan) => (plan.server ? null : 'The plan launches no server.'),
  async check(context) {
    const { serverId, address } = context.facts;
    if (serverId === undefined || address === undefined) return null;
    const server = await (await context.ports.cloud(context.plan)).server(serverId);
    return server?.status === 'ACTIVE' ? result(context, server, address) : null;
  },
  async run(context, signal) {
    const { plan, ports } = context;
    if (!plan.server) return { facts: {}, outcome: {}, skipped: 'The plan launches no server.' };
    // Windows ignores a bad password in silence: refuse it before anything is launched.
    const adminPass = await chosenPassword(plan.server, ports.secrets);
    if (adminPass === null && plan.server.privateKey === undefined) throw noPrivateKey();
    const cloud = await ports.cloud(plan);
    const launched = await adopted(cloud, context.tag);
    const { id } =
      launched ??
      (await cloud.launch({
        name: plan.server.name,
        image: fact(context, 'imageId'),
        flavor: plan.server.flavor,
        network: plan.server.network ?? null,
        keypair: plan.server.keypair ?? null,
        adminPass,
        tag: context.tag,
      }));
    await context.note({ serverId: id }, 'Nova is starting the server.');
    const server = await waitForServer(cloud, id, context.progress, signal);
    await waitForPassword(cloud, context, id, signal);
    const addresses = server.addresses.map(({ address }) => address);
    const way = await ports.way(plan, addresses, signal, {
      waitMs: DESKTOP_MS,
      onProgress: context.progress,
    });
    await way.close();
    return result(context, server, way.server);
  },
  async undo(context, done) {
    if (done || !context.plan.cloud) return [];
    const cloud = await context.ports.cloud(context.plan);
    const cleaned: string[] = [];
    for (const server of await cloud.servers(context.tag)) {
      await cloud.deleteServer(server.id);
      cleaned.push(`The server "${server.name}" was deleted.`);
    }
    return cleaned;
  },
};

// The server that a killed process launched; one that Nova could not start makes room for another try.
async function adopted(cloud: Cloud, tag: string): Promise<ServerView | null> {
  let usable: ServerView | null = null;
  for (const server of await cloud.servers(tag)) {
    if (server.status === 'ERROR') await cloud.deleteServer(server.id);
    else usable ??= server;
  }
  return usable;
}

async function waitForPassword(
  cloud: Cloud,
  context: StageContext,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { plan, ports } = context;
  if (!plan.server) return;
  const meter = createMeter('steps', null);
  for (let asked = 1; ; asked++) {
    const password = await desktopPassword(cloud, plan.server, id, ports.secrets);
    if (password.state === 'known') return;
    if (password.state === 'never')
      throw new CasementError({
        code: 'launch.no-password',
        title: 'This server will not tell a password',
        whatHappened: password.reason,
        whatToDo: 'Delete the server and launch it with a chosen password, or with an RSA key pair.',
      });
    context.progress(meter.update(asked, password.reason));
    await pause(PASSWORD_EVERY_MS, undefined, { signal });
  }
}

const result = (context: StageContext, server: ServerView, address: string): StageResult => ({
  facts: { serverId: server.id, address },
  outcome: {
    Server: server.name,
    Id: server.id,
    Address: address,
    Flavor: server.flavor,
    Password: context.plan.server?.adminPass === undefined ? 'made by Windows' : 'chosen by you',
  },
});
