// What a sign-in to Keystone needs, made from flat settings: the same names stand in clouds.yaml (`user_domain_name`)
// and, in capitals after OS_, in an openrc file. Pure.
import { CasementError } from '../../shared/errors.ts';

export type Interface = 'public' | 'internal' | 'admin';
type Named = { readonly id: string } | { readonly name: string };

/** How Keystone is convinced; `secret` and `password` are never logged. */
export type Proof =
  | {
      readonly kind: 'password';
      readonly user: Named & { readonly domain?: Named };
      readonly password: string;
      readonly project: Named & { readonly domain?: Named };
    }
  | {
      readonly kind: 'application-credential';
      readonly id?: string;
      readonly name?: string;
      readonly user?: Named & { readonly domain?: Named };
      readonly secret: string;
    };

export interface Credentials {
  readonly authUrl: string;
  readonly proof: Proof;
  readonly region: string | null;
  readonly interface: Interface;
  /** Path of a PEM file with the authorities to trust besides the system's. */
  readonly caFile: string | null;
  /** false when the settings say not to check certificates; shown as a warning. */
  readonly verify: boolean;
}

/** Flat settings by their openstacksdk names. */
export type Settings = Readonly<Record<string, string>>;

const DEFAULT_DOMAIN: Named = { id: 'default' };

/** Whether the settings mean an application credential. */
export function isApplicationCredential(settings: Settings): boolean {
  const type = settings.auth_type ?? '';
  return type.includes('applicationcredential') || (type === '' && hasApplicationCredential(settings));
}

/** The sign-in that flat settings describe; `where` names their source in errors. Throws `cloud.incomplete`. */
export function credentialsFrom(settings: Settings, where: string): Credentials {
  const authUrl = settings.auth_url;
  if (!authUrl) throw incomplete(where, 'the address of Keystone (auth_url)');
  if (!/^https?:\/\//.test(authUrl))
    throw incomplete(where, `an http or https address; auth_url is ${authUrl}`);
  const type = settings.auth_type ?? 'password';
  if (!isApplicationCredential(settings) && !/^(v3)?password$/.test(type))
    throw new CasementError({
      code: 'cloud.auth-type',
      title: 'This way to sign in is not supported',
      whatHappened: `${where} signs in with auth_type "${type}"; Casement knows password and application credential.`,
      whatToDo: 'Create an application credential in Horizon (Identity) and use that.',
    });
  return {
    authUrl,
    proof: isApplicationCredential(settings)
      ? appCredential(settings, where)
      : passwordProof(settings, where),
    region: settings.region_name || null,
    interface: interfaceFrom(settings.interface || settings.endpoint_type || 'public'),
    caFile: settings.cacert || null,
    verify:
      !/^(false|no|0)$/i.test(settings.verify ?? '') && !/^(true|yes|1)$/i.test(settings.insecure ?? ''),
  };
}

function hasApplicationCredential(settings: Settings): boolean {
  return Boolean(settings.application_credential_id || settings.application_credential_name);
}

function passwordProof(settings: Settings, where: string): Proof {
  const user = named(settings, 'user', settings.user_id, settings.username);
  if (!user) throw incomplete(where, 'the user name (username)');
  const projectName = settings.project_name || settings.tenant_name;
  const project = named(settings, 'project', settings.project_id || settings.tenant_id, projectName);
  if (!project) throw incomplete(where, 'the project (project_name)');
  const password = settings.password;
  if (password === undefined) throw incomplete(where, 'the password');
  return { kind: 'password', user, password, project };
}

function appCredential(settings: Settings, where: string): Proof {
  const secret = settings.application_credential_secret;
  if (!secret)
    throw incomplete(where, 'the secret of the application credential (application_credential_secret)');
  const id = settings.application_credential_id;
  if (id) return { kind: 'application-credential', id, secret };
  const name = settings.application_credential_name;
  const user = named(settings, 'user', settings.user_id, settings.username);
  if (!name || !user)
    throw incomplete(where, 'the id of the application credential (application_credential_id)');
  return { kind: 'application-credential', name, user, secret };
}

function named(
  settings: Settings,
  what: 'user' | 'project',
  id: string | undefined,
  name: string | undefined,
): (Named & { domain?: Named }) | null {
  if (id) return { id };
  if (!name) return null;
  const domainId = settings[`${what}_domain_id`] || settings.domain_id || settings.default_domain_id;
  const domainName =
    settings[`${what}_domain_name`] ||
    settings.domain_name ||
    settings.default_domain_name ||
    settings.default_domain;
  // An explicit domain of this user or project wins over a general one, whatever its form.
  if (settings[`${what}_domain_name`] && !settings[`${what}_domain_id`])
    return { name, domain: { name: domainName ?? '' } };
  if (domainId) return { name, domain: { id: domainId } };
  return { name, domain: domainName ? { name: domainName } : DEFAULT_DOMAIN };
}

function interfaceFrom(text: string): Interface {
  const plain = text.replace(/URL$/i, '').toLowerCase();
  return plain === 'internal' || plain === 'admin' ? plain : 'public';
}

function incomplete(where: string, what: string): CasementError {
  return new CasementError({
    code: 'cloud.incomplete',
    title: 'The sign-in to the cloud is incomplete',
    whatHappened: `${where} lacks ${what}.`,
    whatToDo: 'Download the file again from Horizon (API Access), or type the values yourself.',
  });
}
