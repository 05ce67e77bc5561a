// The password of a run's server: chosen by the admin, or made by Windows and decrypted with the private key.
import { CasementError } from '../../shared/errors.ts';
import { isAcceptable, passwordRules } from '../../shared/passwords.ts';
import type { Plan } from '../../shared/plan.ts';
import type { ServerPassword } from '../../shared/views.ts';
import type { Cloud, PasswordFacts } from '../cloud/types.ts';
import { serverPassword } from '../connect/index.ts';
import type { Secrets } from '../desktop/port.ts';

type ServerPlan = NonNullable<Plan['server']>;

/** The account that gets the password; the name itself is forbidden inside it. */
export const ACCOUNT = 'Administrator';
/** What a person is asked for. */
const TYPED = 'the Administrator password';
/** Metadata key in which Cloudbase-Init finds a chosen password. */
export const ADMIN_PASS = 'admin_pass';

/** The chosen password; null when Windows makes one. Throws `launch.password-refused` where Windows would ignore it. */
export async function chosenPassword(
  server: ServerPlan,
  secrets: Secrets,
  account: string,
): Promise<string | null> {
  if (server.adminPass === undefined) return null;
  const password = await secrets.get(server.adminPass, TYPED);
  if (isAcceptable(password, account)) return password;
  const broken = passwordRules(password, account).filter(({ kept }) => !kept);
  throw new CasementError({
    code: 'launch.password-refused',
    title: 'Windows would not take this password',
    whatHappened: `The chosen password breaks the rule: ${broken.map(({ text }) => text).join('; ')}. Windows would ignore it without a word.`,
    whatToDo: 'Choose another password and continue.',
  });
}

/** The password of a running server: chosen, received, still to come, or never to come. */
export async function desktopPassword(
  cloud: Cloud,
  server: ServerPlan,
  id: string,
  secrets: Secrets,
): Promise<ServerPassword> {
  if (server.adminPass !== undefined)
    return { state: 'known', password: await secrets.get(server.adminPass, TYPED) };
  if (server.privateKey === undefined) throw noPrivateKey();
  return await serverPassword(
    await factsOf(cloud, id),
    server.privateKey,
    await passphraseOf(server, secrets),
  );
}

/** The passphrase of the plan's private key; undefined when it has none. */
export async function passphraseOf(server: ServerPlan, secrets: Secrets): Promise<string | undefined> {
  if (server.privateKeyPassphrase === undefined) return undefined;
  return await secrets.get(server.privateKeyPassphrase, 'the passphrase of the private key');
}

/** What decides about a server's password. Throws `launch.server-gone`. */
export async function factsOf(cloud: Cloud, id: string): Promise<PasswordFacts> {
  const facts = await cloud.passwordFacts(id);
  if (!facts) throw serverGone();
  return facts;
}

/** The sentence for a generated password that nobody could decrypt. */
export function noPrivateKey(): CasementError {
  return new CasementError({
    code: 'launch.no-private-key',
    title: 'Nobody could read the password of this server',
    whatHappened:
      'Windows makes the password and encrypts it to the key pair, but no private key file is named.',
    whatToDo: 'Name the private key file of the key pair, or choose a password yourself.',
  });
}

/** The sentence for a server that vanished. */
export function serverGone(): CasementError {
  return new CasementError({
    code: 'launch.server-gone',
    title: 'The server is gone',
    whatHappened: 'Nova does not know this server any more; somebody may have deleted it.',
    whatToDo:
      'Read the list of servers anew. If a build launched it, continue that build to launch it again.',
  });
}
