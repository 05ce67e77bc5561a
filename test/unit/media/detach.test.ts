import { mkdtempSync, rmSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DETACHED } from '../../../electron/host/detach.ts';
import { localHost } from '../../../electron/host/local.ts';
import type { Host, JobStatus } from '../../../electron/host/types.ts';
import { ensureMedia } from '../../../electron/media/index.ts';
import { mediaStage } from '../../../electron/run/stages/media.ts';
import type { StageContext } from '../../../electron/run/types.ts';
import type { MediaSource } from '../../../shared/plan.ts';
import { planSchema } from '../../../shared/plan.ts';
import { examplePlan } from '../run/example.ts';
import { iso, webServer } from './server.ts';

let folder: string;
let server: Awaited<ReturnType<typeof webServer>>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'casement-detach-'));
  server = await webServer({ '/windows.iso': { body: iso(400_000), etag: '"1"' } });
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** This computer with jobs that never end by themselves. */
function patient() {
  const running = new Set<string>();
  const begun = Promise.withResolvers<void>();
  const status = async (name: string): Promise<JobStatus> => ({
    state: running.has(name) ? 'running' : 'absent',
    pid: null,
    code: null,
    log: '',
    positions: {},
  });
  const host: Host = {
    ...localHost(),
    jobs: {
      start: async ({ name }) => {
        running.add(name);
        return await status(name);
      },
      status: (_dir, name) => status(name),
      stop: async (_dir, name) => void running.delete(name),
      async wait(_dir, name, _onStatus, signal) {
        begun.resolve();
        await pause(60_000, undefined, { signal });
        return await status(name);
      },
    },
  };
  return { host, running, begun: begun.promise };
}

/** A file too large to be hashed without a job; it takes no room. */
async function large(): Promise<MediaSource> {
  const path = join(folder, 'large.iso');
  await writeFile(path, iso(400_000));
  await truncate(path, 300 * 1024 * 1024);
  return { path };
}
const SOURCES: readonly (readonly [string, () => Promise<MediaSource>])[] = [
  ['a download', async () => ({ url: server.url('/windows.iso') })],
  ['the hash of a large file', large],
];

/** Brings it over until its job runs, then stops for this reason. */
async function stopped(source: MediaSource, reason?: unknown) {
  const { host, running, begun } = patient();
  const stop = new AbortController();
  const dir = join(folder, 'media');
  const onProgress = () => {};
  const brought = ensureMedia({ host, kind: 'windows', source, dir, onProgress, signal: stop.signal });
  await Promise.race([begun, brought]);
  stop.abort(reason);
  await expect(brought).rejects.toMatchObject({ name: 'AbortError' });
  return { host, running };
}

describe.each(SOURCES)('%s', (_title, source) => {
  it('goes on when Casement only lets go of it, and ends when the build is cancelled later', async () => {
    const from = await source();
    const { host, running } = await stopped(from, DETACHED);
    expect(running.size).toBe(1);

    const plan = planSchema.parse({ ...examplePlan, media: { ...examplePlan.media, windows: from } });
    const context = {
      plan,
      facts: { probe: { workRoot: join(folder, 'builds') } },
      ports: { host: async () => host },
    } as unknown as StageContext;
    expect(await mediaStage.undo(context, true)).toEqual([]);
    expect(running.size).toBe(1);
    expect(await mediaStage.undo(context, false)).toEqual([
      expect.stringMatching(/^Windows ISO: the job "(get|hash)-\w+" on the host was stopped\.$/),
    ]);
    expect(running.size).toBe(0);
  });

  it('ends with a cancel', async () => {
    expect((await stopped(await source())).running.size).toBe(0);
  });
});
