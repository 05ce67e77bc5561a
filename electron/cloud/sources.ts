// Where a sign-in comes from: clouds.yaml, an openrc file, or typed values. Reads files, asks for secrets.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import type { CloudSource } from '../../shared/plan.ts';
import type { CloudChoice } from '../../shared/views.ts';
import type { Secrets } from '../desktop/port.ts';
import { flatten, mergeTrees, parseClouds, type Surroundings, searchPath, type Tree } from './clouds-yaml.ts';
import { type Credentials, credentialsFrom, isApplicationCredential, type Settings } from './credentials.ts';
import { parseOpenrc } from './openrc.ts';

/** The surroundings of this process. */
export function here(): Surroundings {
  return { cwd: process.cwd(), home: homedir(), platform: process.platform, env: process.env };
}

/** Every cloud of every clouds.yaml in the usual places. Throws `cloud.bad-yaml` for a broken one. */
export async function cloudChoices(at: Surroundings = here()): Promise<CloudChoice[]> {
  const choices: CloudChoice[] = [];
  for (const file of searchPath('clouds', at)) {
    const text = await readOrNull(file);
    if (text === null) continue;
    for (const [cloud, tree] of parseClouds(text, file))
      choices.push({ cloud, file, authUrl: flatten(tree).auth_url ?? '' });
  }
  return choices;
}

/** What is needed to sign in; secrets are fetched (or asked for) only here. Throws sentences for what is missing. */
export async function resolveCloud(
  source: CloudSource,
  secrets: Secrets,
  at: Surroundings = here(),
): Promise<Credentials> {
  const found = await settingsOf(source, secrets, at);
  const credentials = credentialsFrom(found.settings, found.where);
  return {
    ...credentials,
    region: source.region ?? credentials.region,
    caFile: source.caFile ?? credentials.caFile,
  };
}

async function settingsOf(
  source: CloudSource,
  secrets: Secrets,
  at: Surroundings,
): Promise<{ settings: Settings; where: string }> {
  switch (source.kind) {
    case 'clouds.yaml': {
      const { settings, file } = await fromCloudsYaml(source.cloud, source.file, at);
      const where = `The cloud "${source.cloud}" in ${file}`;
      return { settings: await withSecret(settings, source.cloud, secrets), where };
    }
    case 'openrc': {
      const text = await readOrNull(source.file);
      if (text === null) throw noFile(source.file);
      const { settings, asksPassword } = parseOpenrc(text, source.file);
      const where = source.file;
      if (source.password && asksPassword && !isApplicationCredential(settings)) {
        const password = await secrets.get(source.password, 'OpenStack password');
        return { settings: { ...settings, password }, where };
      }
      return { settings: await withSecret(settings, source.file, secrets), where };
    }
    case 'password':
      return {
        where: 'The typed sign-in',
        settings: {
          auth_url: source.authUrl,
          auth_type: 'password',
          username: source.username,
          user_domain_name: source.userDomain,
          project_name: source.project,
          project_domain_name: source.projectDomain,
          password: await secrets.get(source.password, `OpenStack password of ${source.username}`),
        },
      };
    case 'application-credential':
      return {
        where: 'The typed sign-in',
        settings: {
          auth_url: source.authUrl,
          auth_type: 'v3applicationcredential',
          application_credential_id: source.id,
          application_credential_secret: await secrets.get(
            source.secret,
            'Secret of the application credential',
          ),
        },
      };
  }
}

/** Asks for the one secret that the settings leave out. */
async function withSecret(settings: Settings, name: string, secrets: Secrets): Promise<Settings> {
  if (isApplicationCredential(settings)) {
    if (settings.application_credential_secret) return settings;
    const label = `Secret of the application credential for ${name}`;
    return { ...settings, application_credential_secret: await secrets.get(`ask:${label}`, label) };
  }
  if (settings.password || !settings.auth_url) return settings;
  const label = `OpenStack password of ${settings.username ?? 'the user'} for ${name}`;
  return { ...settings, password: await secrets.get(`ask:${label}`, label) };
}

async function fromCloudsYaml(
  cloud: string,
  file: string | undefined,
  at: Surroundings,
): Promise<{ settings: Settings; file: string }> {
  const files = file === undefined ? searchPath('clouds', at) : [resolve(at.cwd, file)];
  const names: string[] = [];
  for (const candidate of files) {
    const text = await readOrNull(candidate);
    if (text === null) {
      if (file !== undefined) throw noFile(candidate);
      continue;
    }
    const clouds = parseClouds(text, candidate);
    const base = clouds.get(cloud);
    if (!base) {
      names.push(...clouds.keys());
      continue;
    }
    const secure = await secureOf(cloud, candidate, at);
    const tree = secure ? mergeTrees(base, secure) : base;
    const settings = flatten(tree);
    const cacert = settings.cacert;
    // A relative CA path is relative to the file that names it, not to wherever Casement was started.
    return {
      file: candidate,
      settings: cacert
        ? { ...settings, cacert: resolve(dirname(candidate), expandHome(cacert, at)) }
        : settings,
    };
  }
  throw new CasementError({
    code: 'cloud.unknown',
    title: `There is no cloud "${cloud}"`,
    whatHappened:
      names.length > 0
        ? `The clouds.yaml files name only: ${names.join(', ')}.`
        : `No clouds.yaml was found in ${files.map(dirname).filter(unique).join(', ')}.`,
    whatToDo:
      'Download clouds.yaml from Horizon (API Access) into one of these folders, or choose another cloud.',
  });
}

/** The secure part of a cloud: the file beside its clouds.yaml first, then the usual places. */
async function secureOf(cloud: string, file: string, at: Surroundings): Promise<Tree | undefined> {
  const beside = ['secure.yaml', 'secure.yml'].map((name) => join(dirname(file), name));
  for (const candidate of [...beside, ...searchPath('secure', at)].filter(unique)) {
    const text = await readOrNull(candidate);
    const found = text === null ? undefined : parseClouds(text, candidate).get(cloud);
    if (found) return found;
  }
  return undefined;
}

function expandHome(path: string, at: Surroundings): string {
  return path.startsWith('~/') ? join(at.home, path.slice(2)) : path;
}

const unique = <T>(value: T, index: number, all: readonly T[]) => all.indexOf(value) === index;

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new CasementError(
      {
        code: 'cloud.unreadable-file',
        title: 'A cloud file cannot be opened',
        whatHappened: `${file} exists but cannot be read${code === 'EACCES' ? ': permission denied' : ''}.`,
        whatToDo: 'Give your account the right to read this file.',
        detail: String(error),
      },
      error,
    );
  }
}

function noFile(file: string): CasementError {
  return new CasementError({
    code: 'cloud.no-file',
    title: 'The cloud file is not there',
    whatHappened: `${file} does not exist.`,
    whatToDo: 'Choose the file again, or download it from Horizon (API Access).',
  });
}
