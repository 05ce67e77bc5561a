// What a file really is, told from its first bytes, whatever it is called. Pure.
import type { MediaKind } from '../../shared/plan.ts';

/** Where the volume descriptors of an ISO begin (sector 16 of 2048 bytes) and how many are looked at. */
export const DESCRIPTORS = { offset: 0x8000, length: 16 * 2048 } as const;
/** How much of the beginning is looked at. */
export const HEAD = 1024;

const SECTOR = 2048;
const OLE = 'd0cf11e0a1b11ae1';

/** Beginnings of what is handed in by mistake: hexadecimal prefix → what it is. */
const BEGINNINGS: readonly (readonly [hex: string, what: string])[] = [
  [OLE, 'a Windows Installer package (MSI) or an old Office document'],
  ['504b0304', 'a ZIP archive'],
  ['1f8b', 'a gzip archive'],
  ['fd377a585a00', 'an XZ archive'],
  ['377abcaf271c', 'a 7-Zip archive'],
  ['526172211a07', 'a RAR archive'],
  ['4d5357494d000000', 'a Windows image (WIM), not the CD it comes on'],
  ['514649fb', 'a QEMU disk (qcow2)'],
  ['7668647866696c65', 'a Hyper-V disk (VHDX)'],
  ['636f6e6563746978', 'a Hyper-V disk (VHD)'],
  ['4d5a', 'a Windows program (EXE)'],
  ['25504446', 'a PDF document'],
  ['7f454c46', 'a Linux program'],
];

/** Which format a kind of media must have. */
export const FORMAT: Readonly<Record<MediaKind, { readonly id: 'iso' | 'msi'; readonly words: string }>> = {
  windows: { id: 'iso', words: 'a CD image (ISO)' },
  virtio: { id: 'iso', words: 'a CD image (ISO)' },
  cloudbaseInit: { id: 'msi', words: 'a Windows Installer package (MSI)' },
};

/**
 * What a file is instead of the wanted kind, in words; null when it is what is wanted. `head` are its first bytes,
 * `descriptors` those at DESCRIPTORS (fewer or none when the file is shorter).
 */
export function mistaken(kind: MediaKind, head: Uint8Array, descriptors: Uint8Array): string | null {
  const iso = isIso(descriptors);
  const msi = begins(head, OLE);
  if (FORMAT[kind].id === 'iso' ? iso : msi) return null;
  return iso ? 'a CD image (ISO)' : whatItIs(head);
}

/** ISO 9660 has `CD001`, UDF has `BEA01` and then `NSR02` or `NSR03` at byte 1 of a descriptor's sector. */
function isIso(descriptors: Uint8Array): boolean {
  const ids = new Set<string>();
  for (let at = 0; at + 6 <= descriptors.length; at += SECTOR)
    ids.add(latin(descriptors.subarray(at + 1, at + 6)));
  return ids.has('CD001') || (ids.has('BEA01') && (ids.has('NSR02') || ids.has('NSR03')));
}

/** What a file that is no CD is, in words, from its first bytes. */
export function whatItIs(head: Uint8Array): string {
  const known = BEGINNINGS.find(([hex]) => begins(head, hex));
  if (known) return known[1];
  const text = latin(head)
    .replace(/^(?:\xef\xbb\xbf)?\s*/, '')
    .toLowerCase();
  if (/^(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|script)\b/s.test(text))
    return 'a web page (HTML), such as a sign-in or download page';
  if (text.startsWith('<?xml')) return 'an XML document';
  if (text.startsWith('{') || text.startsWith('[')) return 'a JSON document';
  return /^[\t\n\r -~]*$/.test(text) ? 'a text' : 'something else';
}

const begins = (bytes: Uint8Array, hex: string) =>
  Buffer.from(bytes.subarray(0, hex.length / 2)).toString('hex') === hex;
const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
