// clouds.yaml and secure.yaml: where OpenStack looks for them, what they say, merged as openstacksdk merges them. Pure.
import { posix, win32 } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { CasementError } from '../../shared/errors.ts';
import type { Settings } from './credentials.ts';

export interface Surroundings {
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Settings of each cloud as nested text values, before they are flattened. */
export type Clouds = ReadonlyMap<string, Tree>;
export interface Tree {
  readonly [key: string]: string | Tree | readonly (string | Tree)[];
}

/** What a file of the search path holds: clouds, their secrets, or the profiles of vendors. */
export type CloudsFile = 'clouds' | 'secure' | 'clouds-public';

const NAMED_BY: Readonly<Record<CloudsFile, string>> = {
  clouds: 'OS_CLIENT_CONFIG_FILE',
  secure: 'OS_CLIENT_SECURE_FILE',
  'clouds-public': 'OS_CLIENT_VENDOR_FILE',
};

/** The files to look for, in openstacksdk's order. */
export function searchPath(what: CloudsFile, at: Surroundings): string[] {
  const { join } = at.platform === 'win32' ? win32 : posix;
  const named = at.env[NAMED_BY[what]];
  const files = folders(at).flatMap((folder) =>
    ['yaml', 'yml', 'json'].map((suffix) => join(folder, `${what}.${suffix}`)),
  );
  return [...new Set(named ? [named, ...files] : files)];
}

function folders(at: Surroundings): string[] {
  const { env, home } = at;
  if (at.platform === 'win32') {
    const { join } = win32;
    // Windows does not tell `openstack` from `OpenStack`; openstacksdk puts the one into the other.
    const below = (base: string | undefined) =>
      base ? [join(base, 'OpenStack'), join(base, 'OpenStack', 'openstack')] : [];
    return [
      at.cwd,
      ...below(env.APPDATA),
      ...below(env.LOCALAPPDATA),
      join(home, '.config', 'openstack'),
      ...below(env.PROGRAMDATA),
    ];
  }
  const { join } = posix;
  const user = join(home, '.config', 'openstack');
  if (at.platform === 'darwin') {
    const library = join('Library', 'Application Support', 'openstack');
    return [at.cwd, join(home, library), user, join('/', library), '/etc/openstack'];
  }
  return [
    at.cwd,
    ...(env.XDG_CONFIG_HOME ? [join(env.XDG_CONFIG_HOME, 'openstack')] : []),
    user,
    '/etc/openstack',
  ];
}

/** The `clouds:` (or `public-clouds:`) of a file. Throws `cloud.bad-yaml` with the line where the text is not YAML. */
export function parseClouds(text: string, file: string, key: 'clouds' | 'public-clouds' = 'clouds'): Clouds {
  const lines = new LineCounter();
  // The failsafe schema keeps every scalar as text: a project called 0123 or a password of digits stays itself.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw badYaml(file, `Line ${line}, column ${col}: ${error.message}`);
  }
  const root: unknown = document.toJS();
  if (root === null || root === '') return new Map();
  if (!isTree(root)) throw badYaml(file, 'It must begin with "clouds:" and a list of clouds below it.');
  const clouds = root[key] ?? {};
  if (clouds === '') return new Map();
  if (!isTree(clouds)) throw badYaml(file, `"${key}:" must hold one indented block a cloud.`);
  const found = new Map<string, Tree>();
  for (const [name, value] of Object.entries(clouds)) {
    if (!isTree(value)) throw badYaml(file, `The cloud "${name}" must hold indented settings.`);
    found.set(name, value);
  }
  return found;
}

/** A cloud with its secure part laid over it, keys of inner blocks one by one. */
export function mergeTrees(base: Tree, over: Tree): Tree {
  const merged: Record<string, Tree[string]> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    merged[key] = isTree(old) && isTree(value) ? mergeTrees(old, value) : value;
  }
  return merged;
}

/** One flat level: `auth:` wins over the same key outside it; the first of `regions` stands for a missing region. */
export function flatten(cloud: Tree): Settings {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(cloud)) put(flat, key, value);
  if (isTree(cloud.auth)) for (const [key, value] of Object.entries(cloud.auth)) put(flat, key, value);
  const regions = cloud.regions;
  if (!flat.region_name && Array.isArray(regions)) {
    const first: unknown = regions[0];
    if (typeof first === 'string') flat.region_name = first;
    else if (isTree(first) && typeof first.name === 'string') flat.region_name = first.name;
  }
  return flat;
}

function put(flat: Record<string, string>, key: string, value: Tree[string]): void {
  // `auth_methods` is a list; regions are told apart above.
  const text = Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(',') : value;
  // A failsafe `key:` or `key: null` is text; both mean that nothing is set.
  if (typeof text === 'string' && text !== '' && text !== 'null' && text !== '~')
    flat[key.replaceAll('-', '_')] = text;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badYaml(file: string, what: string): CasementError {
  return new CasementError({
    code: 'cloud.bad-yaml',
    title: 'A cloud file cannot be read',
    whatHappened: `${file} is not a valid clouds file. ${what}`,
    whatToDo: 'Correct that line (YAML wants spaces, not tabs), or download clouds.yaml again from Horizon.',
  });
}
