// Whether the password of a server is known, still to come, or will never come. The decision is pure; the reading
// of the key file is the only thing done.
import { readFile } from 'node:fs/promises';
import { CasementError } from '../../shared/errors.ts';
import type { ServerPassword } from '../../shared/views.ts';
import { decryptPassword, keyCanReceivePassword } from './decrypt.ts';

/** What Nova knows; `encrypted` is base64, null while the guest has posted nothing. */
export interface PasswordState {
  readonly encrypted: string | null;
  readonly keypair: string | null;
  /** `ssh-rsa` and the like; null when Nova no longer tells. */
  readonly keyType: string | null;
  readonly status: string;
  readonly launchedAt: string | null;
  readonly adminPassGiven: boolean;
}

/** A sysprepped Windows posts its password 3 to 20 minutes after its first start; an hour later it will not. */
const NEVER_AFTER_MS = 60 * 60_000;

/** `decrypt` when there is something to decrypt, else what to tell. `now` in ms since 1970. */
export function passwordState(
  state: PasswordState,
  now: number,
): { readonly state: 'decrypt'; readonly encrypted: string } | Exclude<ServerPassword, { state: 'known' }> {
  if (state.encrypted !== null) return { state: 'decrypt', encrypted: state.encrypted };
  const never = (reason: string) => ({ state: 'never', reason }) as const;
  const notYet = (reason: string) => ({ state: 'not-yet', reason }) as const;
  const chosen = state.adminPassGiven
    ? ' It was launched with a chosen password (admin_pass): sign in with that.'
    : '';
  if (state.keypair === null)
    return never(`The server was launched without a key pair, so it reports no password.${chosen}`);
  if (state.keyType !== null && !keyCanReceivePassword(state.keyType))
    return never(
      `The key pair "${state.keypair}" is of type ${state.keyType}; Windows can report a password for ssh-rsa keys only.${chosen}`,
    );
  if (/^(ERROR|DELETED|SOFT_DELETED)$/.test(state.status))
    return never(`The server is in state ${state.status}; its Windows does not run.`);
  if (/^(BUILD|REBUILD)$/.test(state.status)) return notYet('Nova is still building the server.');
  if (state.status !== 'ACTIVE')
    return notYet(
      `The server is in state ${state.status}; its Windows reports the password only while it runs.${chosen}`,
    );
  const age = state.launchedAt === null ? 0 : now - utc(state.launchedAt);
  if (age > NEVER_AFTER_MS)
    return never(
      `The server has run for more than an hour and reported none. Its Cloudbase-Init reached no metadata service, or failed.${chosen}`,
    );
  return notYet(`Windows reports it at the end of its first start, usually within 20 minutes.${chosen}`);
}

/** The password of a server, decrypted with a private key given as text. Throws the sentences of `decryptPassword`. */
export function passwordFrom(state: PasswordState, key: string, passphrase?: string): ServerPassword {
  const decided = passwordState(state, Date.now());
  if (decided.state !== 'decrypt') return decided;
  return { state: 'known', password: decryptPassword(decided.encrypted, key, passphrase) };
}

/** As `passwordFrom`, with the private key in `keyFile`. */
export async function serverPassword(
  state: PasswordState,
  keyFile: string,
  passphrase?: string,
): Promise<ServerPassword> {
  const decided = passwordState(state, Date.now());
  if (decided.state !== 'decrypt') return decided;
  const key = await readFile(keyFile, 'utf8').catch((error: unknown) => {
    throw new CasementError(
      {
        code: 'password.no-key-file',
        title: 'The private key cannot be read',
        whatHappened: `${keyFile} does not exist or may not be read.`,
        whatToDo: 'Choose the private key file of the key pair.',
        detail: String(error),
      },
      error,
    );
  });
  return passwordFrom(state, key, passphrase);
}

/** Nova writes UTC without saying so. */
function utc(text: string): number {
  return Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
}
