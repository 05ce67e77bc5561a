// The header and the description of a Windows image file (WIM, ESD): two small reads, whatever its size.
// Source of the offsets: wimlib, include/wimlib/header.h.
import { XMLParser } from 'fast-xml-parser';
import { damaged, exactly, type Source } from './source.ts';

const HEADER = 208;
/** The description of real media takes some 10 KiB an image. */
const XML_AT_MOST = 8 * 1024 * 1024;
const SPANNED = 0x8;

/** One Windows of the file, as Setup numbers them. */
export interface WimImage {
  /** Counts from 1; what Setup calls `/IMAGE/INDEX`. */
  readonly index: number;
  readonly name: string;
  /** What Setup shows; the name where there is none. */
  readonly displayName: string;
  readonly edition: string;
  /** `Client`, `Server` or `Server Core`. */
  readonly installationType: string;
  /** Unpacked, hard links counted once. */
  readonly bytes: number;
  /** 0 x86, 9 amd64, 12 ARM64. */
  readonly architecture: number;
  readonly build: number;
  readonly languages: readonly string[];
  readonly defaultLanguage: string;
}

export interface Wim {
  readonly images: readonly WimImage[];
  /** One of several pieces (`install.swm`). */
  readonly spanned: boolean;
}

/** Reads what a WIM or ESD says about itself. Throws `media.damaged`. */
export async function readWim(source: Source): Promise<Wim> {
  const header = await exactly(source, 0, HEADER);
  if (header.toString('latin1', 0, 8) !== 'MSWIM\0\0\0') throw damaged('the Windows image has no WIM header');
  const spanned = (header.readUInt32LE(0x10) & SPANNED) !== 0 || header.readUInt16LE(0x2a) > 1;
  // 7 bytes of size and 1 of flags.
  const size = Number(header.readBigUInt64LE(0x48) & 0xff_ffff_ffff_ffffn);
  const offset = Number(header.readBigUInt64LE(0x50));
  if (!(size > 0 && size <= XML_AT_MOST && offset >= HEADER && offset + size <= source.size))
    throw damaged(`the description of the Windows images is said to be ${size} bytes at ${offset}`);
  const images = imagesOf((await exactly(source, offset, size)).toString('utf16le').replace(/^\uFEFF/, ''));
  const count = header.readUInt32LE(0x2c);
  if (images.length !== count)
    throw damaged(`${count} Windows images are announced, ${images.length} described`);
  return { images, spanned };
}

type Node = { readonly [name: string]: unknown };

function imagesOf(xml: string): WimImage[] {
  if (/<!DOCTYPE/i.test(xml)) throw damaged('the description of the Windows images brings its own grammar');
  let root: unknown;
  try {
    root = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false }).parse(
      xml,
    );
  } catch (cause) {
    throw damaged(`the description of the Windows images is no XML: ${String(cause)}`);
  }
  return list(at(root, 'WIM', 'IMAGE')).map(image);
}

function image(node: unknown): WimImage {
  const windows = at(node, 'WINDOWS');
  const name = textOf(at(node, 'NAME'));
  return {
    index: numberOf(at(node, '@INDEX')),
    name,
    displayName: textOf(at(node, 'DISPLAYNAME')) || name,
    edition: textOf(at(windows, 'EDITIONID')),
    installationType: textOf(at(windows, 'INSTALLATIONTYPE')),
    bytes: Math.max(0, numberOf(at(node, 'TOTALBYTES')) - numberOf(at(node, 'HARDLINKBYTES'))),
    architecture: textOf(at(windows, 'ARCH')) === '' ? -1 : numberOf(at(windows, 'ARCH')),
    build: numberOf(at(windows, 'VERSION', 'BUILD')),
    languages: list(at(windows, 'LANGUAGES', 'LANGUAGE')).map(textOf),
    defaultLanguage: textOf(at(windows, 'LANGUAGES', 'DEFAULT')),
  };
}

function at(node: unknown, ...names: readonly string[]): unknown {
  let here = node;
  for (const name of names) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Node)[name];
  }
  return here;
}

const list = (node: unknown): unknown[] => (node === undefined ? [] : Array.isArray(node) ? node : [node]);
const textOf = (node: unknown): string =>
  typeof node === 'string' ? node : typeof node === 'object' ? textOf(at(node, '#text') ?? '') : '';

function numberOf(node: unknown): number {
  const value = Number(textOf(node));
  return Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
