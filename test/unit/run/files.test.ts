import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJson, renameOver, writeWhole } from '../../../electron/run/files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casement-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A rename that a virus scanner refuses the first times. */
function refusing(times: number, code: string) {
  const tried: string[] = [];
  const move = async (from: string, to: string): Promise<void> => {
    tried.push(to);
    if (tried.length <= times) throw Object.assign(new Error(code), { code });
    await rename(from, to);
  };
  return { tried, move: move as typeof rename };
}

describe('a small file', () => {
  it('is replaced whole and leaves nothing beside it', async () => {
    const path = join(folder, 'a.json');
    await writeWhole(path, '{"n":1}');
    await writeWhole(path, '{"n":2}');
    expect(await readJson(path)).toEqual({ n: 2 });
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it.each(['EPERM', 'EBUSY'])('is replaced although somebody holds it for a moment (%s)', async (code) => {
    const [from, to] = [join(folder, 'new'), join(folder, 'old')];
    await writeWhole(from, 'new');
    await writeWhole(to, 'old');
    const { tried, move } = refusing(3, code);
    await renameOver(from, to, move);
    expect(tried).toHaveLength(4);
    expect(await readFile(to, 'utf8')).toBe('new');
  });

  it('is given up when it stays held, and at once for any other reason', async () => {
    const held = refusing(Number.POSITIVE_INFINITY, 'EPERM');
    await expect(renameOver('from', 'to', held.move)).rejects.toMatchObject({ code: 'EPERM' });
    expect(held.tried).toHaveLength(6);
    const gone = refusing(Number.POSITIVE_INFINITY, 'ENOENT');
    await expect(renameOver('from', 'to', gone.move)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(gone.tried).toHaveLength(1);
  });
});
