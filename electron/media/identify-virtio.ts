// The driver CD virtio-win: its version and, folder by folder, for which Windows it really has drivers.
import type { VirtioMediaFacts } from '../../shared/media-facts.ts';
import { find, type Tree, type TreeEntry } from './tree.ts';

/** The list of drivers on the CD takes some 200 KB. */
const INFO_AT_MOST = 4 * 1024 * 1024;
/** Folders looked into: real CDs have 17 drivers for at most 13 Windows each. */
const FOLDERS_AT_MOST = 2000;

/** The facts of a driver CD; null when it has no storage driver. */
export async function identifyVirtio(tree: Tree): Promise<VirtioMediaFacts | null> {
  if (!(await find(tree, 'viostor'))?.directory) return null;
  const found: Record<string, string[]> = {};
  let looked = 0;
  for (const driver of await tree.root()) {
    const systems: string[] = [];
    for (const system of await driver.list()) {
      looked += 1;
      if (looked > FOLDERS_AT_MOST) break;
      if (await holdsDriver(system)) systems.push(system.name);
    }
    // `amd64/2k22` and the like repeat two drivers by architecture: no driver is called so.
    if (systems.length > 0) found[driver.name] = systems.sort();
  }
  const label = /^virtio-win-(\d+(?:\.\d+)+)/i.exec(tree.label)?.[1];
  return {
    kind: 'virtio-win',
    version: label ?? (await versionOfInfo(tree)),
    folders: Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1))),
    notes: [],
  };
}

async function holdsDriver(system: TreeEntry): Promise<boolean> {
  const amd64 = (await system.list()).find(({ name }) => name.toLowerCase() === 'amd64');
  return (await amd64?.list())?.some(({ name }) => /\.inf$/i.test(name)) ?? false;
}

/** The build number that all drivers of the list share, such as 285 in 100.96.104.28500: the CD is 0.1.285. */
async function versionOfInfo(tree: Tree): Promise<string | null> {
  const file = await (await find(tree, 'data/info.json'))?.open();
  if (!file || file.size > INFO_AT_MOST) return null;
  let info: unknown;
  try {
    info = JSON.parse((await file.read(0, file.size)).toString('utf8'));
  } catch {
    return null;
  }
  const drivers = (info as { drivers?: unknown } | null)?.drivers;
  const builds = (Array.isArray(drivers) ? drivers : []).map((one: unknown) =>
    Number(/\.(\d{5})$/.exec(String((one as { driver_version?: unknown } | null)?.driver_version))?.[1] ?? 0),
  );
  // The drivers of older Windows are frozen and lower.
  const highest = builds.reduce((most, build) => Math.max(most, build), 0);
  return highest === 0 ? null : `0.1.${Math.floor(highest / 100)}`;
}
