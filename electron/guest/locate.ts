// Finding the Windows of a switched-off guest and telling whether it may be written. Reads only.
import type { ProbeReport } from '../../shared/views.ts';
import type { Host } from '../host/types.ts';
import { noWindows } from './faults.ts';
import { bootSectorKind, Ntfs } from './ntfs.ts';
import { Damaged } from './ntfs-record.ts';
import { type Partition, partitions } from './partitions.ts';
import { type Disk, openDisk, within } from './reader.ts';
import type { WindowsLocation } from './types.ts';

/** A Windows with its opened volume; BitLocker leaves none that could be read. */
export interface Located {
  readonly location: WindowsLocation;
  readonly volume: Ntfs | null;
}

/**
 * Where Windows lies on a disk, and in which state. Throws `guest.no-windows`, `guest.disk-in-use` or
 * `guest.disk-unreadable`; the disk is never written.
 */
export async function locateWindows(host: Host, _probe: ProbeReport, disk: string): Promise<WindowsLocation> {
  return (await locateOn(await openDisk(host, disk))).location;
}

/** The same on an opened disk. */
export async function locateOn(disk: Disk): Promise<Located> {
  const seen: string[] = [];
  let encrypted: Partition | null = null;
  for (const partition of await partitions(disk.read)) {
    const read = within(disk.read, partition.offset, partition.size);
    const kind = bootSectorKind(await read(0, 512));
    if (kind === 'bitlocker') encrypted ??= partition;
    let note: string = kind;
    if (kind === 'ntfs')
      try {
        const volume = await Ntfs.open(read);
        const windows = await windowsFolder(volume);
        if (windows) return { location: place(partition, windows, await stateOf(volume)), volume };
        note = 'ntfs, no Windows';
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        note = `ntfs, damaged: ${error.message}`;
      }
    seen.push(`partition ${partition.number} (${partition.type}, ${partition.size} bytes): ${note}`);
  }
  // Its folders cannot be seen, but no other partition is Windows.
  if (encrypted) return { location: place(encrypted, '/Windows', 'bitlocker'), volume: null };
  throw noWindows(disk.path, seen);
}

function place(
  { number, offset, size }: Partition,
  windows: string,
  state: WindowsLocation['state'],
): WindowsLocation {
  return { partition: number, offset, size, windows, state };
}

async function windowsFolder(volume: Ntfs): Promise<string | null> {
  const windows = await volume.find(['Windows']);
  if (!windows?.directory) return null;
  const config = await volume.find(['Windows', 'System32', 'config']);
  return config?.directory ? windows.path : null;
}

async function stateOf(volume: Ntfs): Promise<WindowsLocation['state']> {
  const hibernation = await volume.find(['hiberfil.sys']);
  // A page long and begun with this mark: Windows will go on from there. Otherwise it is only room kept for it.
  if (hibernation && hibernation.bytes >= 4096) {
    const mark = (await volume.head(hibernation.record)).toString('latin1', 0, 4).toLowerCase();
    if (mark === 'hibr') return 'hibernated';
  }
  return (await volume.dirty()) ? 'dirty' : 'clean';
}
