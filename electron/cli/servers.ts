// Commands about servers: password, connect.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CasementError } from '../../shared/errors.ts';
import type { ServerPassword, ServerView } from '../../shared/views.ts';
import { createClouds } from '../backend/clouds.ts';
import { createDesktops } from '../backend/desktops.ts';
import { createDisplay } from '../backend/display.ts';
import { createEvents } from '../backend/events.ts';
import { createHosts } from '../backend/hosts.ts';
import { createWays } from '../backend/ways.ts';
import type { Cloud } from '../cloud/types.ts';
import type { Secrets } from '../desktop/port.ts';
import { receivedPassword } from '../run/password.ts';
import { withCloudService } from './backend.ts';
import { type CloudOptions, cloudFrom, withCloud, withJson } from './options.ts';
import { EXIT, ExitError, print, printJson, usageError } from './output.ts';
import { terminalAsk } from './terminal.ts';

interface Flags extends CloudOptions {
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
  readonly user?: string;
  readonly json?: boolean;
}

/** Adds `password` and `connect`. */
export function addServerCommands(program: Command): void {
  withJson(withCloud(program.command('password')))
    .argument('<server>', 'name or id of the server')
    .requiredOption('--private-key <file>', 'private key of the key pair the server was launched with')
    .option('--passphrase <ref>', 'where the passphrase of that key lies: env:NAME or ask:LABEL')
    .summary('print the password that Windows made for a server')
    .description('Exit code 1 when it is not there; the sentence says whether it will still come.')
    .addHelpText('after', '\nExample:\n  casement password web1 --cloud demo --private-key ~/.ssh/web1.pem')
    .action(async (name: string, flags: Flags) => {
      const password = await withCloudService(cloudFrom(flags), async (cloud, secrets) =>
        received(cloud, await findServer(cloud, name), flags, secrets),
      );
      if (flags.json) printJson(password);
      else if (password.state === 'known') print(password.password);
      else process.stderr.write(`${password.reason}\n`);
      if (password.state !== 'known') throw new ExitError(EXIT.failed);
    });

  withJson(withCloud(program.command('connect')))
    .argument('<server>', 'name or id of the server')
    .option('--private-key <file>', 'private key that decrypts the password Windows made')
    .option('--passphrase <ref>', 'where the passphrase of that key lies: env:NAME or ask:LABEL')
    .option('--password <ref>', 'where the password lies: env:NAME or ask:LABEL')
    .option('--user <name>', 'account to sign in with', 'Administrator')
    .summary('open the desktop of a server in the RDP client of this computer')
    .description('Without a screen the login is proven on one that nobody sees, and the session ends.')
    .addHelpText('after', '\nExample:\n  casement connect web1 --cloud demo --password ask:Administrator')
    .action(async (name: string, flags: Flags) => {
      await withCloudService(cloudFrom(flags), (cloud, secrets, home) =>
        open(cloud, secrets, home, name, flags),
      );
    });
}

async function open(cloud: Cloud, secrets: Secrets, home: string, name: string, flags: Flags): Promise<void> {
  const server = await findServer(cloud, name);
  const events = createEvents();
  // Asked before a session opens: proving a login gives this process a screen that nobody sees.
  const unseen = createDisplay().missing();
  const clouds = createClouds({ home, ask: terminalAsk(), secrets });
  const hosts = createHosts({ ask: terminalAsk(), secrets, events });
  const ways = createWays({ home, hosts });
  const desktops = createDesktops({ home, events, secrets, clouds, ways });
  try {
    const { view, opened } = await desktops.open({
      server: server.id,
      title: server.name,
      addresses: server.addresses.map(({ address }) => address),
      hosts: [],
      user: flags.user ?? 'Administrator',
      client: 'auto',
      password: () => passwordFor(cloud, server, flags, secrets),
    });
    const closed = new Promise<void>((done) => {
      events.on((_event, payload) => {
        const { id, state } = payload as typeof view;
        if (id === view.id && (state === 'closed' || state === 'failed')) done();
      });
    });
    await opened;
    if (flags.json) printJson({ server: server.id, address: view.address, via: view.via, loggedIn: true });
    else print(`logged in at ${view.address}${view.via === null ? '' : `, through ${view.via}`}`);
    if (!unseen) await closed;
  } finally {
    await desktops.close();
    await clouds.close();
    await hosts.close();
  }
}

async function passwordFor(
  cloud: Cloud,
  server: ServerView,
  flags: Flags,
  secrets: Secrets,
): Promise<string> {
  if (flags.password !== undefined) return await secrets.get(flags.password, 'the password of the server');
  if (flags.privateKey === undefined)
    throw usageError('No password is named.', 'Add --password REF or --private-key FILE.');
  const password = await received(cloud, server, flags, secrets);
  if (password.state === 'known') return password.password;
  throw new CasementError({
    code: 'connect.no-password',
    title: 'The password of the server is not known',
    whatHappened: password.reason,
    whatToDo: 'Wait a while and try again, or use --password.',
  });
}

async function received(
  cloud: Cloud,
  server: ServerView,
  flags: Flags,
  secrets: Secrets,
): Promise<ServerPassword> {
  const passphrase =
    flags.passphrase === undefined
      ? undefined
      : await secrets.get(flags.passphrase, 'the passphrase of the private key');
  return await receivedPassword(cloud, server.id, resolve(flags.privateKey ?? ''), passphrase);
}

async function findServer(cloud: Cloud, name: string): Promise<ServerView> {
  const servers = await cloud.servers();
  const found = servers.filter((server) => server.id === name || server.name === name);
  const [only] = found;
  if (only && found.length === 1) return only;
  throw usageError(
    found.length === 0 ? `No server is called ${name}.` : `${found.length} servers are called ${name}.`,
    found.length === 0
      ? `There are: ${servers.map((server) => server.name).join(', ') || 'none'}.`
      : `Write the id of one: ${found.map(({ id }) => id).join(', ')}.`,
  );
}
