import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localHost } from '../../../electron/host/local.ts';
import { uploadFile } from '../../../electron/host/transfer.ts';
import { checkSpace, freeBytes } from '../../../electron/host/transfer-space.ts';
import { inTurn } from '../../../electron/host/transfer-turns.ts';
import type { Host } from '../../../electron/host/types.ts';
import type { Progress } from '../../../shared/stages.ts';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const never = new AbortController().signal;

let folder = '';
let file = '';
const content = randomBytes(3_000_001);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "casement 'transfer'-"));
  file = join(folder, 'source.iso');
  writeFileSync(file, content);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** This computer, but without the short cut of sharing blocks, and counting what is written. */
function remote(): { host: Host; written: () => number } {
  const local = localHost();
  let bytes = 0;
  const host: Host = {
    ...local,
    local: false,
    files: {
      ...local.files,
      writeStream: async (path, offset) => {
        const stream = await local.files.writeStream(path, offset);
        const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
        stream.write = ((chunk: Buffer, ...rest: unknown[]) => {
          bytes += chunk.length;
          return write(chunk, ...rest);
        }) as typeof stream.write;
        return stream;
      },
    },
  };
  return { host, written: () => bytes };
}

const to = () => join(folder, 'host', 'media', 'windows.iso');
const upload = (host: Host, change: Partial<Parameters<typeof uploadFile>[0]> = {}) =>
  uploadFile({ host, file, to: to(), onProgress: () => {}, signal: never, ...change });

describe('sending a file', () => {
  it('arrives whole, under its own name only, with progress up to the end', async () => {
    const seen: Progress[] = [];
    const sent = await upload(remote().host, { onProgress: (progress) => seen.push(progress) });
    expect(sent).toEqual({ path: to(), bytes: content.length, sha256: sha256(content) });
    expect(readFileSync(to())).toEqual(content);
    expect(readdirSync(join(folder, 'host', 'media'))).toEqual(['windows.iso']);
    expect(seen.at(-1)).toMatchObject({ done: content.length, total: content.length, unit: 'bytes' });
  });

  it('goes on where an earlier attempt ended', async () => {
    const { host, written } = remote();
    await host.files.mkdir(join(folder, 'host', 'media'));
    writeFileSync(`${to()}.part`, content.subarray(0, 2_000_000));
    await upload(host);
    expect(readFileSync(to())).toEqual(content);
    expect(written()).toBe(content.length - 2_000_000);
  });

  it('begins anew when what is there is the beginning of something else', async () => {
    const { host, written } = remote();
    await host.files.mkdir(join(folder, 'host', 'media'));
    writeFileSync(`${to()}.part`, randomBytes(2_000_000));
    await upload(host);
    expect(readFileSync(to())).toEqual(content);
    expect(written()).toBe(content.length);
  });

  it('refuses a file that has not the given SHA-256, and leaves nothing', async () => {
    const wrong = upload(remote().host, { sha256: 'a'.repeat(64) });
    await expect(wrong).rejects.toMatchObject({ code: 'transfer.wrong-hash' });
    expect(readdirSync(join(folder, 'host', 'media'))).toEqual([]);
  });

  it('removes a copy that arrived damaged', async () => {
    const { host } = remote();
    const files = {
      ...host.files,
      writeStream: async (path: string, offset?: number) => {
        const stream = await host.files.writeStream(path, offset);
        stream.once('finish', () => writeFileSync(path, randomBytes(content.length)));
        return stream;
      },
    };
    await expect(upload({ ...host, files })).rejects.toMatchObject({ code: 'transfer.damaged' });
    expect(readdirSync(join(folder, 'host', 'media'))).toEqual([]);
  });

  it('says so when the file of the workstation is gone', async () => {
    rmSync(file);
    await expect(upload(remote().host)).rejects.toMatchObject({ code: 'transfer.no-file' });
  });

  it('keeps only the part when it is cancelled', async () => {
    const { host } = remote();
    const controller = new AbortController();
    const slow = {
      ...host.files,
      writeStream: async (path: string, offset?: number) => {
        const stream = await host.files.writeStream(path, offset);
        stream.once('drain', () => controller.abort());
        return stream;
      },
    };
    const cancelled = upload({ ...host, files: slow }, { signal: controller.signal });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(join(folder, 'host', 'media'))).toEqual(['windows.iso.part']);
  });

  it('sends one file once though two ask for it at the same moment', async () => {
    const { host } = remote();
    const [one, two] = await Promise.all([upload(host), upload(host)]);
    expect(one).toEqual(two);
    expect(readFileSync(to())).toEqual(content);
  });

  it('copies within this computer too', async () => {
    expect((await upload(localHost())).sha256).toBe(sha256(content));
    expect(readFileSync(to())).toEqual(content);
  });
});

describe('the room on the host', () => {
  it('is asked before anything is sent, and both numbers are told', async () => {
    const host = localHost();
    const free = (await freeBytes(host, folder)) ?? 0;
    expect(free).toBeGreaterThan(0);
    await expect(checkSpace(host, folder, free * 2)).rejects.toMatchObject({
      code: 'host.disk-full',
      whatHappened: expect.stringMatching(/needs .* but only .* are free/),
    });
    await expect(checkSpace(host, folder, 1)).resolves.toBeUndefined();
  });
});

describe('taking turns', () => {
  it('lets the next one in after a failure, and lets a waiting one go away', async () => {
    const order: string[] = [];
    let release = () => {};
    const first = inTurn('key', never, async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      order.push('first');
      throw new Error('failed');
    });
    const controller = new AbortController();
    const impatient = inTurn('key', controller.signal, async () => order.push('impatient'));
    const last = inTurn('key', never, async () => order.push('last'));
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ name: 'AbortError' });
    release();
    await expect(first).rejects.toThrow('failed');
    await last;
    expect(order).toEqual(['first', 'last']);
  });
});
