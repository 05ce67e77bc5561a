import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { identifyMedia } from '../../../electron/media/identify.ts';
import { find } from '../../../electron/media/tree.ts';
import { openUdf } from '../../../electron/media/udf.ts';
import { inMemory, makeWim } from './samples.ts';
import { udfImage } from './udf-image.ts';

const work = mkdtempSync(join(tmpdir(), 'casement-udf-'));
afterAll(() => rmSync(work, { recursive: true }));

const wim = readFileSync(
  makeWim(work, 'install.wim', [
    { name: 'Windows Server 2025', edition: 'ServerStandard', type: 'Server', build: 26100 },
  ]),
);

describe('UDF', () => {
  it.each([0x0250, 0x0260])(
    'revision %i with its metadata partition in pieces gives up its Windows',
    async (revision) => {
      const many = Object.fromEntries(
        Array.from({ length: 400 }, (_, at) => [`file-${at}.dll`, Buffer.from(`${at}`)]),
      );
      // Two hundred names and more do not fit into a folder's own entry.
      const image = udfImage(revision, {
        sources: { 'INSTALL.WIM': wim },
        'größe 日本': { 'a.txt': Buffer.from('found') },
        full: Object.fromEntries(Object.entries(many).slice(0, 60)),
      });
      const { facts } = await identifyMedia(inMemory(image));
      expect(facts).toMatchObject({ kind: 'windows', product: '2025', build: 26100 });
      const tree = await openUdf(inMemory(image));
      expect(tree?.label).toBe('SSS_X64');
      const read = async (path: string) => {
        const file = tree ? await (await find(tree, path))?.open() : undefined;
        return file ? (await file.read(0, file.size)).toString() : null;
      };
      expect(await read('größe 日本/a.txt')).toBe('found');
      expect(await read('full/file-59.dll')).toBe('59');
      expect(await read('sources/install.wim')).toBe(wim.toString());
      expect(await read('full/file-60.dll')).toBeNull();
    },
  );

  it.each([
    ['1.02', 'hd', 'read'],
    ['1.50', 'hd', 'read'],
    ['2.01', 'hd', 'read'],
    // A disc that is written in sessions keeps its folders where only its last session tells.
    ['1.50', 'cdr', 'written in several sessions'],
    ['2.50', 'bdr', 'written in several sessions'],
    ['2.60', 'bdr', 'written in several sessions'],
  ])('%s for %s, as mkudffs makes it: %s', async (revision, media, outcome) => {
    const file = join(work, `${revision}-${media}.img`);
    const words = [`--media-type=${media}`, '--blocksize=2048', `--udfrev=${revision}`, '--label=EMPTY'];
    execFileSync('mkudffs', [...words, '--new-file', file, '12000'], { stdio: 'pipe' });
    const opened = openUdf(inMemory(readFileSync(file)));
    if (outcome !== 'read')
      return expect(opened).rejects.toMatchObject({
        code: 'media.damaged',
        detail: expect.stringContaining(outcome),
      });
    const tree = await opened;
    expect(tree?.label).toBe('EMPTY');
    expect(await tree?.root()).toEqual([]);
  });
});
