import { readFileSync, statSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Host } from '../../../electron/host/types.ts';
import { ensureMedia } from '../../../electron/media/index.ts';
import type { EnsureMedia } from '../../../electron/media/types.ts';
import type { Progress } from '../../../shared/stages.ts';
import { iso, webServer } from '../../unit/media/server.ts';
import { bareSpec, cable, leaveAll, meet, specOf } from '../host/bench.ts';
import { labEnv } from '../lab.ts';

let dir = '';

async function ensure(host: Host, change: Pick<EnsureMedia, 'kind' | 'source'> & Partial<EnsureMedia>) {
  dir ||= `${await host.home()}/media test ${Date.now()}`;
  return ensureMedia({
    host,
    dir,
    onProgress: () => {},
    signal: new AbortController().signal,
    ...change,
  });
}
afterEach(async () => {
  const { host } = await meet(specOf('user'));
  if (dir) await host.run(['rm', '-rf', '--', dir]);
  dir = '';
  await leaveAll();
});

describe('media on a host behind SSH', () => {
  it('brings all that a build needs from this workstation, once', async () => {
    const { host } = await meet(specOf('user'));
    const { windowsIso, virtioIso, cloudbaseInitMsi } = labEnv().media;
    const wanted = [
      ['windows', windowsIso],
      ['virtio', virtioIso],
      ['cloudbaseInit', cloudbaseInitMsi],
    ] as const;
    for (const [kind, file] of wanted) {
      const sent = await ensure(host, { kind, source: { file } });
      expect(sent.bytes).toBe(statSync(file).size);
      expect((await host.files.read(sent.path)).equals(readFileSync(file))).toBe(true);
      expect(await ensure(host, { kind, source: { file, sha256: sent.sha256 } })).toEqual(sent);
      expect(await ensure(host, { kind, source: { path: sent.path } })).toEqual(sent);
    }
    await expect(ensure(host, { kind: 'windows', source: { file: cloudbaseInitMsi } })).rejects.toMatchObject(
      { code: 'media.wrong-kind' },
    );
  });

  it('lets the host go on downloading while the line to it is cut', async () => {
    const address = new URL(labEnv().hosts.user.address);
    const line = await cable(Number(address.port));
    const spec = bareSpec('user', {
      address: `ssh://${address.username}@127.0.0.1:${line.port}`,
      identity: labEnv().hosts.user.identity,
    });
    const { host } = await meet(spec, { answer: () => [] });
    const body = iso(5_000_000);
    // The empty answers keep the host busy until the line has been cut.
    const server = await webServer({ '/windows.iso': { body, etag: '"1"', cuts: [3_000_000, 0] } });
    let cut = false;
    const got = await ensure(host, {
      kind: 'windows',
      source: { url: server.url('/windows.iso') },
      onProgress: ({ message }) => {
        if (cut || !message.startsWith('The host downloads')) return;
        cut = true;
        line.cut();
      },
    });
    expect(cut).toBe(true);
    expect((await host.files.read(got.path)).equals(body)).toBe(true);
    expect(server.asked.map((request) => request.split(' ')[1])).toEqual([
      undefined,
      'bytes=3000000-',
      'bytes=3000000-',
    ]);
    server.close();
    await host.close();
    line.close();
  });

  it('hashes a large file on the host with progress', async () => {
    const { host } = await meet(specOf('user'));
    const large = `${await host.home()}/large 'test'.iso`;
    await host.files.write(large, iso(0x9000));
    await host.run(['truncate', '-s', '1G', large]);
    const seen: Progress[] = [];
    try {
      const found = await ensure(host, {
        kind: 'windows',
        source: { path: large },
        onProgress: (progress) => seen.push(progress),
      });
      expect(found.bytes).toBe(1024 ** 3);
      expect(seen.some(({ done }) => done > 0 && done < found.bytes)).toBe(true);
      expect(seen.at(-1)?.done).toBe(found.bytes);
    } finally {
      await host.files.remove(large);
    }
  });

  it('says that a file may not be read', async () => {
    const { host } = await meet(specOf('user'));
    const secret = ensure(host, { kind: 'windows', source: { path: '/etc/shadow' } });
    await expect(secret).rejects.toMatchObject({ code: 'host.no-permission' });
  });
});
