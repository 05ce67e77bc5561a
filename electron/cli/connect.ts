// Commands that get into one server: password, connect.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CloudSource } from '../../shared/plan.ts';
import type { SessionView } from '../../shared/views.ts';
import type { ServerRow } from '../../shared/views-servers.ts';
import { createSecrets } from '../backend/secrets.ts';
import { noDesktop } from '../desktop/none.ts';
import { type CliBackend, withBackend } from './backend.ts';
import { type DesktopFlags, desktopFrom, withDesktop } from './desktop-options.ts';
import { type CloudOptions, cloudFrom, withCloud, withJson } from './options.ts';
import { EXIT, ExitError, print, printError, printJson, usageError, visibleLines } from './output.ts';
import { allServers } from './servers.ts';
import { terminalAsk } from './terminal.ts';

interface Flags extends CloudOptions {
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly json?: boolean;
}

interface PasswordFlags extends Flags {
  readonly forget?: boolean;
}

interface ConnectFlags extends Flags, DesktopFlags {
  readonly password?: string;
  readonly forgetCertificate?: boolean;
}

/** Adds `password` and `connect`. */
export function addConnectCommands(program: Command): void {
  withJson(withCloud(program.command('password')))
    .argument('<server>', 'name or id of the server')
    .option(
      '--private-key <file>',
      'private key of the key pair the server was launched with; remembered for the next time',
    )
    .option('--passphrase <ref>', 'where the passphrase of that key lies: env:NAME or ask:LABEL')
    .option(
      '--forget',
      'print none; once you have signed in: take a chosen password out of the metadata, where the whole project reads it',
    )
    .summary('print the password that Windows made for a server, or take a chosen one out of its metadata')
    .description('Exit code 1 when it is not there; the sentence says whether it will still come.')
    .addHelpText(
      'after',
      '\nExamples:\n  casement password web1 --cloud demo --private-key ~/.ssh/web1.pem\n  casement password web1 --cloud demo --forget',
    )
    .action(async (name: string, flags: PasswordFlags) => {
      const cloud = cloudFrom(flags);
      await withBackend(async (backend) => {
        const server = await findServer(backend, cloud, name);
        if (flags.forget) return await forget(backend, cloud, server, flags);
        const password = await backend.call('servers.password', {
          cloud,
          server: server.id,
          ...(await keyOf(flags)),
        });
        if (flags.json) printJson(password);
        else if (password.state === 'known') print(password.password);
        else process.stderr.write(`${visibleLines(password.reason)}\n`);
        if (password.state !== 'known') throw new ExitError(EXIT.failed);
      });
    });

  withDesktop(withJson(withCloud(program.command('connect'))))
    .argument('<server>', 'name or id of the server')
    .option('--private-key <file>', 'private key that decrypts the password Windows made; remembered')
    .option('--passphrase <ref>', 'where the passphrase of that key lies: env:NAME or ask:LABEL')
    .option('--password <ref>', 'where the password lies: env:NAME or ask:LABEL')
    .option('--forget-certificate', 'trust the certificate that the server shows now, after a rebuild')
    .summary('open the desktop of a server in the RDP client of this computer')
    .description(
      'Directly where an address of the server answers, else through SSH hosts (--via, and those of earlier builds).\nWithout a screen the login is proven on one that nobody sees, and the session ends.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  casement connect web1 --cloud demo --password ask:Administrator\n  casement connect web1 --cloud demo --via ssh://admin@kvm1 --full-screen',
    )
    .action(async (name: string, flags: ConnectFlags) => {
      const source = cloudFrom(flags);
      await withBackend((backend) => connect(backend, source, name, flags));
    });
}

async function forget(
  backend: CliBackend,
  cloud: CloudSource,
  { id, name }: ServerRow,
  { json }: PasswordFlags,
): Promise<void> {
  const { removed } = await backend.call('servers.forgetPassword', { cloud, server: id });
  if (json) printJson({ server: id, removed });
  else
    print(
      removed
        ? `The password is out of the metadata of ${name}. It stays the password of the server.`
        : `No password stands in the metadata of ${name}.`,
    );
}

async function connect(
  backend: CliBackend,
  cloud: CloudSource,
  name: string,
  flags: ConnectFlags,
): Promise<void> {
  const { user, client, via, desktop } = desktopFrom(flags);
  const password =
    flags.password === undefined ? {} : { password: await secret(flags.password, 'password of the server') };
  const key = await keyOf(flags);
  const server = await findServer(backend, cloud, name);
  if (flags.forgetCertificate) await backend.call('servers.forget', { server: server.id });
  const sessions = new Map<string, SessionView>();
  let wake = (): void => undefined;
  const stop = backend.on((event, payload) => {
    if (event === 'session.changed') {
      const view = payload as SessionView;
      sessions.set(view.id, view);
      wake();
    } else if (event === 'servers.progress' && !flags.json && process.stderr.isTTY)
      process.stderr.write(`${visibleLines((payload as { message: string }).message)}\n`);
  });
  try {
    const { id } = await backend.call('servers.connect', {
      ...{ cloud, server: server.id, user, client, desktop, hosts: [] },
      ...password,
      ...key,
      ...(via ? { via } : {}),
    });
    const until = async (states: readonly SessionView['state'][]): Promise<SessionView> => {
      for (;;) {
        const view = sessions.get(id);
        if (view && states.includes(view.state)) return view;
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    };
    const view = await until(['open', 'closed', 'failed']);
    if (view.error) {
      printError(view.error, flags.json ?? false);
      throw new ExitError(EXIT.failed);
    }
    const { address } = view;
    if (flags.json) printJson({ server: server.id, address, via: view.via, loggedIn: true });
    else print(`logged in at ${address}${view.via === null ? '' : `, through ${view.via}`}`);
    if (server.passwordStands && !flags.json)
      process.stderr.write(
        'The chosen password still stands in the metadata, where the whole project can read it; "casement password SERVER --forget" takes it out.\n',
      );
    if (!view.hidden) await until(['closed', 'failed']);
  } finally {
    stop();
  }
}

async function keyOf(flags: Flags): Promise<{ privateKey?: string; passphrase?: string }> {
  return {
    ...(flags.privateKey === undefined ? {} : { privateKey: resolve(flags.privateKey) }),
    ...(flags.passphrase === undefined
      ? {}
      : { passphrase: await secret(flags.passphrase, 'passphrase of the private key') }),
  };
}

function secret(ref: string, what: string): Promise<string> {
  return createSecrets(noDesktop, terminalAsk()).get(ref, `the ${what}`);
}

async function findServer(backend: CliBackend, cloud: CloudSource, name: string): Promise<ServerRow> {
  const servers = await allServers(backend, cloud);
  const found = servers.filter((server) => server.id === name || server.name === name);
  const [only] = found;
  if (only && found.length === 1) return only;
  const names = servers.slice(0, 20).map((server) => server.name);
  throw usageError(
    found.length === 0 ? `No server is called ${name}.` : `${found.length} servers are called ${name}.`,
    found.length === 0
      ? `There are: ${names.join(', ') || 'none'}${servers.length > names.length ? ' and more' : ''}.`
      : `Write the id of one: ${found.map(({ id }) => id).join(', ')}.`,
  );
}
