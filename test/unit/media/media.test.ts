import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localHost } from '../../../electron/host/local.ts';
import type { Host } from '../../../electron/host/types.ts';
import { ensureMedia } from '../../../electron/media/index.ts';
import type { EnsureMedia } from '../../../electron/media/types.ts';
import type { MediaSource } from '../../../shared/plan.ts';
import type { Progress } from '../../../shared/stages.ts';
import { iso, msi, type Served, webServer } from './server.ts';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const cd = iso(400_000);
let folder = '';
let dir = '';
const servers: { close: () => void }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "casement media's-"));
  dir = join(folder, '.casement', 'media');
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(files: Record<string, Served>) {
  const server = await webServer(files);
  servers.push(server);
  return server;
}

function put(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const ensure = (source: MediaSource, change: Partial<EnsureMedia> = {}) =>
  ensureMedia({
    host: localHost(),
    kind: 'windows',
    source,
    dir,
    onProgress: () => {},
    signal: new AbortController().signal,
    ...change,
  });

/** This computer as if it were another one, counting the commands it runs. */
function faraway(): { host: Host; commands: string[] } {
  const local = localHost();
  const commands: string[] = [];
  const host: Host = {
    ...local,
    local: false,
    run: (words, options) => {
      commands.push(words.join(' '));
      return local.run(words, options);
    },
  };
  return { host, commands };
}

const media = () => readdirSync(dir).filter((name) => /\.(iso|msi|part)$/.test(name));

describe('a file at a path of the host', () => {
  it('is used where it is, and hashed only once', async () => {
    const { host, commands } = faraway();
    const path = put('my windows.iso', cd);
    const first = await ensure({ path }, { host });
    expect(first).toEqual({ path, bytes: cd.length, sha256: sha256(cd) });
    expect(await ensure({ path }, { host })).toEqual(first);
    expect(commands.filter((line) => line.startsWith('sha256sum'))).toHaveLength(1);
    const other = iso(400_004, 2);
    writeFileSync(path, other);
    expect((await ensure({ path }, { host })).sha256).toBe(sha256(other));
  });

  it('must exist, be a file and have content', async () => {
    await expect(ensure({ path: join(folder, 'none') })).rejects.toMatchObject({ code: 'media.missing' });
    await expect(ensure({ path: folder })).rejects.toMatchObject({ code: 'media.not-a-file' });
    await expect(ensure({ path: put('empty.iso', Buffer.alloc(0)) })).rejects.toMatchObject({
      code: 'media.empty',
    });
  });

  it('must be what it is said to be', async () => {
    const page = put('windows.iso', Buffer.from('<!DOCTYPE html><title>Sign in</title>'));
    await expect(ensure({ path: page })).rejects.toMatchObject({
      code: 'media.html',
      whatHappened: expect.stringContaining('web page'),
    });
    const installer = put('setup.msi', msi(5000));
    await expect(ensure({ path: installer })).rejects.toMatchObject({ code: 'media.wrong-kind' });
    expect((await ensure({ path: installer }, { kind: 'cloudbaseInit' })).bytes).toBe(5000);
  });

  it('is refused but left alone when its SHA-256 is another', async () => {
    const path = put('windows.iso', cd);
    await expect(ensure({ path, sha256: 'b'.repeat(64) })).rejects.toMatchObject({
      code: 'media.wrong-hash',
    });
    expect(readFileSync(path)).toEqual(cd);
  });

  it('survives a damaged memory of hashes', async () => {
    const path = put('windows.iso', cd);
    await ensure({ path });
    writeFileSync(join(dir, 'index.json'), '{"files": {"x": 1');
    expect((await ensure({ path })).sha256).toBe(sha256(cd));
  });
});

describe('a file of the workstation', () => {
  it('is sent under a name that can be recognised, and never twice', async () => {
    const { host } = faraway();
    const file = put('Windows Server 2022.iso', cd);
    const sent = await ensure({ file }, { host });
    expect(sent.path).toBe(`${dir}/Windows-Server-2022-${sha256(cd).slice(0, 8)}.iso`);
    expect(readFileSync(sent.path)).toEqual(cd);
    const progress: Progress[] = [];
    const again = await ensure({ file }, { host, onProgress: (one) => progress.push(one) });
    expect(again).toEqual(sent);
    expect(progress.some(({ message }) => message.startsWith('Sending'))).toBe(false);
  });

  it('is not sent when somebody has put it into the media folder by hand', async () => {
    const { host } = faraway();
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'by-hand.iso'), cd);
    const found = await ensure({ file: put('windows.iso', cd) }, { host });
    expect(found.path).toBe(`${dir}/by-hand.iso`);
  });

  it('is sent once when two builds want it at the same moment', async () => {
    const { host } = faraway();
    const file = put('windows.iso', cd);
    const both = await Promise.all([ensure({ file }, { host }), ensure({ file }, { host })]);
    expect(both[0]).toEqual(both[1]);
    expect(media()).toHaveLength(1);
  });

  it('is refused before a byte is sent when it is something else', async () => {
    const { host } = faraway();
    const file = put('windows.iso', Buffer.from('PK\x03\x04 zipped'));
    await expect(ensure({ file }, { host })).rejects.toMatchObject({
      whatHappened: expect.stringContaining('ZIP'),
    });
    const wrong = ensure({ file: put('b.iso', cd), sha256: 'c'.repeat(64) }, { host });
    await expect(wrong).rejects.toMatchObject({ code: 'media.wrong-hash' });
    await expect(ensure({ file: join(folder, 'none.iso') }, { host })).rejects.toMatchObject({
      whatHappened: expect.stringContaining('This workstation has no file'),
    });
  });

  it('is used in place when the host is this computer', async () => {
    const file = put('windows.iso', cd);
    expect((await ensure({ file })).path).toBe(file);
  });
});

describe('a file the host downloads', () => {
  it('arrives whole though the connection is cut twice, and only the rest is asked for again', async () => {
    const server = await serve({ '/windows.iso': { body: cd, etag: '"1"', cuts: [150_000, 100_000] } });
    const got = await ensure({ url: server.url('/windows.iso'), sha256: sha256(cd) });
    expect(got).toMatchObject({ bytes: cd.length, sha256: sha256(cd) });
    expect(got.path).toBe(`${dir}/windows-${sha256(cd).slice(0, 8)}.iso`);
    expect(readFileSync(got.path)).toEqual(cd);
    expect(server.asked).toHaveLength(3);
    expect(server.asked.slice(1).every((line) => line.includes('bytes='))).toBe(true);
  });

  it('arrives whole from a server that cannot resume', async () => {
    const server = await serve({ '/w.iso': { body: cd, etag: '"1"', cuts: [150_000], ranges: false } });
    expect((await ensure({ url: server.url('/w.iso') })).sha256).toBe(sha256(cd));
  });

  it('follows redirections and is named for what it finds there', async () => {
    const server = await serve({
      '/fwlink/': { body: cd, redirect: '/SERVER.iso' },
      '/SERVER.iso': { body: cd },
    });
    expect((await ensure({ url: server.url('/fwlink/?linkid=1') })).path).toMatch(
      /\/SERVER-[0-9a-f]{8}\.iso$/,
    );
  });

  it('is not downloaded again while the server still has that version', async () => {
    const files: Record<string, Served> = { '/w.iso': { body: cd, etag: '"1"' } };
    const server = await serve(files);
    const url = server.url('/w.iso');
    const first = await ensure({ url });
    expect(await ensure({ url })).toEqual(first);
    expect(server.asked).toHaveLength(1);
    const newer = iso(500_000, 7);
    files['/w.iso'] = { body: newer, etag: '"2"' };
    expect((await ensure({ url })).sha256).toBe(sha256(newer));
  });

  it('is not downloaded at all when the host has a file with the given SHA-256', async () => {
    const server = await serve({ '/w.iso': { body: cd } });
    const { path } = await ensure({ path: put('there.iso', cd) });
    expect((await ensure({ url: server.url('/w.iso'), sha256: sha256(cd) })).path).toBe(path);
    expect(server.asked).toEqual([]);
  });

  it('never mixes the beginning of one version with the end of another', async () => {
    const newer = iso(400_000, 9);
    const cuts = [200_000, 0, 0, 0, 0];
    const files: Record<string, Served> = { '/w.iso': { body: cd, etag: '"1"', cuts } };
    const server = await serve(files);
    const url = server.url('/w.iso');
    const controller = new AbortController();
    const cancelled = ensure({ url }, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    const part = readdirSync(join(dir, 'downloads')).find((name) => name.endsWith('.part')) ?? '';
    expect(readFileSync(join(dir, 'downloads', part))).toEqual(cd.subarray(0, 200_000));
    files['/w.iso'] = { body: newer, etag: '"2"' };
    expect((await ensure({ url })).sha256).toBe(sha256(newer));
  });

  it('is refused when it is a web page, whatever the server calls it', async () => {
    const page = Buffer.from('<html><body>Please sign in</body></html>');
    const server = await serve({
      '/a.iso': { body: page, type: 'text/html; charset=utf-8' },
      '/b.iso': { body: page, type: 'application/octet-stream' },
    });
    await expect(ensure({ url: server.url('/a.iso') })).rejects.toMatchObject({ code: 'media.html' });
    await expect(ensure({ url: server.url('/b.iso') })).rejects.toMatchObject({ code: 'media.html' });
    expect(server.asked).toEqual(['/b.iso']);
    expect(media()).toEqual([]);
  });

  it('is removed and never used when its SHA-256 is another', async () => {
    const server = await serve({ '/w.iso': { body: cd } });
    await expect(ensure({ url: server.url('/w.iso'), sha256: 'd'.repeat(64) })).rejects.toMatchObject({
      code: 'media.wrong-hash',
      whatHappened: expect.stringContaining('removed'),
    });
    expect(media()).toEqual([]);
    expect(readdirSync(join(dir, 'downloads'))).toEqual([]);
  });

  it('tells in words why it cannot be had, without the secrets of the address', async () => {
    const server = await serve({ '/no.iso': { body: cd, status: 403 } });
    const secret = server.url('/no.iso?sig=topsecret').replace('//', '//me:hidden@');
    const error = await ensure({ url: secret }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'media.download-failed',
      whatHappened: expect.stringContaining('HTTP 403'),
    });
    expect(JSON.stringify(error)).not.toMatch(/topsecret|hidden/);
    await expect(ensure({ url: server.url('/none.iso') })).rejects.toMatchObject({
      whatHappened: expect.stringContaining('HTTP 404'),
    });
    await expect(ensure({ url: 'http://127.0.0.1:9/w.iso' })).rejects.toMatchObject({
      whatHappened: expect.stringContaining('does not accept connections'),
    });
  });

  it('is downloaded once when two builds want it at the same moment', async () => {
    const server = await serve({ '/w.iso': { body: cd, etag: '"1"' } });
    const url = server.url('/w.iso');
    const both = await Promise.all([ensure({ url }), ensure({ url })]);
    expect(both[0]).toEqual(both[1]);
    expect(server.asked).toHaveLength(1);
  });

  it('keeps its address out of every argument list', async () => {
    const { host, commands } = faraway();
    const server = await serve({ '/w.iso': { body: cd, etag: '"1"' } });
    await ensure({ url: server.url('/w.iso?sig=topsecret') }, { host });
    expect(commands.join('\n')).toContain('curl');
    expect(commands.join('\n')).not.toContain('topsecret');
  });
});
