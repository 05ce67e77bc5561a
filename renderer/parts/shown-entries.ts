// What the file browser shows of a folder. Pure.
import type { DirEntry } from '../../shared/views.ts';

/** The entries a person sees: folders first, only wanted endings unless all are asked for, by name. */
export function shownEntries(
  entries: readonly DirEntry[],
  filter: string,
  extensions: readonly string[],
  all: boolean,
): DirEntry[] {
  const wanted = filter.trim().toLowerCase();
  const fits = (name: string) =>
    all || extensions.length === 0 || extensions.some((end) => name.toLowerCase().endsWith(`.${end}`));
  const order = new Intl.Collator(undefined, { numeric: true });
  return entries
    .filter(({ name, kind }) => name.toLowerCase().includes(wanted) && (kind === 'directory' || fits(name)))
    .sort(
      (a, b) =>
        Number(b.kind === 'directory') - Number(a.kind === 'directory') || order.compare(a.name, b.name),
    );
}
