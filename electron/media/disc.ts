// The file system of a CD that counts, where it has several.
import { type Boot, openIso } from './iso9660.ts';
import { damaged, type Source } from './source.ts';
import type { Tree } from './tree.ts';
import { openUdf } from './udf.ts';

/** Tree and start records of a CD; no tree when it is none. Throws `media.damaged` for one that is cut off. */
export async function openDisc(
  source: Source,
): Promise<{ readonly tree: Tree | undefined; readonly boot: Boot }> {
  const iso = await openIso(source);
  if (iso && iso.size > source.size)
    throw damaged(`the CD has ${iso.size} bytes, the file only ${source.size}: it was not copied to its end`);
  const udf = await openUdf(source);
  // On Windows media the ISO 9660 side holds one README only; the files are on the UDF side.
  return { tree: udf ?? iso?.tree, boot: iso?.boot ?? { bios: false, uefi: false } };
}
