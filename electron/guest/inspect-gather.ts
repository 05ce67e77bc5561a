// Reads from a disk what an inspection wants to know. What cannot be read is a fact as well, never an error; only a host
// that does not answer, a disk in use and a disk without Windows are.

import { cached } from './cache.ts';
import { Hive } from './hive.ts';
import {
  ANSWER_FILES,
  type DiskFacts,
  DRIVER_STORE,
  FILES,
  FIREWALL_RULES,
  type HiveName,
  KEYS,
  type Seen,
  TEXTS,
  VALUES,
} from './inspect-facts.ts';
import { locateOn } from './locate.ts';
import { bootSectorKind, type Ntfs, type NtfsEntry } from './ntfs.ts';
import { Damaged } from './ntfs-record.ts';
import { partitions } from './partitions.ts';
import type { Disk } from './reader.ts';

/** Texts are read up to here, in bytes: an answer file or a configuration is far smaller, a log says enough at its beginning. */
const MOST_TEXT = 256 * 1024;
const ENCRYPTED = 'the drive is encrypted with BitLocker';

/** The facts of a disk. Throws `guest.no-windows`, `guest.disk-in-use` or `guest.disk-unreadable`. */
export async function gather(disk: Disk): Promise<DiskFacts> {
  const remembered: Disk = { ...disk, read: cached(disk.read) };
  const { location, volume } = await locateOn(remembered);
  const boot = bootSectorKind(await remembered.read(location.offset, 512));
  const system = await openHive(volume, location.windows, 'SYSTEM');
  const software = await openHive(volume, location.windows, 'SOFTWARE');
  const registry = new Registry({ SYSTEM: system, SOFTWARE: software }, await controlSet(system));
  const text = (path: string) => look(volume, path, (entry) => textOf(volume, entry));
  return {
    location,
    partitions: await partitions(remembered.read),
    encrypted: {
      state: 'found',
      value: boot === 'bitlocker',
      where: `boot sector of partition ${location.partition}`,
    },
    dirty: await ask('$Volume of drive C:', volume, (known) => known.dirty()),
    hibernation: await look(volume, 'hiberfil.sys', async ({ bytes, record }) =>
      // As ntfs-3g takes it: a shorter file holds no sleeping Windows.
      bytes < 4096
        ? ''
        : ((await volume?.head(record)) ?? Buffer.alloc(0)).toString('latin1', 0, 4).toLowerCase(),
    ),
    hives: { SYSTEM: opened(system), SOFTWARE: opened(software) },
    values: await each(VALUES, ([hive, key, name]) =>
      registry.ask(hive, key, name, (known, path) => known.value(path, name)),
    ),
    keys: await each(KEYS, ([hive, key]) =>
      registry.ask(hive, key, null, (known, path) => known.subkeys(path)),
    ),
    firewallRules: await registry.ask(...FIREWALL_RULES, null, async (known, path) =>
      ((await known.values(path)) ?? []).flatMap(({ name, data }) =>
        typeof data === 'string' ? [{ name, rule: data }] : [],
      ),
    ),
    files: await each(FILES, (path) => look(volume, path, async ({ bytes }) => ({ bytes }))),
    texts: await each(TEXTS, text),
    answers: await inTurn(ANSWER_FILES, text),
    driverStore: await look(volume, DRIVER_STORE, async ({ record }) =>
      ((await volume?.list(record)) ?? []).map(({ name }) => name),
    ),
  };
}

/** The hives, and which control set Windows takes. */
class Registry {
  readonly #hives: Readonly<Record<HiveName, Seen<Hive>>>;
  readonly #controlSet: string;

  constructor(hives: Readonly<Record<HiveName, Seen<Hive>>>, current: string) {
    this.#hives = hives;
    this.#controlSet = current;
  }

  async ask<T>(
    name: HiveName,
    key: string,
    value: string | null,
    question: (hive: Hive, path: string) => Promise<T | null>,
  ): Promise<Seen<T>> {
    const path = key.replace(/^CurrentControlSet/, this.#controlSet);
    const where = `HKLM\\${name}\\${path}${value === null ? '' : `!${value}`}`;
    const hive = this.#hives[name];
    if (hive.state !== 'found') return hidden(where, hive);
    return attempt(where, () => question(hive.value, path));
  }
}

/** The name of the control set that `Select\Current` names; the first one where that cannot be told. */
async function controlSet(system: Seen<Hive>): Promise<string> {
  const current =
    system.state === 'found' ? await attempt('', () => system.value.value('Select', 'Current')) : null;
  const number = current?.state === 'found' && typeof current.value === 'number' ? current.value : 1;
  return `ControlSet${String(number).padStart(3, '0')}`;
}

async function openHive(volume: Ntfs | null, windows: string, name: HiveName): Promise<Seen<Hive>> {
  const path = `${windows.replace(/^\//, '')}\\System32\\config\\${name}`;
  return look(volume, path, async ({ record }) => {
    if (!volume) return null;
    return Hive.open((await volume.open(record)).read);
  });
}

function opened(hive: Seen<Hive>): Seen<{ readonly clean: boolean }> {
  return hive.state === 'found' ? { ...hive, value: { clean: hive.value.clean } } : hive;
}

/** Looks a file or folder up by its path on drive C: and asks about it. */
function look<T>(
  volume: Ntfs | null,
  path: string,
  question: (entry: NtfsEntry) => Promise<T | null>,
): Promise<Seen<T>> {
  return ask(`C:\\${path}`, volume, async (known) => {
    const entry = await known.find(path.split('\\'));
    return entry ? question(entry) : null;
  });
}

async function textOf(volume: Ntfs | null, { record, directory }: NtfsEntry): Promise<string | null> {
  if (!volume || directory) return null;
  const { size, read } = await volume.open(record);
  const bytes = await read(0, Math.min(size, MOST_TEXT));
  return bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le', 2) : bytes.toString('utf8');
}

async function ask<T>(
  where: string,
  volume: Ntfs | null,
  question: (volume: Ntfs) => Promise<T | null>,
): Promise<Seen<T>> {
  if (!volume) return { state: 'unreadable', where, why: ENCRYPTED };
  return attempt(where, () => question(volume));
}

async function attempt<T>(where: string, question: () => Promise<T | null>): Promise<Seen<T>> {
  try {
    const value = await question();
    return value === null ? { state: 'absent', where } : { state: 'found', value, where };
  } catch (error) {
    if (error instanceof Damaged) return { state: 'unreadable', where, why: error.message };
    throw error;
  }
}

/** A value of a hive that could not be opened. */
function hidden<T>(where: string, hive: Exclude<Seen<Hive>, { readonly state: 'found' }>): Seen<T> {
  const why = hive.state === 'absent' ? `there is no ${hive.where}` : `${hive.where}: ${hive.why}`;
  return { state: 'unreadable', where, why };
}

// One after the other: side by side they would ask the host for the same bytes twice.
async function each<T extends object, R>(
  table: T,
  question: (item: T[keyof T]) => Promise<R>,
): Promise<Record<keyof T, R>> {
  const entries: [string, R][] = [];
  for (const [name, item] of Object.entries(table) as [string, T[keyof T]][])
    entries.push([name, await question(item)]);
  return Object.fromEntries(entries) as Record<keyof T, R>;
}

async function inTurn<T, R>(items: readonly T[], question: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (const item of items) answers.push(await question(item));
  return answers;
}
