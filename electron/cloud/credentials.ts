// What a sign-in to Keystone needs, made from flat settings: the same names stand in clouds.yaml (`user_domain_name`)
// and, in capitals after OS_, in an openrc file. Pure.

import { CasementError } from '../../shared/errors.ts';
import { WEBSSO_PORT } from '../../shared/plan-cloud.ts';
import { kindOf, type ProofKind } from './auth-types.ts';

export type Interface = 'public' | 'internal' | 'admin';
export type Named = { readonly id: string } | { readonly name: string };
export type InDomain = Named & { readonly domain?: Named };

/** How Keystone is convinced; `secret`, `password` and `token` are never logged. */
export type Proof =
  /** `passcode`: a one-time passcode (TOTP) is asked for at each sign-in as well. */
  | {
      readonly kind: 'password';
      readonly user: InDomain;
      readonly password: string;
      readonly passcode: boolean;
    }
  | { readonly kind: 'totp'; readonly user: InDomain }
  | { readonly kind: 'token'; readonly token: string }
  /** The browser signs in; without an identity provider Keystone takes the protocol's only one. */
  | {
      readonly kind: 'websso';
      readonly identityProvider: string | null;
      readonly protocol: string;
      readonly port: number;
    }
  | {
      readonly kind: 'application-credential';
      readonly id?: string;
      readonly name?: string;
      readonly user?: InDomain;
      readonly secret: string;
    };

export interface Credentials {
  readonly authUrl: string;
  readonly proof: Proof;
  /** The project to work in; null for the account's default or only one. An application credential has its own. */
  readonly project: InDomain | null;
  readonly region: string | null;
  readonly interface: Interface;
  /** Path of a PEM file with the authorities to trust besides the system's. */
  readonly caFile: string | null;
  /** Paths of the PEM files with which this computer proves itself to the cloud's TLS. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  /** false when the settings say not to check certificates; shown as a warning. */
  readonly verify: boolean;
}

/** Flat settings by their openstacksdk names. */
export type Settings = Readonly<Record<string, string>>;

const DEFAULT_DOMAIN: Named = { id: 'default' };

/** The sign-in that flat settings describe; `where` names their source in errors. Throws `cloud.incomplete`. */
export function credentialsFrom(settings: Settings, where: string): Credentials {
  const authUrl = settings.auth_url;
  if (!authUrl) throw incomplete(where, 'the address of Keystone (auth_url)');
  if (!URL.canParse(authUrl) || !/^https?:\/\//.test(authUrl))
    throw incomplete(where, `an http or https address; auth_url is ${authUrl}`);
  const kind = kindOf(settings, where);
  const key = settings.key || null;
  return {
    authUrl,
    proof: proofFrom(kind, settings, where),
    project: kind === 'application-credential' ? null : projectFrom(settings),
    region: settings.region_name || null,
    interface: interfaceFrom(settings.interface || settings.endpoint_type || 'public'),
    caFile: settings.cacert || null,
    certFile: settings.cert || null,
    keyFile: key,
    verify: certificateChecked(settings),
  };
}

/** Whether the certificate of the cloud is checked: it is, unless the settings say not to. */
export function certificateChecked({ verify = '', insecure = '' }: Settings): boolean {
  return !/^(false|no|0)$/i.test(verify) && !/^(true|yes|1)$/i.test(insecure);
}

function proofFrom(kind: ProofKind, settings: Settings, where: string): Proof {
  switch (kind) {
    case 'application-credential':
      return appCredential(settings, where);
    case 'token': {
      const token = settings.token || settings.auth_token;
      if (!token) throw incomplete(where, 'the token');
      return { kind, token };
    }
    case 'totp':
      return { kind, user: userFrom(settings, where) };
    case 'websso': {
      if (!settings.protocol) throw incomplete(where, 'the protocol of the federation (protocol)');
      const port = Number(settings.redirect_port ?? WEBSSO_PORT);
      if (!Number.isInteger(port) || port < 1 || port > 65535)
        throw incomplete(where, `a port number; redirect_port is ${settings.redirect_port}`);
      const { protocol, identity_provider } = settings;
      return { kind, protocol, identityProvider: identity_provider || null, port };
    }
    case 'password':
    case 'multifactor': {
      const user = userFrom(settings, where);
      const { password } = settings;
      if (password === undefined) throw incomplete(where, 'the password');
      return { kind: 'password', user, password, passcode: kind === 'multifactor' };
    }
  }
}

/** Whether the settings want this secret, which a file may leave out. */
export function secretWanted(settings: Settings, where: string): 'password' | 'secret' | 'token' | null {
  const kind = kindOf(settings, where);
  if (kind === 'application-credential') return settings.application_credential_secret ? null : 'secret';
  if (kind === 'token') return settings.token || settings.auth_token ? null : 'token';
  if (kind === 'password' || kind === 'multifactor') return settings.password ? null : 'password';
  return null;
}

function userFrom(settings: Settings, where: string): InDomain {
  const user = named(settings, 'user', settings.user_id, settings.username || settings.user_name);
  if (!user) throw incomplete(where, 'the user name (username)');
  return user;
}

function projectFrom(settings: Settings): InDomain | null {
  const name = settings.project_name || settings.tenant_name;
  return named(settings, 'project', settings.project_id || settings.tenant_id, name);
}

function appCredential(settings: Settings, where: string): Proof {
  const kind = 'application-credential';
  const secret = settings.application_credential_secret;
  if (!secret)
    throw incomplete(where, 'the secret of the application credential (application_credential_secret)');
  const id = settings.application_credential_id;
  if (id) return { kind, id, secret };
  const name = settings.application_credential_name;
  const user = named(settings, 'user', settings.user_id, settings.username);
  if (!name || !user)
    throw incomplete(where, 'the id of the application credential (application_credential_id)');
  return { kind, name, user, secret };
}

function named(
  settings: Settings,
  what: 'user' | 'project',
  id: string | undefined,
  name: string | undefined,
): InDomain | null {
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
