import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browse } from '../../../electron/host/browse.ts';
import type { Host } from '../../../electron/host/types.ts';
import { leaveAll, meet, specOf } from './bench.ts';

let host: Host;
let dir = '';
beforeAll(async () => {
  host = (await meet(specOf('user'))).host;
  dir = (await host.run(['mktemp', '-d'])).stdout.trim();
});
afterAll(async () => {
  await host.run(['sh', '-c', 'chmod -R u+rwx "$1"; rm -rf -- "$1"', '-', dir]);
  await leaveAll();
});

describe('browsing a host', () => {
  it('shows every name, what links lead to, folders first, in natural order', async () => {
    const folder = `${dir}/nasty "names"`;
    await host.files.mkdir(folder);
    const names = ['a b', "it's", 'two\nlines', 'ümlaut', '-rf', '$(id)', 'disk10', 'disk2'];
    for (const name of names) await host.files.write(`${folder}/${name}`, name);
    const more =
      'cd "$1"; mkdir z; ln -s nowhere broken; ln -s z link; mkfifo pipe; printf x >"$(printf "\\377")"';
    await host.run(['sh', '-c', more, '-', folder]);
    const listing = await browse(host, `${folder}/./z/..`);
    expect(listing).toMatchObject({ path: folder, parent: dir });
    expect(listing.entries.map((e) => `${e.name} ${e.kind}${e.link ? ' link' : ''}`)).toEqual([
      'link directory link',
      'z directory',
      '-rf file',
      '$(id) file',
      'a b file',
      'broken other link',
      'disk2 file',
      'disk10 file',
      "it's file",
      'pipe other',
      'two\nlines file',
      'ümlaut file',
      '\uFFFD file',
    ]);
    for (const name of names) expect((await host.files.read(`${folder}/${name}`)).toString()).toBe(name);
  });

  it('begins at home and ends at the root', async () => {
    expect((await browse(host, '')).path).toBe(await host.home());
    expect((await browse(host, '/')).parent).toBeNull();
  });

  it('tells a folder that is missing, closed, or a file', async () => {
    await host.run(['sh', '-c', 'mkdir "$1/closed"; touch "$1/file"; chmod 0 "$1/closed"', '-', dir]);
    await expect(browse(host, `${dir}/none`)).rejects.toMatchObject({ code: 'host.no-such-file' });
    await expect(browse(host, `${dir}/closed`)).rejects.toMatchObject({ code: 'host.no-permission' });
    await expect(browse(host, `${dir}/file`)).rejects.toMatchObject({ code: 'host.no-such-file' });
    await expect(host.files.stat(`${dir}/closed/x`)).rejects.toMatchObject({ code: 'host.no-permission' });
    await expect(host.files.write('/etc/casement', '')).rejects.toMatchObject({ code: 'host.no-permission' });
  });

  it('shows 10,000 entries within two seconds', async () => {
    await host.run([
      'sh',
      '-c',
      'mkdir "$1/many"; cd "$1/many"; seq -f "file %.0f" 10000 | xargs -d "\\n" touch',
      '-',
      dir,
    ]);
    const begun = performance.now();
    const { entries } = await browse(host, `${dir}/many`);
    const took = performance.now() - begun;
    console.log(`10,000 entries: ${Math.round(took)} ms`);
    expect(entries).toHaveLength(10_000);
    expect(entries.slice(0, 3).map((entry) => entry.name)).toEqual(['file 1', 'file 2', 'file 3']);
    expect(took).toBeLessThan(2000);
  });
});

describe('files of a host', () => {
  const data = randomBytes(20 * 1024 * 1024 + 77);

  it('are written whole or not at all, with their mode, and replace what was there', async () => {
    const file = `${dir}/whole`;
    await host.files.write(file, 'old');
    expect((await host.files.stat(file))?.mode).toBe(0o600);
    await host.files.write(file, data, 0o640);
    expect(await host.files.stat(file)).toMatchObject({ kind: 'file', bytes: data.length, mode: 0o640 });
    expect(data.equals(await host.files.read(file))).toBe(true);
    await expect(host.files.write(`${dir}/none/x`, '')).rejects.toMatchObject({ code: 'host.no-such-file' });
    expect((await host.files.list(dir)).filter((entry) => entry.name.endsWith('.tmp'))).toEqual([]);
  });

  it('are read in ranges, also beyond their end', async () => {
    const file = `${dir}/whole`;
    const range = await host.files.read(file, { offset: 1_000_003, length: 3_000_000 });
    expect(data.subarray(1_000_003, 4_000_003).equals(range)).toBe(true);
    const last = await host.files.read(file, { offset: data.length - 5, length: 1000 });
    expect(data.subarray(-5).equals(last)).toBe(true);
    expect(await host.files.read(file, { offset: data.length + 5, length: 10 })).toHaveLength(0);
  });

  it('are streamed both ways, and writing goes on at an offset', async () => {
    const file = `${dir}/stream`;
    await pipeline([data.subarray(0, 7_000_001)], await host.files.writeStream(file));
    await pipeline([data.subarray(7_000_001)], await host.files.writeStream(file, 7_000_001));
    expect(data.equals(await buffer(await host.files.readStream(file)))).toBe(true);
    await pipeline(['short'], await host.files.writeStream(file));
    expect((await host.files.read(file)).toString()).toBe('short');
    await host.files.append(file, 'er');
    expect((await host.files.read(file)).toString()).toBe('shorter');
  });

  it('move at a fair rate', async () => {
    const file = `${dir}/rate`;
    const many = function* () {
      for (let i = 0; i < 10; i++) yield data;
    };
    const total = (10 * data.length) / 1e6;
    const rate = async (work: () => Promise<void>) => {
      const begun = performance.now();
      await work();
      return Math.round(total / ((performance.now() - begun) / 1000));
    };
    const up = await rate(async () => pipeline(many(), await host.files.writeStream(file)));
    const down = await rate(async () => {
      for await (const _ of await host.files.readStream(file));
    });
    console.log(`${Math.round(total)} MB over SFTP: up ${up} MB/s, down ${down} MB/s`);
    expect(Math.min(up, down)).toBeGreaterThan(20);
    await host.files.remove(file);
  });

  it('can be abandoned in the middle of a stream', async () => {
    const stream = await host.files.readStream(`${dir}/whole`);
    for await (const _ of stream) break;
    expect(stream.destroyed).toBe(true);
    const closed = await host.files.writeStream(`${dir}/stream`);
    closed.write(data.subarray(0, 100_000));
    closed.destroy();
    expect((await host.files.read('/proc/uptime')).length).toBeGreaterThan(5);
  });

  it('fail in a stream with a sentence when there is no room', async () => {
    const writing = pipeline([data], await host.files.writeStream('/dev/full'));
    await expect(writing).rejects.toMatchObject({ code: 'host.file-failed' });
  });

  it('are made, renamed over others and removed', async () => {
    await host.files.mkdir(`${dir}/p/q/r`, 0o750);
    await host.files.mkdir(`${dir}/p/q/r`);
    expect((await host.files.stat(`${dir}/p/q/r`))?.mode).toBe(0o750);
    await host.files.write(`${dir}/p/one`, '1');
    await host.files.write(`${dir}/p/two`, '2');
    await host.files.rename(`${dir}/p/one`, `${dir}/p/two`);
    expect((await host.files.read(`${dir}/p/two`)).toString()).toBe('1');
    await expect(host.files.remove(`${dir}/p`)).rejects.toMatchObject({ code: 'host.not-empty' });
    await host.files.remove(`${dir}/p/q/r`);
    await host.files.remove(`${dir}/p/q/r`);
    expect(await host.files.stat(`${dir}/p/q/r`)).toBeNull();
    await expect(host.files.mkdir(`${dir}/p/two/x`)).rejects.toMatchObject({
      code: expect.stringMatching(/^host\./),
    });
  });
});
