// Waits for a disk that somebody else still has open for a moment.
import { setTimeout as pause } from 'node:timers/promises';
import { CasementError } from '../../../shared/errors.ts';

/** An injection that a killed app had begun ends by itself on the host, within seconds; guestfish takes longest. In ms. */
const BUSY_MS = 60_000;
const AGAIN_MS = 1000;

/** Does `work`; while it says that the disk is in use, tries again for a minute. */
export async function whenFree<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      const inUse = thrown instanceof CasementError && thrown.code === 'guest.disk-in-use';
      if (!inUse || Date.now() > deadline) throw thrown;
    }
    await pause(AGAIN_MS, undefined, { signal });
  }
}
