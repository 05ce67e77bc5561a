// Names of media on the host: made of what people will recognise, and of nothing a shell or a file system minds. Pure.
import type { MediaKind } from '../../shared/plan.ts';

const EXTENSION: Readonly<Record<MediaKind, string>> = {
  windows: '.iso',
  virtio: '.iso',
  cloudbaseInit: '.msi',
};
const FALLBACK: Readonly<Record<MediaKind, string>> = {
  windows: 'windows',
  virtio: 'virtio-win',
  cloudbaseInit: 'CloudbaseInitSetup',
};
/** With the hash and `.part` behind it, well below the 255 bytes a name may have. */
const LONGEST = 80;

/** A name such as `SERVER_EVAL_x64FRE_en-us-1a2b3c4d.iso` from what the file was called and its SHA-256. */
export function hostName(kind: MediaKind, original: string, sha256: string): string {
  const stem = original
    .replace(/\.(iso|img|msi)$/i, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, LONGEST);
  return `${stem === '' ? FALLBACK[kind] : stem}-${sha256.slice(0, 8)}${EXTENSION[kind]}`;
}

/** What a file is called by its address: the last part of the path, or '' when that says nothing. */
export function nameOfUrl(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  const decoded = decode(last);
  // An address such as …/fwlink/?linkid=1 names a program, not a file.
  return /\.(iso|img|msi)$/i.test(decoded) ? decoded : '';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
