import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPlan } from '../../../electron/backend/app.ts';
import { type Backend, createBackend } from '../../../electron/backend.ts';
import { calls } from '../../../shared/contract.ts';
import type { RunView } from '../../../shared/views.ts';
import { examplePlan } from '../run/example.ts';

let home: string;
let backend: Backend;
const start = () => createBackend({ front: 'cli', home, desktop: { openExternal: async () => {} } });
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-backend-'));
  backend = await start();
});
afterEach(async () => {
  await backend.close();
  await rm(home, { recursive: true, force: true });
});

describe('the backend', () => {
  it('refuses arguments that do not fit any call, naming the place and never the value', async () => {
    for (const name of Object.keys(calls) as (keyof typeof calls)[]) {
      const refused = backend.call(name, { nonsense: 'hunter2' });
      await expect(refused, name).rejects.toMatchObject({ code: 'bad-arguments' });
      await refused.catch((error: Error) => expect(JSON.stringify(error)).not.toContain('hunter2'));
    }
  });

  it('keeps a draft across restarts', async () => {
    expect(await backend.call('draft.load', {})).toBeNull();
    await Promise.all([1, 2, 3].map((step) => backend.call('draft.save', { draft: { step } })));
    await backend.close();
    backend = await start();
    expect(await backend.call('draft.load', {})).toEqual({ step: 3 });
  });

  it('names every problem of a plan by its path', () => {
    expect(checkPlan(examplePlan)).toEqual({ ok: true, problems: [] });
    const bad = { ...examplePlan, disk: { sizeGB: 0 }, image: undefined };
    expect(checkPlan(bad)).toMatchObject({
      ok: false,
      problems: [{ path: 'disk.sizeGB' }, { path: 'image' }],
    });
  });

  it('keeps a secret in memory where there is no keyring, and says so', async () => {
    expect(await backend.call('secret.put', { name: 'demo', value: 's' })).toEqual({
      ref: 'keyring:demo',
      kept: 'memory',
    });
  });

  it('says that a run is unknown, whatever its name tries', async () => {
    for (const run of ['20260101-000000-0000', '../../etc', 'x'])
      await expect(backend.call('run.get', { run })).rejects.toMatchObject({ code: 'run.unknown' });
  });

  it('begins a run, fails with a sentence when its media are missing, and lists it', async () => {
    const ended = new Promise<RunView>((resolve) => {
      backend.on((name, payload) => {
        if (name === 'run.changed' && !(payload as RunView).active) resolve(payload as RunView);
      });
    });
    const { id } = (await backend.call('run.start', { plan: examplePlan, until: 'media' })) as RunView;
    const view = await ended;
    expect(view).toMatchObject({ id, state: 'failed' });
    const failed = view.stages.find(({ state }) => state === 'failed');
    expect(failed?.error?.whatToDo).not.toBe('');
    expect(((await backend.call('run.list', {})) as RunView[]).map((run) => run.id)).toEqual([id]);
    await backend.call('run.remove', { run: id });
    expect(await backend.call('run.list', {})).toEqual([]);
  });

  it.runIf(existsSync('/usr/bin/qemu-system-x86_64'))(
    'shows the command line of the build VM before there is a run',
    async () => {
      const { words, shell } = (await backend.call('machine.command', { plan: examplePlan })) as {
        words: string[];
        shell: string;
      };
      expect(words.join(' ')).toContain('/iso/windows.iso');
      expect(shell).toContain('-vnc');
    },
  );
});
