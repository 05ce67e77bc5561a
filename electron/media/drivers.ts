// The drivers for one Windows on the driver CD, file by file, with the places where their bytes lie.
import { CasementError } from '../../shared/errors.ts';
import { openDisc } from './disc.ts';
import { counted, type Source } from './source.ts';
import { type FileSource, find, type TreeEntry } from './tree.ts';

/** What Setup itself gets. Display drivers are not among them: they can leave Setup with a black screen. */
const FOR_SETUP = new Set([
  'viostor',
  'vioscsi',
  'netkvm',
  'balloon',
  'vioserial',
  'viorng',
  'vioinput',
  'pvpanic',
  'qemupciserial',
]);
/** Files that only programmers need; a CD has hundreds of megabytes of them. */
const NOT_NEEDED = /\.(pdb|doc|txt)$/i;
/** The folders of all drivers, and of what they say about themselves. */
const READ_AT_MOST = 16 * 1024 * 1024;

/** One file of a driver: `driver` is the folder it lies in on the CD. */
export interface DriverFile {
  readonly driver: string;
  readonly name: string;
  readonly source: FileSource;
  /** Whether Setup is given it, or only the installed Windows. */
  readonly setup: boolean;
}

export interface Drivers {
  /** Folder of the CD that they come from, e.g. `2k22`. */
  readonly folder: string;
  readonly files: readonly DriverFile[];
  /** Installer of the guest agent; null when the CD has none. */
  readonly guestAgent: FileSource | null;
}

/**
 * The amd64 drivers in the first of `folders` that has a storage driver. Throws `media.no-drivers` when none has, and
 * `media.damaged`.
 */
export async function findDrivers(source: Source, folders: readonly string[]): Promise<Drivers> {
  const { tree } = await openDisc(counted(source, READ_AT_MOST));
  if (!tree) throw noDrivers(folders);
  for (const folder of folders) {
    if (!(await find(tree, `viostor/${folder}/amd64`))?.directory) continue;
    const files: DriverFile[] = [];
    for (const driver of await tree.root()) {
      const place = driver.directory ? await find(tree, `${driver.name}/${folder}/amd64`) : null;
      if (place) files.push(...(await filesOf(driver.name, place)));
    }
    const agent = await find(tree, 'guest-agent/qemu-ga-x86_64.msi');
    return { folder, files, guestAgent: agent ? await agent.open() : null };
  }
  throw noDrivers(folders);
}

async function filesOf(driver: string, place: TreeEntry): Promise<DriverFile[]> {
  const wanted = (await place.list()).filter(({ directory, name }) => !directory && !NOT_NEEDED.test(name));
  return Promise.all(
    wanted.map(async (entry) => ({
      driver,
      name: entry.name,
      source: await entry.open(),
      setup: FOR_SETUP.has(driver.toLowerCase()),
    })),
  );
}

function noDrivers(folders: readonly string[]): CasementError {
  return new CasementError({
    code: 'media.no-drivers',
    title: 'The driver CD has no drivers for this Windows',
    whatHappened: `It has none of the folders ${folders.map((folder) => `viostor/${folder}/amd64`).join(', ')}.`,
    whatToDo: 'Choose another virtio-win CD; the page "Media" says which one fits.',
  });
}
