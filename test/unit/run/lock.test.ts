import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockHolder, takeLock } from '../../../electron/run/lock.ts';

const refused = vi.hoisted(() => ({ write: false }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const writeFile = (...given: Parameters<typeof real.writeFile>) =>
    refused.write
      ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
      : real.writeFile(...given);
  return { ...real, writeFile };
});

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casement-lock-'));
  path = join(folder, 'lock');
});
afterEach(async () => {
  refused.write = false;
  await rm(folder, { recursive: true, force: true });
});

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('the lock of a run', () => {
  it('is refused while a living process holds it, and free again after release', async () => {
    const lock = await takeLock(path);
    expect(await lockHolder(path)).toBe(process.pid);
    await expect(takeLock(path)).rejects.toMatchObject({ code: 'run.busy' });
    await lock.release();
    expect(await lockHolder(path)).toBeNull();
    await (await takeLock(path)).release();
  });

  it('is taken over from a process that is gone', async () => {
    await writeFile(`${path}.1`, JSON.stringify({ pid: await endedPid(), start: '1' }));
    expect(await lockHolder(path)).toBeNull();
    await (await takeLock(path)).release();
    expect(await readdir(folder)).toEqual(['lock.2']);
    expect(await lockHolder(path)).toBeNull();
  });

  it.runIf(process.platform === 'linux')(
    'is taken over when the pid now belongs to another process',
    async () => {
      await writeFile(`${path}.1`, JSON.stringify({ pid: process.pid, start: '1' }));
      await (await takeLock(path)).release();
    },
  );

  it('of a system that knows no start times is taken over once that system was booted again', async () => {
    await writeFile(`${path}.1`, JSON.stringify({ pid: process.pid, start: null }));
    await expect(takeLock(path)).rejects.toMatchObject({ code: 'run.busy' });
    const beforeBoot = Date.now() / 1000 - uptime() - 60;
    await utimes(`${path}.1`, beforeBoot, beforeBoot);
    await (await takeLock(path)).release();
  });

  it('is free after release even when the disk has no room for another file', async () => {
    const lock = await takeLock(path);
    refused.write = true;
    await lock.release();
    expect(await lockHolder(path)).toBeNull();
    refused.write = false;
    await (await takeLock(path)).release();
    expect(await readdir(folder)).toEqual(['lock.2']);
  });

  it('is taken over when it is torn', async () => {
    await writeFile(`${path}.1`, '{"pid":');
    await (await takeLock(path)).release();
  });

  it('goes to exactly one of many who find it stale at once', async () => {
    await writeFile(`${path}.1`, JSON.stringify({ pid: await endedPid(), start: '1' }));
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is never held by two, however often it changes hands', async () => {
    let holders = 0;
    let most = 0;
    const rival = async (): Promise<void> => {
      for (let taken = 0; taken < 5; ) {
        const lock = await takeLock(path).catch(() => null);
        if (lock === null) continue;
        taken += 1;
        holders += 1;
        most = Math.max(most, holders);
        await readdir(folder);
        holders -= 1;
        await lock.release();
      }
    };
    await Promise.all(Array.from({ length: 6 }, rival));
    expect(most).toBe(1);
  });
});
