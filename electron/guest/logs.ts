// The logs that Setup, Sysprep and Cloudbase-Init left on the disk of a switched-off guest. Reads only.
import type { Host } from '../host/types.ts';
import { cached } from './cache.ts';
import { locateOn } from './locate.ts';
import { Damaged } from './ntfs-record.ts';
import type { Disk } from './reader.ts';
import { openDisk } from './reader.ts';

/** Below the Windows folder, most telling first. Source: Microsoft "Windows Setup log files", "Sysprep process overview". */
const LOGS = [
  'Temp/casement-build.log',
  'System32/Sysprep/Panther/setuperr.log',
  'Panther/setuperr.log',
  'Panther/UnattendGC/setuperr.log',
  'System32/Sysprep/Panther/setupact.log',
  'Panther/setupact.log',
] as const;
/** Below the drive: what Setup leaves there before Windows has a folder, and those of Cloudbase-Init. */
const DRIVE_LOGS = [
  '$WINDOWS.~BT/Sources/Panther/setuperr.log',
  'Program Files/Cloudbase Solutions/Cloudbase-Init/log/cloudbase-init-unattend.log',
  'Program Files/Cloudbase Solutions/Cloudbase-Init/log/cloudbase-init.log',
] as const;

/** The end of a log says what went wrong; bytes. */
const TAIL = 16 * 1024;

export interface GuestLog {
  /** As Windows calls it. */
  readonly path: string;
  /** Its last lines. */
  readonly tail: string;
}

/** The ends of the logs that are there; none when the disk cannot be read, for this only explains another failure. */
export async function guestLogs(host: Host, disk: string): Promise<GuestLog[]> {
  try {
    const open = await openDisk(host, disk);
    const remembered: Disk = { ...open, read: cached(open.read) };
    const { location, volume } = await locateOn(remembered);
    if (!volume) return [];
    const windows = location.windows.split('/').filter(Boolean);
    const paths = [
      ...LOGS.map((path) => [...windows, ...path.split('/')]),
      ...DRIVE_LOGS.map((path) => path.split('/')),
    ];
    const found: GuestLog[] = [];
    for (const path of paths) {
      const entry = await volume.find(path).catch(ignoreDamage);
      if (!entry || entry.directory || entry.bytes === 0) continue;
      const bytes = await volume
        .open(entry.record)
        .then((file) => file.read(Math.max(0, file.size - TAIL), TAIL), ignoreDamage);
      if (bytes) found.push({ path: `C:\\${path.join('\\')}`, tail: decoded(bytes) });
    }
    return found;
  } catch {
    return [];
  }
}

function ignoreDamage(thrown: unknown): null {
  if (thrown instanceof Damaged) return null;
  throw thrown;
}

/** Some of these logs are UTF-16, told by their many zeros. */
function decoded(bytes: Buffer): string {
  const zeros = bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  return zeros > bytes.length / 4 ? bytes.toString('utf16le') : bytes.toString('utf8');
}
