// Where a sign-in comes from: clouds.yaml, an openrc file, or typed values. Asks for the secrets that are missing.
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import type { CloudSource } from '../../shared/plan.ts';
import type { CloudTrust } from '../../shared/views-cloud.ts';
import type { Secrets } from '../desktop/port.ts';
import { besideFile, cloudSettings, type FoundSettings, noFile, readOrNull } from './cloud-files.ts';
import type { Surroundings } from './clouds-yaml.ts';
import {
  type Credentials,
  certificateChecked,
  credentialsFrom,
  type Settings,
  secretWanted,
} from './credentials.ts';
import { parseOpenrc } from './openrc.ts';

/** The surroundings of this process. */
export function here(): Surroundings {
  return { cwd: process.cwd(), home: homedir(), platform: process.platform, env: process.env };
}

/** What is needed to sign in; secrets are fetched (or asked for) only here. Throws sentences for what is missing. */
export async function resolveCloud(
  source: CloudSource,
  secrets: Secrets,
  at: Surroundings = here(),
): Promise<Credentials> {
  const found = await settingsOf(source, secrets, at);
  const credentials = credentialsFrom(overridden(source, found.settings), found.where);
  if ('project' in source && source.project && credentials.proof.kind === 'application-credential')
    throw new CasementError({
      code: 'cloud.fixed-project',
      title: 'An application credential belongs to one project',
      whatHappened: `${found.where} signs in with an application credential. Keystone ties it to the project it was made in and lets it into no other, so not into "${source.project}".`,
      whatToDo: `Make an application credential inside "${source.project}" (Horizon, Identity), or sign in with a password.`,
    });
  return credentials;
}

/** Whether the certificate of a cloud will be checked, told without a secret and without signing in. */
export async function cloudTrust(source: CloudSource, at: Surroundings = here()): Promise<CloudTrust> {
  const settings = overridden(source, await openSettings(source, at));
  return { authUrl: settings.auth_url ?? '', checked: certificateChecked(settings) };
}

async function openSettings(source: CloudSource, at: Surroundings): Promise<Settings> {
  switch (source.kind) {
    case 'clouds.yaml':
      return (await cloudSettings(source.cloud, source.file, at)).settings;
    case 'openrc':
      return (await readOpenrc(source.file)).settings;
    default:
      return { auth_url: source.authUrl };
  }
}

async function readOpenrc(file: string) {
  const text = await readOrNull(file);
  if (text === null) throw noFile(file);
  return parseOpenrc(text, file);
}

/** What the plan says beside the file wins over the file. */
function overridden(source: CloudSource, settings: Settings): Settings {
  const { region, caFile, certFile, keyFile, verify } = source;
  return {
    ...('project' in source && source.project ? withProject(settings, source.project) : settings),
    ...(region ? { region_name: region } : {}),
    ...(caFile ? { cacert: caFile } : {}),
    ...(certFile ? { cert: certFile, key: keyFile ?? '' } : {}),
    ...(keyFile ? { key: keyFile } : {}),
    ...(verify === undefined ? {} : { verify: String(verify), insecure: '' }),
  };
}

/** Another project; one named by its name is looked for in the domain that the settings name. */
function withProject(settings: Settings, project: string): Settings {
  const others = Object.entries(settings).filter(([key]) => !/^(project|tenant)_(id|name)$/.test(key));
  // Keystone's ids are 32 hexadecimal digits.
  const key = /^[0-9a-f]{32}$/.test(project) ? 'project_id' : 'project_name';
  return { ...Object.fromEntries(others), [key]: project };
}

async function settingsOf(source: CloudSource, secrets: Secrets, at: Surroundings): Promise<FoundSettings> {
  switch (source.kind) {
    case 'clouds.yaml': {
      const found = await cloudSettings(source.cloud, source.file, at);
      return { ...found, settings: await withSecret(found, source.cloud, secrets) };
    }
    case 'openrc':
      return await fromOpenrc(source, secrets, at);
    default:
      return { where: 'The typed sign-in', settings: await typed(source, secrets) };
  }
}

async function fromOpenrc(
  source: Extract<CloudSource, { kind: 'openrc' }>,
  secrets: Secrets,
  at: Surroundings,
): Promise<FoundSettings> {
  const { settings, asksPassword } = await readOpenrc(source.file);
  const found = { where: source.file, settings: besideFile(settings, dirname(resolve(source.file)), at) };
  if (source.password && asksPassword && secretWanted(settings, source.file) === 'password') {
    const password = await secrets.get(source.password, 'OpenStack password');
    return { ...found, settings: { ...found.settings, password } };
  }
  return { ...found, settings: await withSecret(found, source.file, secrets) };
}

type Typed = Exclude<CloudSource, { kind: 'clouds.yaml' | 'openrc' }>;

async function typed(source: Typed, secrets: Secrets): Promise<Settings> {
  const scope = 'projectDomain' in source ? { project_domain_name: source.projectDomain } : {};
  const base = { auth_url: source.authUrl, ...scope };
  switch (source.kind) {
    case 'password': {
      const { username, userDomain, passcode } = source;
      const password = await secrets.get(source.password, `OpenStack password of ${username}`);
      const auth_type = passcode ? 'v3multifactor' : 'password';
      return { ...base, auth_type, username, user_domain_name: userDomain, password };
    }
    case 'totp':
      return {
        ...base,
        auth_type: 'v3totp',
        username: source.username,
        user_domain_name: source.userDomain,
      };
    case 'token':
      return { ...base, auth_type: 'token', token: await secrets.get(source.token, 'OpenStack token') };
    case 'websso': {
      const { protocol, identityProvider, redirectPort } = source;
      return {
        ...base,
        auth_type: 'v3websso',
        protocol,
        ...(identityProvider === undefined ? {} : { identity_provider: identityProvider }),
        ...(redirectPort === undefined ? {} : { redirect_port: String(redirectPort) }),
      };
    }
    case 'application-credential': {
      const secret = await secrets.get(source.secret, 'Secret of the application credential');
      return {
        ...base,
        auth_type: 'v3applicationcredential',
        application_credential_id: source.id,
        application_credential_secret: secret,
      };
    }
  }
}

/** Asks for the one secret that the settings leave out. */
async function withSecret(
  { settings, where }: FoundSettings,
  name: string,
  secrets: Secrets,
): Promise<Settings> {
  // Without an address the sentence about that comes first.
  const wanted = settings.auth_url ? secretWanted(settings, where) : null;
  if (wanted === null) return settings;
  const [key, what] = {
    secret: ['application_credential_secret', 'Secret of the application credential'],
    password: ['password', `OpenStack password of ${settings.username ?? 'the user'}`],
    token: ['token', 'OpenStack token'],
  }[wanted] as [string, string];
  const label = `${what} for ${name}`;
  return { ...settings, [key]: await secrets.get(`ask:${label}`, label) };
}
