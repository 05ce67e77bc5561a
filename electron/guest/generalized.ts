// Whether Sysprep has finished on the Windows of a switched-off guest. Reads only.
import type { Host } from '../host/types.ts';
import { locateOn } from './locate.ts';
import { openDisk } from './reader.ts';

/** What Sysprep leaves once it has generalized Windows; it is gone again after the next start. */
const PROOF = ['System32', 'Sysprep', 'Sysprep_succeeded.tag'];

/**
 * Whether Sysprep left its proof on the disk; false also where BitLocker hides the files. Throws `guest.no-windows`,
 * `guest.disk-in-use` or `guest.disk-unreadable`; the disk is never written.
 */
export async function isGeneralized(host: Host, disk: string): Promise<boolean> {
  const { location, volume } = await locateOn(await openDisk(host, disk));
  const windows = location.windows.split('/').filter(Boolean);
  const found = await volume?.find([...windows, ...PROOF]);
  return found != null && !found.directory;
}
