import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noWindows } from '../../../electron/guest/faults.ts';
import { localHost } from '../../../electron/host/local.ts';
import { machineFiles } from '../../../electron/machine/index.ts';
import { cloudbaseInitStage } from '../../../electron/run/stages/cloudbase-init.ts';
import type { Facts, StageContext } from '../../../electron/run/types.ts';

const isGeneralized = vi.hoisted(() => vi.fn<() => Promise<boolean>>());
vi.mock('../../../electron/guest/index.ts', () => ({ isGeneralized }));

let dir: string;
let marker: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'casement-generalized-'));
  marker = machineFiles(dir).ended('cloudbase-init');
  await mkdir(dirname(marker), { recursive: true });
  await writeFile(marker, '');
  isGeneralized.mockReset();
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const check = (facts: Facts = {}) =>
  cloudbaseInitStage.check(
    {
      plan: {},
      facts: { dir, disk: join(dir, 'disk.qcow2'), ...facts },
      ports: { host: async () => localHost() },
    } as unknown as StageContext,
    new AbortController().signal,
  );

describe('a Windows that switched itself off after the installer', () => {
  it('is said to be generalized once the disk shows it', async () => {
    isGeneralized.mockResolvedValue(true);
    expect(await check()).toEqual({
      facts: { generalized: true },
      outcome: { Windows: 'generalized by Sysprep' },
    });
  });

  it('must start again when Sysprep has not finished', async () => {
    isGeneralized.mockResolvedValue(false);
    await expect(check()).rejects.toMatchObject({
      code: 'guest.not-generalized',
      whatToDo: expect.stringMatching(/^Continue the build.*"Run Sysprep/),
    });
    expect(existsSync(marker)).toBe(false);
    expect(await check()).toBeNull();
  });

  it('must start again when the disk has no Windows any more', async () => {
    isGeneralized.mockRejectedValue(noWindows('disk', []));
    await expect(check()).rejects.toMatchObject({ code: 'guest.no-windows' });
    expect(existsSync(marker)).toBe(false);
  });

  it('is looked at only once', async () => {
    expect(await check({ generalized: true })).not.toBeNull();
    expect(isGeneralized).not.toHaveBeenCalled();
  });
});
