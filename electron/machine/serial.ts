// COM1 of the build VM, as QEMU writes it into a file of the work folder: read again from where the last look ended.
import { isLineFault } from '../host/faults.ts';
import type { Host } from '../host/types.ts';
import { machineFiles } from './command.ts';

/** What is kept of it; a guest that writes without end must not fill the memory. Bytes. */
const AT_MOST = 4 * 1024 * 1024;

/** A reader of COM1. */
export interface Serial {
  /** All that was written so far, at most the first 4 MiB; what a dropped line hides comes with the next call. */
  text(): Promise<string>;
}

/** COM1 of the VM in this work folder. */
export function openSerial(host: Host, dir: string): Serial {
  const path = machineFiles(dir).serial;
  let known = Buffer.alloc(0);
  return {
    async text() {
      try {
        const size = Math.min((await host.files.stat(path))?.bytes ?? 0, AT_MOST);
        // A new VM begins the file anew.
        if (size < known.length) known = Buffer.alloc(0);
        if (size > known.length) {
          const more = await host.files.read(path, { offset: known.length, length: size - known.length });
          known = Buffer.concat([known, more]);
        }
      } catch (thrown) {
        if (!isLineFault(thrown)) throw thrown;
      }
      return known.toString('latin1');
    },
  };
}
