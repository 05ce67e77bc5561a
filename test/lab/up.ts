// Brings the laboratory up, and takes it down again.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mediaStages } from './media.ts';
import { openstackStages } from './openstack/stages.ts';
import { ensureSecrets } from './secrets.ts';
import { serversStages } from './servers/stages.ts';
import { sweepGuests } from './servers/sweep.ts';
import type { Settings } from './settings.ts';
import { pathsIn } from './settings.ts';
import { endProcessesOfAccounts, removeAccounts } from './ssh/accounts.ts';
import { sshStages } from './ssh/stages.ts';
import type { Report, Stage } from './stages.ts';
import { runStages } from './stages.ts';
import { closeDevices } from './system/devices.ts';
import { writeWhole } from './system/files.ts';
import { removeNetworks } from './system/network.ts';
import { installPackages, PACKAGES } from './system/packages.ts';
import { strangers } from './system/ports.ts';
import { rememberedNames, stop } from './system/processes.ts';

/** The parts a laboratory consists of. */
export const PARTS = ['openstack', 'ssh', 'servers', 'media'] as const;
export type Part = (typeof PARTS)[number];

/** Milliseconds a service has to end by itself: some would wait a minute for idle connections. */
const SERVICE_GRACE_MS = 4000;

function stagesOf(settings: Settings, part: Part): Stage[] {
  switch (part) {
    case 'openstack':
      return openstackStages(settings);
    case 'ssh':
      return sshStages(settings);
    // Without a cloud there are no servers.
    case 'servers':
      return [...openstackStages(settings), ...serversStages(settings)];
    case 'media':
      return mediaStages(settings);
  }
}

const PACKAGES_OF: Record<Part, readonly string[]> = {
  openstack: PACKAGES.openstack,
  ssh: [...PACKAGES.ssh, ...PACKAGES.host],
  servers: [...PACKAGES.openstack, ...PACKAGES.servers],
  media: PACKAGES.host,
};

/** Brings the parts up, or what is missing of them; resolves to the names of the stages that failed. */
export async function up(settings: Settings, parts: readonly Part[], report: Report): Promise<string[]> {
  const taken = await strangers(settings);
  if (taken.length > 0) {
    report(
      'ports',
      'failed',
      `port ${taken.join(', ')} is used by another program, perhaps another laboratory: end it, or set CASEMENT_LAB_PORT to other ports`,
    );
    return ['ports'];
  }
  const paths = pathsIn(settings.dir);
  mkdirSync(settings.dir, { recursive: true });
  for (const folder of [paths.etc, paths.run, paths.log, paths.data])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(paths.lab, `${JSON.stringify({ portBase: settings.portBase })}\n`);
  ensureSecrets(paths.secrets);
  const packages: Stage = {
    name: 'packages',
    needs: [],
    run: async () => {
      const installed = await installPackages(
        parts.flatMap((part) => PACKAGES_OF[part]),
        join(paths.log, 'apt.log'),
      );
      return installed.length === 0 ? 'nothing missing' : `installed ${installed.length}`;
    },
  };
  const byName = new Map(
    parts.flatMap((part) => stagesOf(settings, part)).map((stage) => [stage.name, stage]),
  );
  return runStages([packages, ...byName.values()], report);
}

/** Ends everything `up` started; with `purge` also removes the accounts and every file. */
export async function down(settings: Settings, purge: boolean, report: Report): Promise<void> {
  const { run } = pathsIn(settings.dir);
  // The stand-in first: it puts away its servers itself.
  await stop(run, 'servers', 20_000);
  await sweepGuests(settings);
  const names = rememberedNames(run);
  await Promise.all(names.map((name) => stop(run, name, SERVICE_GRACE_MS)));
  report('processes', 'done', `${names.length} services ended`);
  const ended = await endProcessesOfAccounts(settings);
  report('accounts', 'done', `${ended} processes of the lab's accounts ended`);
  await removeNetworks(settings);
  closeDevices(settings.systemName);
  report('network', 'done', 'namespaces, interfaces and device modes restored');
  if (!purge) return;
  await removeAccounts(settings);
  if (existsSync(settings.dir)) rmSync(settings.dir, { recursive: true, force: true });
  report('purge', 'done', 'accounts and files removed');
}
