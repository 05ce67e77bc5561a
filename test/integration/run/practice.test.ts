import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Backend, createBackend } from '../../../electron/backend.ts';
import type { CallResult } from '../../../shared/contract.ts';
import { isAcceptable } from '../../../shared/passwords.ts';

let home: string;
let backend: Backend;
const start = () => createBackend({ front: 'served', home, desktop: { openExternal: async () => {} } });
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-practice-test-'));
  backend = await start();
});
afterEach(async () => {
  await backend.close();
  await rm(home, { recursive: true, force: true });
});

describe('practice on this computer', { timeout: 180_000 }, () => {
  it('brings the laboratory up, tells how far it is, and gives a host and a complete plan', async () => {
    const told: string[] = [];
    backend.on((name, payload) => {
      if (name === 'practice.progress') told.push((payload as { stage: string; state: string }).state);
    });
    const practice = (await backend.call('practice.start', {})) as CallResult<'practice.start'>;
    expect(told).toContain('done');
    expect(practice.plan.host).toEqual(practice.host);
    expect(practice.plan.server?.adminPass).toBe('env:CASEMENT_PRACTICE_PASSWORD');
    const probe = (await backend.call('host.probe', { host: practice.host })) as CallResult<'host.probe'>;
    expect(probe.root).toBe(false);
    const cloud = practice.plan.cloud;
    if (!cloud) throw new Error('no cloud in the plan');
    expect(await backend.call('cloud.check', { cloud })).toMatchObject({ project: 'demo' });
    expect(await backend.call('app.info', {})).toMatchObject({
      practice: { available: true, running: true },
    });
  });

  it('keeps the password of its servers for builds that are continued later, readable for the owner only', async () => {
    await backend.call('practice.start', {});
    const file = join(home, 'practice-password');
    const made = await readFile(file, 'utf8');
    expect(isAcceptable(made.trim())).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await backend.close();
    backend = await start();
    await backend.call('practice.start', {});
    expect(await readFile(file, 'utf8')).toBe(made);
  });
});
