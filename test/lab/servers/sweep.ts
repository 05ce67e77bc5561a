// Removes what a stand-in daemon left behind when it was killed.
import type { Settings } from '../settings.ts';
import { pathsIn } from '../settings.ts';
import { namespacesOf, netName, unplugFromPractice } from '../system/network.ts';
import { rememberedNames, stop } from '../system/processes.ts';

/** Ends every guest's processes and removes every guest's namespace. Only while no daemon runs. */
export async function sweepGuests(settings: Settings): Promise<void> {
  const { run } = pathsIn(settings.dir);
  await Promise.all(
    rememberedNames(run)
      .filter((name) => name.startsWith('guest-'))
      .map((name) => stop(run, name, 3000)),
  );
  const guests = namespacesOf(settings).filter((name) =>
    /^[0-9a-f]{8}$/.test(name.slice(netName(settings, '').length)),
  );
  for (const name of guests) await unplugFromPractice(settings, name.slice(netName(settings, '').length));
}
