// The CD that a hands-free build reads its answers from: mastered on the host from texts, from parts of other CDs and from
// files of the host. Nothing big travels over the line, and the host needs no right to mount anything.
import { randomBytes } from 'node:crypto';
import { CasementError } from '../../shared/errors.ts';
import type { Host } from '../host/types.ts';

/** A file of the build CD; `path` with `/`, as it is read in Windows. */
export type CdFile =
  | { readonly path: string; readonly bytes: Buffer }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly from: string; readonly parts: readonly CdPart[] };

/** A run of bytes in another file of the host. */
export interface CdPart {
  readonly at: number;
  readonly length: number;
}

/** Volume label of the CD. */
const LABEL = 'CASEMENT';

/**
 * Arguments: staging folder, tool, its first word(s) as one argument, CD to write, then records: `part` target file offset
 * length, or `link` target file. What a shorter file would leave out is noticed at the end of each part.
 */
const MASTER = `
set -eu
umask 077
stage=$1 tool=$2 label=$3 out=$4
shift 4
put() { mkdir -p "$(dirname "$stage/$1")"; }
while [ $# -gt 0 ]; do
  put "$2"
  case $1 in
    part)
      before=0; [ ! -e "$stage/$2" ] || before=$(wc -c <"$stage/$2")
      tail -c "+$(($4 + 1))" "$3" 2>/dev/null | head -c "$5" >>"$stage/$2"
      [ "$(wc -c <"$stage/$2")" -eq "$((before + $5))" ] || { echo "$3 is shorter than it says" >&2; exit 1; }
      shift 5 ;;
    link) [ -r "$3" ] || { echo "$3 cannot be read" >&2; exit 1; }; ln -s "$3" "$stage/$2"; shift 3 ;;
    *) exit 64 ;;
  esac
done
case \${tool##*/} in xorriso) set -- "$tool" -as mkisofs ;; *) set -- "$tool" ;; esac
"$@" -quiet -f -iso-level 3 -J -joliet-long -R -V "$label" -o "$out.new" "$stage" >&2
mv "$out.new" "$out"
`;

/** Arguments: files that held a password. Overwritten first, where the host can. */
const WIPE = `
for f do
  [ -e "$f" ] || continue
  if [ -d "$f" ]; then find "$f" -type f ! -links +1 -exec sh -c 'shred -u "$@" 2>/dev/null || rm -f "$@"' sh {} +; rm -rf "$f"
  else shred -u "$f" 2>/dev/null || rm -f "$f"; fi
done
`;

/**
 * Masters the CD `out` (mode 0600) in the work folder beside it, replacing an older one. Throws `guest.no-iso-tool` when the
 * host has none, `guest.cd-failed` with the words of the tool.
 */
export async function masterCd(
  host: Host,
  tool: string | null,
  out: string,
  files: readonly CdFile[],
  signal: AbortSignal,
): Promise<void> {
  if (tool === null) throw noIsoTool();
  const stage = `${out}.${randomBytes(4).toString('hex')}`;
  try {
    const folders = new Set(['']);
    await host.files.mkdir(stage, 0o700);
    const records: string[] = [];
    for (const file of files) {
      checkPath(file.path);
      if ('bytes' in file) {
        for (const folder of parents(file.path)) {
          if (folders.has(folder)) continue;
          await host.files.mkdir(`${stage}/${folder}`, 0o700);
          folders.add(folder);
        }
        await host.files.write(`${stage}/${file.path}`, file.bytes, 0o600);
      } else if ('link' in file) records.push('link', file.path, file.link);
      else
        for (const part of file.parts)
          records.push('part', file.path, file.from, String(part.at), String(part.length));
    }
    const words = ['sh', '-c', MASTER, 'casement-cd', stage, tool, LABEL, out, ...records];
    const { code, stderr } = await host.run(words, { signal, allowFailure: true });
    if (code !== 0) throw cdFailed(stderr);
  } finally {
    await wipe(host, [stage, `${out}.new`]);
  }
}

/** Removes files and folders that held a password, overwriting them where the host can. */
export async function wipe(host: Host, paths: readonly string[]): Promise<void> {
  await host.run(['sh', '-c', WIPE, 'casement-wipe', ...paths]);
}

/** `a` and `a/b` of `a/b/c`. */
function parents(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

// Names come from other CDs and from the admin's scripts: they must not lead out of the staging folder.
function checkPath(path: string): void {
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..' || /[\p{Cc}\\]/u.test(name)))
    throw cdFailed(`unusable name ${JSON.stringify(path)}`);
}

function noIsoTool(): CasementError {
  return new CasementError({
    code: 'guest.no-iso-tool',
    title: 'The host cannot make a CD',
    whatHappened:
      'A hands-free build needs xorriso, genisoimage or mkisofs on the host, and none is installed.',
    whatToDo:
      'Install one of them on the host (for example: sudo apt-get install xorriso) and continue, or choose to install Windows by hand.',
  });
}

function cdFailed(words: string): CasementError {
  return new CasementError({
    code: 'guest.cd-failed',
    title: 'The build CD could not be made',
    whatHappened: 'The program that makes the CD on the host ended with an error.',
    whatToDo: 'Look at the details; often the disk of the host is full. Then continue the build.',
    detail: words.slice(-4000),
  });
}
