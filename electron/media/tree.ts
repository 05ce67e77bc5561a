// What all file systems of a CD have in common: folders with names, files with bytes.
import type { Source } from './source.ts';

/** The bytes of a file, and where they lie in the CD; null when they lie inside of its own entry. */
export interface FileSource extends Source {
  readonly extents: readonly Extent[] | null;
}

/** One name in a folder. */
export interface TreeEntry {
  readonly name: string;
  readonly directory: boolean;
  /** The file's bytes. */
  open(): Promise<FileSource>;
  /** What a folder holds; empty for a file. */
  list(): Promise<readonly TreeEntry[]>;
}

/** A readable file system. */
export interface Tree {
  readonly kind: 'udf' | 'iso9660' | 'joliet';
  readonly label: string;
  root(): Promise<readonly TreeEntry[]>;
}

/** Names read of one folder at most; the fullest folder of real media (`sources`) has about 1,500. */
export const NAMES_AT_MOST = 20_000;

/** The entry at a path such as `sources/install.wim`, whatever its case; null when there is none. */
export async function find(tree: Tree, path: string): Promise<TreeEntry | null> {
  let entries = await tree.root();
  let found: TreeEntry | null = null;
  for (const name of path.split('/')) {
    if (found) entries = await found.list();
    found = entries.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? null;
    if (!found) return null;
  }
  return found;
}

/** A file made of pieces that lie one after the other elsewhere; `at` null is a hole of zeros. */
export interface Extent {
  readonly at: number | null;
  readonly length: number;
}

/** The bytes of a file that lies in pieces. */
export function pieces(source: Source, extents: readonly Extent[], size: number): FileSource {
  return {
    size,
    extents,
    async read(offset, length) {
      const end = Math.min(offset + length, size);
      const parts: Buffer[] = [];
      let start = 0;
      for (const extent of extents) {
        const from = Math.max(offset, start);
        const to = Math.min(end, start + extent.length);
        if (from < to)
          parts.push(
            extent.at === null
              ? Buffer.alloc(to - from)
              : await source.read(extent.at + from - start, to - from),
          );
        start += extent.length;
        if (start >= end) break;
      }
      return Buffer.concat(parts);
    },
  };
}
