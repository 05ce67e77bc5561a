import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { uploadFile } from '../../../electron/host/transfer.ts';
import type { Host } from '../../../electron/host/types.ts';
import { labEnv } from '../lab.ts';
import { bareSpec, cable, leaveAll, meet, specOf } from './bench.ts';

const MIB = 1024 * 1024;
const scratch = mkdtempSync(join(tmpdir(), 'casement-transfer-'));
const file = join(scratch, 'big file.iso');
// More than what is hashed without a job.
const bytes = 260 * MIB + 17;
const never = new AbortController().signal;
let sum = '';
let dir = '';

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

beforeAll(async () => {
  // Random bytes: a stream of zeros would be flattered by compression and by holes.
  execFileSync('openssl', ['rand', '-out', file, String(bytes)]);
  truncateSync(file, bytes);
  sum = await hashOf(file);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function folderOn(host: Host): Promise<string> {
  dir = `${await host.home()}/transfer test ${Date.now()}`;
  await host.files.mkdir(dir);
  return dir;
}
afterEach(async () => {
  const { host } = await meet(specOf('user'));
  if (dir) await host.run(['rm', '-rf', '--', dir]);
  dir = '';
  await leaveAll();
});

/** The host behind a cable that can be cut. */
async function behindCable() {
  const address = new URL(labEnv().hosts.user.address);
  const line = await cable(Number(address.port));
  const spec = bareSpec('user', {
    address: `ssh://${address.username}@127.0.0.1:${line.port}`,
    identity: labEnv().hosts.user.identity,
  });
  const { host } = await meet(spec, { answer: () => [] });
  return { line, host };
}

describe('sending to a host behind SSH', () => {
  it('fills the line and compares the checksum there', async () => {
    const { host } = await meet(specOf('user'));
    const to = `${await folderOn(host)}/it's here.iso`;
    const start = performance.now();
    let sending = 0;
    const sent = await uploadFile({
      host,
      file,
      to,
      onProgress: ({ done, message }) => {
        if (done === bytes && message.startsWith('Sending')) sending ||= performance.now() - start;
      },
      signal: never,
    });
    const rate = bytes / MIB / (sending / 1000);
    console.log(
      `sent ${(bytes / MIB).toFixed(0)} MiB at ${rate.toFixed(0)} MiB/s, with checksums ${((performance.now() - start) / 1000).toFixed(1)} s`,
    );
    expect(sent).toEqual({ path: to, bytes, sha256: sum });
    expect((await host.files.list(dir)).map(({ name }) => name)).not.toContain("it's here.iso.part");
  });

  it('goes on by itself after the line was cut, twice, without sending all again', async () => {
    const { line, host } = await behindCable();
    const to = `${await folderOn(host)}/windows.iso`;
    const cuts = [80 * MIB, 200 * MIB];
    const resumed: number[] = [];
    let sending = false;
    const sent = await uploadFile({
      host,
      file,
      to,
      onProgress: ({ done, message }) => {
        const now = message.startsWith('Sending');
        if (now && !sending) resumed.push(done);
        sending = now;
        if (now && done > (cuts[0] ?? Number.POSITIVE_INFINITY)) {
          cuts.shift();
          line.cut();
        }
      },
      signal: never,
    });
    line.close();
    expect(sent.sha256).toBe(sum);
    expect(cuts).toEqual([]);
    expect(resumed[0]).toBe(0);
    expect(resumed[1]).toBeGreaterThan(60 * MIB);
    expect(resumed[2]).toBeGreaterThan(180 * MIB);
  });

  it('keeps what arrived when it is cancelled, and a later start goes on from there', async () => {
    const { host } = await meet(specOf('user'));
    const to = `${await folderOn(host)}/windows.iso`;
    const controller = new AbortController();
    const cancelled = uploadFile({
      host,
      file,
      to,
      onProgress: ({ done }) => done > 100 * MIB && controller.abort(),
      signal: controller.signal,
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect((await host.files.list(dir)).map(({ name }) => name)).toEqual(['windows.iso.part']);
    const first: number[] = [];
    const sent = await uploadFile({
      host,
      file,
      to,
      onProgress: ({ done, message }) => message.startsWith('Sending') && first.push(done),
      signal: never,
    });
    expect(first[0]).toBeGreaterThan(90 * MIB);
    expect(sent.sha256).toBe(sum);
  });

  it('says how much room is missing before it sends a byte', async () => {
    const { host } = await meet(specOf('user'));
    const huge = join(scratch, 'huge.iso');
    execFileSync('truncate', ['-s', '2T', huge]);
    const to = `${await folderOn(host)}/huge.iso`;
    const full = uploadFile({ host, file: huge, to, onProgress: () => {}, signal: never });
    await expect(full).rejects.toMatchObject({
      code: 'host.disk-full',
      whatHappened: expect.stringContaining('needs 2.0 TiB'),
    });
    expect(await host.files.list(dir)).toEqual([]);
  });
});
