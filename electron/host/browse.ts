// A folder of the host as the file browser shows it.
import { posix } from 'node:path';
import type { DirEntry, DirListing } from '../../shared/views.ts';
import type { Host } from './types.ts';

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Folders first, then by name as a person counts (`disk2` before `disk10`). Pure. */
export function inOrder(entries: readonly DirEntry[]): DirEntry[] {
  const rank = (entry: DirEntry) => (entry.kind === 'directory' ? 0 : 1);
  return entries.toSorted(
    (a, b) => rank(a) - rank(b) || natural.compare(a.name, b.name) || (a.name < b.name ? -1 : 1),
  );
}

/** Lists a folder; an empty path or `~` is the home folder. Throws `host.no-such-file`, `host.no-permission`. */
export async function browse(host: Host, path: string): Promise<DirListing> {
  const asked = path === '' || path === '~' ? await host.home() : path;
  const real = await host.files.realpath(asked);
  const entries = inOrder(await host.files.list(real));
  return { path: real, parent: real === '/' ? null : posix.dirname(real), entries };
}
