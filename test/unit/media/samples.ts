// Media made with real tools, for tests: WIM files by wimlib, CDs by genisoimage, small enough to keep in memory.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
