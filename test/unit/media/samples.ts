// Media made with real tools, for tests: WIM files by wimlib, CDs by genisoimage, small enough to keep in memory.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import CFB from 'cfb';
import type { Source } from '../../../electron/media/source.ts';

/** A source in memory. */
export const inMemory = (bytes: Buffer): Source => ({
  size: bytes.length,
  read: async (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
});

export interface ImageSpec {
  readonly name: string;
  readonly displayName?: string;
  readonly edition: string;
  readonly type: 'Client' | 'Server' | 'Server Core';
  readonly build?: number;
  readonly arch?: number;
}

/** Makes `file`, a WIM or a solid ESD, with these images. */
export function makeWim(folder: string, file: string, images: readonly ImageSpec[], solid = false): string {
  const tree = join(folder, 'tree');
  mkdirSync(tree, { recursive: true });
  writeFileSync(join(tree, 'file.txt'), 'something to install');
  const target = join(folder, file);
  mkdirSync(dirname(target), { recursive: true });
  images.forEach(({ name, displayName, edition, type, build = 20348, arch = 9 }, at) => {
    const properties = {
      DISPLAYNAME: displayName ?? name,
      'WINDOWS/ARCH': arch,
      'WINDOWS/EDITIONID': edition,
      'WINDOWS/INSTALLATIONTYPE': type,
      'WINDOWS/LANGUAGES/LANGUAGE[1]': 'en-US',
      'WINDOWS/LANGUAGES/LANGUAGE[2]': 'de-DE',
      'WINDOWS/LANGUAGES/DEFAULT': 'en-US',
      'WINDOWS/VERSION/BUILD': build,
    };
    const words = Object.entries(properties).map(([key, value]) => `--image-property=${key}=${value}`);
    const compression = solid && at === 0 ? ['--solid'] : [];
    const verb = at === 0 ? ['capture', tree, target, name] : ['append', tree, target, name];
    execFileSync('wimlib-imagex', [...verb, name, ...compression, ...words], { stdio: 'ignore' });
  });
  return target;
}

/** Masters what is below `content` as Windows media are: a UDF bridge whose ISO 9660 side shows a README only. */
export function masterBridge(
  content: string,
  iso: string,
  options: { readonly boot?: boolean } = {},
): Buffer {
  mkdirSync(join(content, 'boot'), { recursive: true });
  writeFileSync(join(content, 'boot/etfsboot.com'), Buffer.alloc(2048, 1));
  writeFileSync(join(content, 'readme.txt'), 'This disc contains a "UDF" file system.');
  const boot =
    options.boot === false ? [] : ['-b', 'boot/etfsboot.com', '-no-emul-boot', '-boot-load-size', '4'];
  const words = [
    '-quiet',
    '-udf',
    '-V',
    'SSS_X64FREE_EN-US_DV9',
    '-hide',
    'sources',
    ...boot,
    '-o',
    iso,
    content,
  ];
  execFileSync('genisoimage', words, { stdio: 'ignore' });
  return readFileSync(iso);
}

/** Names in a package hold two characters in one. */
function packed(name: string): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._';
  let text = '\u4840';
  for (let at = 0; at < name.length; at += 2) {
    const [low, high] = [alphabet.indexOf(name[at] ?? ''), alphabet.indexOf(name[at + 1] ?? '?')];
    text += String.fromCharCode(high < 0 ? 0x4800 + low : 0x3800 + low + high * 64);
  }
  return text;
}

/** An installer package with these properties. */
export function installer(properties: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(properties).flat();
  const entry = (length: number, uses: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt16LE(length, 0);
    bytes.writeUInt16LE(uses, 2);
    return bytes;
  };
  const rows = texts.length / 2;
  const table = Buffer.alloc(rows * 4);
  for (let row = 0; row < rows; row += 1) {
    table.writeUInt16LE(2 * row + 1, 2 * row);
    table.writeUInt16LE(2 * row + 2, 2 * (rows + row));
  }
  const file = CFB.utils.cfb_new();
  CFB.utils.cfb_add(
    file,
    packed('_StringPool'),
    Buffer.concat([entry(1252, 0), ...texts.map((one) => entry(one.length, 1))]),
  );
  CFB.utils.cfb_add(file, packed('_StringData'), Buffer.from(texts.join('')));
  CFB.utils.cfb_add(file, packed('Property'), table);
  return CFB.write(file, { type: 'buffer' }) as Buffer;
}
