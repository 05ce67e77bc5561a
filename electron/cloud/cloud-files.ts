// Reads clouds.yaml with its secrets and the profile it builds on, from where OpenStack's own tools look.
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import type { CloudChoice } from '../../shared/views.ts';
import {
  type CloudsFile,
  flatten,
  mergeTrees,
  parseClouds,
  type Surroundings,
  searchPath,
  type Tree,
} from './clouds-yaml.ts';
import type { Settings } from './credentials.ts';

/** What openstacksdk calls the cloud of the OS_ variables. */
export const ENVIRONMENT_CLOUD = 'envvars';

export interface FoundSettings {
  readonly settings: Settings;
  /** Where they stand, as the beginning of a sentence. */
  readonly where: string;
}

/** Every cloud of every clouds.yaml in the usual places, `OS_CLOUD` marked. Throws `cloud.bad-yaml` for a broken one. */
export async function cloudChoices(at: Surroundings): Promise<CloudChoice[]> {
  const found: Omit<CloudChoice, 'chosen'>[] = [];
  for (const file of searchPath('clouds', at)) {
    const text = await readOrNull(file);
    if (text === null) continue;
    for (const [cloud, own] of parseClouds(text, file)) {
      const { tree } = await withProfile(own, at);
      const { auth_url = '', project_name, region_name } = flatten(tree);
      found.push({
        cloud,
        file,
        authUrl: auth_url,
        project: project_name ?? null,
        region: region_name ?? null,
      });
    }
  }
  const env = environment(at.env);
  if (env.auth_url && (env.username || env.auth_type || env.application_credential_id || env.token)) {
    const { auth_url, project_name, region_name } = env;
    found.push({
      cloud: ENVIRONMENT_CLOUD,
      file: '',
      authUrl: auth_url,
      project: project_name ?? null,
      region: region_name ?? null,
    });
  }
  const wanted = at.env.OS_CLOUD ?? (found.length === 1 ? found[0]?.cloud : undefined);
  const first = found.findIndex(({ cloud }) => cloud === wanted);
  return found.map((choice, index) => ({ ...choice, chosen: index === first }));
}

/** The settings of one cloud, its profile below and its secrets above. Throws `cloud.unknown` naming those there are. */
export async function cloudSettings(
  cloud: string,
  file: string | undefined,
  at: Surroundings,
): Promise<FoundSettings> {
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
    const { tree, missing } = await withProfile(base, at);
    const secure = await secureOf(cloud, candidate, at);
    const settings = flatten(secure ? mergeTrees(tree, secure) : tree);
    if (missing !== null && !settings.auth_url) throw noProfile(cloud, missing);
    return {
      where: `The cloud "${cloud}" in ${candidate}`,
      settings: besideFile(settings, dirname(candidate), at),
    };
  }
  if (cloud === ENVIRONMENT_CLOUD && file === undefined)
    return { where: 'The environment (OS_ variables)', settings: environment(at.env) };
  throw new CasementError({
    code: 'cloud.unknown',
    title: `There is no cloud "${cloud}"`,
    whatHappened:
      names.length > 0
        ? `The clouds.yaml files name only: ${names.join(', ')}.`
        : `No clouds.yaml was found in ${files
            .map((path) => dirname(path))
            .filter(unique)
            .join(', ')}.`,
    whatToDo:
      'Download clouds.yaml from Horizon (API Access) into one of these folders, or choose another cloud.',
  });
}

/** Text of a file, null when there is none. Throws `cloud.unreadable-file`. */
export async function readOrNull(file: string): Promise<string | null> {
  try {
    const bytes = await readFile(file);
    // PowerShell's own `>` and Windows' editors write UTF-16.
    return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8');
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

/** The error of a file that was named and is not there. */
export function noFile(file: string): CasementError {
  return new CasementError({
    code: 'cloud.no-file',
    title: 'The cloud file is not there',
    whatHappened: `${file} does not exist.`,
    whatToDo: 'Choose the file again, or download it from Horizon (API Access).',
  });
}

/** A path of the settings is relative to the file that names it, not to wherever Casement was started. */
export function besideFile(settings: Settings, folder: string, at: Surroundings): Settings {
  const paths = ['cacert', 'cert', 'key'].flatMap((key) => {
    const value = settings[key];
    if (!value) return [];
    const whole = /^~[/\\]/.test(value) ? join(at.home, value.slice(2)) : value;
    return [[key, resolve(folder, whole)] as const];
  });
  return { ...settings, ...Object.fromEntries(paths) };
}

/** The OS_ variables as settings. */
function environment(env: Surroundings['env']): Settings {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith('OS_') && value ? [[name.slice(3).toLowerCase(), value] as const] : [],
    ),
  );
}

/** A cloud laid over the vendor's profile it names; `missing` is the name of one that no file holds. */
async function withProfile(cloud: Tree, at: Surroundings): Promise<{ tree: Tree; missing: string | null }> {
  // `cloud` is the older word for the same.
  const name = cloud.profile ?? cloud.cloud;
  if (typeof name !== 'string' || name === '') return { tree: cloud, missing: null };
  const found = await firstOf('clouds-public', name, searchPath('clouds-public', at));
  return found ? { tree: mergeTrees(found, cloud), missing: null } : { tree: cloud, missing: name };
}

/** The secure part of a cloud: the file beside its clouds.yaml first, then the usual places. */
function secureOf(cloud: string, file: string, at: Surroundings): Promise<Tree | undefined> {
  const beside = ['secure.yaml', 'secure.yml', 'secure.json'].map((name) => join(dirname(file), name));
  return firstOf('secure', cloud, [...beside, ...searchPath('secure', at)].filter(unique));
}

async function firstOf(what: CloudsFile, name: string, files: readonly string[]): Promise<Tree | undefined> {
  for (const file of files) {
    const text = await readOrNull(file);
    const key = what === 'clouds-public' ? 'public-clouds' : 'clouds';
    const found = text === null ? undefined : parseClouds(text, file, key).get(name);
    if (found) return found;
  }
  return undefined;
}

const unique = <T>(value: T, index: number, all: readonly T[]) => all.indexOf(value) === index;

function noProfile(cloud: string, profile: string): CasementError {
  return new CasementError({
    code: 'cloud.no-profile',
    title: `The profile "${profile}" is not known`,
    whatHappened: `The cloud "${cloud}" builds on the profile "${profile}", which stands in no clouds-public.yaml, and it names no auth_url itself. Casement fetches no profiles from the internet.`,
    whatToDo: 'Put a clouds-public.yaml beside clouds.yaml, or write auth_url below auth: in clouds.yaml.',
  });
}
