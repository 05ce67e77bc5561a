import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CdFile, masterCd } from '../../../electron/guest/build-cd.ts';
import { localHost } from '../../../electron/host/local.ts';
import { openDisc } from '../../../electron/media/disc.ts';
import { findDrivers } from '../../../electron/media/drivers.ts';
import { hostSource } from '../../../electron/media/places.ts';
import { find } from '../../../electron/media/tree.ts';
import { leaveAll, meet, specOf } from '../host/bench.ts';
import { labEnv } from '../lab.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-cd-'));
const signal = new AbortController().signal;
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await leaveAll();
});

const TOOLS = ['xorriso', 'genisoimage'].map((name) =>
  execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
);

async function read(iso: string, path: string): Promise<string | null> {
  const { tree } = await openDisc(await hostSource(localHost(), iso));
  const file = tree ? await (await find(tree, path))?.open() : undefined;
  return file ? (await file.read(0, file.size)).toString('latin1') : null;
}

describe('the build CD', () => {
  it.each(TOOLS)(
    'is mastered by %s from texts, from files of the host and from parts of another CD',
    async (tool) => {
      const out = join(dir, 'build.iso');
      const hostile = join(dir, `it's $(touch pwned) \`touch pwned\` "here"; x.ps1`);
      writeFileSync(hostile, 'Write-Host 1\r\n');
      const iso = labEnv().media.virtioIso;
      const { folder, files } = await findDrivers(await hostSource(localHost(), iso), ['2k12R2', '2k22']);
      expect(folder).toBe('2k22');
      const drivers = files.map(
        ({ driver, name, source }): CdFile => ({
          path: `$WinPEDriver$/${driver}/${name}`,
          from: iso,
          parts: (source.extents ?? []).map(({ at, length }) => ({ at: at ?? 0, length })),
        }),
      );
      const secret = 'Pa$$w0rd & <more>';
      await masterCd(
        localHost(),
        tool,
        out,
        [
          { path: 'Autounattend.xml', bytes: Buffer.from(`<x>${secret}</x>`) },
          { path: 'casement/scripts/01-own.ps1', link: hostile },
          ...drivers,
        ],
        signal,
      );
      expect(await read(out, 'autounattend.xml')).toBe(`<x>${secret}</x>`);
      expect(await read(out, 'casement/scripts/01-own.ps1')).toBe('Write-Host 1\r\n');
      expect(await read(out, '$WinPEDriver$/viostor/viostor.inf')).toBe(
        await read(iso, 'viostor/2k22/amd64/viostor.inf'),
      );
      expect(statSync(out).mode & 0o777).toBe(0o600);
      // Neither the staging folder nor anything that a name could have started is left.
      expect(execFileSync('ls', [dir], { encoding: 'utf8' }).split('\n').filter(Boolean).sort()).toEqual(
        ['build.iso', hostile.slice(dir.length + 1)].sort(),
      );
    },
  );

  it('replaces nothing and leaves no password behind when it cannot be made', async () => {
    const out = join(dir, 'build.iso');
    const before = readFileSync(out);
    const secret: CdFile = { path: 'Autounattend.xml', bytes: Buffer.from('secret') };
    const tool = TOOLS[0] ?? '';
    const missing: CdFile = { path: 'casement/a.msi', link: join(dir, 'not there') };
    await expect(masterCd(localHost(), tool, out, [secret, missing], signal)).rejects.toMatchObject({
      code: 'guest.cd-failed',
      detail: expect.stringContaining('cannot be read'),
    });
    const cut: CdFile = { path: 'casement/b', from: out, parts: [{ at: before.length - 1, length: 2 }] };
    await expect(masterCd(localHost(), tool, out, [secret, cut], signal)).rejects.toMatchObject({
      detail: expect.stringContaining('shorter than it says'),
    });
    for (const path of ['../x', 'a//b', 'a/./b', 'a\\b'])
      await expect(
        masterCd(localHost(), tool, out, [{ path, bytes: Buffer.alloc(0) }], signal),
      ).rejects.toMatchObject({ code: 'guest.cd-failed' });
    await expect(masterCd(localHost(), null, out, [secret], signal)).rejects.toMatchObject({
      code: 'guest.no-iso-tool',
    });
    expect(readFileSync(out).equals(before)).toBe(true);
    expect(execFileSync('ls', [dir], { encoding: 'utf8' })).not.toMatch(/build\.iso\./);
  });

  it('is made over SSH for an account without rights', async () => {
    const { host } = await meet(specOf('user'));
    const out = `${await host.home()}/casement test.iso`;
    await masterCd(
      host,
      TOOLS[0] ?? '',
      out,
      [{ path: 'a/b/c.txt', bytes: Buffer.from('over SSH') }],
      signal,
    );
    expect(await read(out, 'a/b/c.txt')).toBe('over SSH');
    await host.files.remove(out);
  });
});
