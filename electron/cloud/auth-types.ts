// Which way of signing in settings mean: the names of openstacksdk's plugins, and what stands for a missing one. Pure.
import { CasementError } from '../../shared/errors.ts';

export type ProofKind = 'password' | 'multifactor' | 'totp' | 'token' | 'websso' | 'application-credential';

const PLUGINS: Readonly<Record<string, ProofKind>> = {
  password: 'password',
  v3password: 'password',
  token: 'token',
  v3token: 'token',
  v3totp: 'totp',
  totp: 'totp',
  v3websso: 'websso',
  websso: 'websso',
  v3multifactor: 'multifactor',
  multifactor: 'multifactor',
  v3applicationcredential: 'application-credential',
  application_credential: 'application-credential',
};
const METHODS: Readonly<Record<string, string>> = { v3password: 'password', v3totp: 'totp' };

/** The way that flat settings mean. Throws `cloud.auth-type` for one that Casement does not go. */
export function kindOf(settings: Readonly<Record<string, string>>, where: string): ProofKind {
  const type = settings.auth_type ?? guess(settings);
  const kind = PLUGINS[type];
  if (kind === undefined) throw unsupported(where, `auth_type "${type}"`);
  if (kind !== 'multifactor') return kind;
  const methods = (settings.auth_methods ?? 'v3password,v3totp')
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((method) => METHODS[method] ?? method);
  const strange = methods.filter((method) => method !== 'password' && method !== 'totp');
  if (strange.length > 0) throw unsupported(where, `the factor "${strange.join(', ')}"`);
  if (!methods.includes('totp')) return 'password';
  return methods.includes('password') ? 'multifactor' : 'totp';
}

/** What stands there tells what is meant, as openstacksdk guesses it too. */
function guess(settings: Readonly<Record<string, string>>): string {
  if (settings.application_credential_id || settings.application_credential_name)
    return 'v3applicationcredential';
  if ((settings.token || settings.auth_token) && !settings.username && !settings.user_id) return 'token';
  return 'password';
}

function unsupported(where: string, what: string): CasementError {
  return new CasementError({
    code: 'cloud.auth-type',
    title: 'This way to sign in is not supported',
    whatHappened: `${where} signs in with ${what}. Casement knows password, one-time passcode (TOTP), both together, token, application credential and sign-in through the browser (v3websso).`,
    whatToDo: 'Create an application credential in Horizon (Identity) and use that.',
  });
}
