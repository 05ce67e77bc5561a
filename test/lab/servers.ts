// The stand-in for booted Windows servers: watches Nova and gives every ACTIVE server on the practice network an RDP desktop.
// Started by the laboratory with the settings in CASEMENT_LAB_DIR and CASEMENT_LAB_PORT.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from './openstack/client.ts';
import { keystoneUrl } from './openstack/config.ts';
import { readSecrets } from './secrets.ts';
import { Guest } from './servers/guest.ts';
import { lastAction, listReachable, listServers } from './servers/nova.ts';
import { watchingFile } from './servers/stages.ts';
import { sweepGuests } from './servers/sweep.ts';
import { labDirFrom, pathsIn, portBaseFrom, settingsFor } from './settings.ts';
import { writeWhole } from './system/files.ts';

/** Milliseconds between two looks at Nova. */
const EVERY_MS = 1000;

const dir = labDirFrom(process.env);
const settings = settingsFor(dir, portBaseFrom(process.env));
const paths = pathsIn(dir);
const secrets = readSecrets(paths.secrets);
if (secrets === undefined) throw new Error(`no laboratory in ${dir}`);
const metadata = { url: `http://127.0.0.1:${settings.ports.metadata}`, secret: secrets.metadataSecret };
const novaUrl = `http://127.0.0.1:${settings.ports.nova}/v2.1`;
const neutronUrl = `http://127.0.0.1:${settings.ports.neutron}`;
const admin = new Client({
  authUrl: keystoneUrl(settings),
  username: 'admin',
  password: secrets.adminPassword,
  project: 'admin',
});
const prefix = settings.practice.gateway.replace(/\d+$/, '');
const running = new Map<string, Guest>();
const leaving = new Set<string>();
/** What was known of a server when it was looked at last. */
const seen = new Map<string, { updated: string; request: string }>();

function retire(guest: Guest, forever: boolean): void {
  const { id } = guest.server;
  running.delete(id);
  leaving.add(id);
  void guest
    .powerOff()
    .then(() => (forever ? guest.forget() : undefined))
    .catch((error: unknown) => console.error(id, error))
    .finally(() => leaving.delete(id));
}

/** Whether a server was rebooted or rebuilt since the last look: both are too quick to be seen as a state. */
async function restartOf(id: string, updated: string): Promise<'reboot' | 'rebuild' | undefined> {
  const before = seen.get(id);
  if (before?.updated === updated) return undefined;
  const { action, request } = await lastAction(admin, novaUrl, id);
  seen.set(id, { updated, request });
  if (before === undefined || before.request === request) return undefined;
  return action === 'reboot' || action === 'rebuild' ? action : undefined;
}

async function look(): Promise<void> {
  const wanted = await listServers(admin, novaUrl, prefix);
  const known = new Set(wanted.map(({ server }) => server.id));
  for (const guest of running.values()) if (!known.has(guest.server.id)) retire(guest, true);
  // What is left of servers deleted while they were off.
  for (const entry of readdirSync(paths.servers, { withFileTypes: true })) {
    if (entry.isDirectory() && !known.has(entry.name) && !leaving.has(entry.name)) {
      rmSync(join(paths.servers, entry.name), { recursive: true, force: true });
    }
  }
  for (const { server, power, updated } of wanted) {
    const guest = running.get(server.id);
    const restart = await restartOf(server.id, updated);
    if (guest !== undefined && (power === 'off' || restart !== undefined))
      retire(guest, restart === 'rebuild');
    if (guest === undefined && power === 'on' && !leaving.has(server.id)) {
      const started = new Guest(settings, metadata, server);
      running.set(server.id, started);
      void started.powerOn();
    }
  }
  if (running.size === 0) return;
  const reachable = await listReachable(admin, neutronUrl, settings.practice.gateway);
  for (const guest of running.values()) await guest.setReachable(reachable.has(guest.server.id));
}

async function leave(): Promise<never> {
  await Promise.all([...running.values()].map((guest) => guest.powerOff()));
  process.exit(0);
}

process.on('SIGTERM', () => void leave());
process.on('SIGINT', () => void leave());
await sweepGuests(settings);
writeWhole(watchingFile(settings), JSON.stringify({ pid: process.pid }));
let complaint = '';
for (;;) {
  try {
    await look();
    complaint = '';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Nova may be away for long: say so once.
    if (message !== complaint && existsSync(paths.servers)) console.error(message);
    complaint = message;
  }
  await pause(EVERY_MS);
}
