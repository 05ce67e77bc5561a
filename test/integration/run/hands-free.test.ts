import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Inspection } from '../../../shared/inspection.ts';
import type { Plan } from '../../../shared/plan.ts';
import { STAGES } from '../../../shared/stages.ts';
import type { JournalLine } from '../../../shared/views.ts';
import { labEnv } from '../lab.ts';
import { RealRun } from './real-run.ts';

let run: RealRun | undefined;
afterEach(async () => {
  await run?.clean();
  run = undefined;
});

/** Nobody touches the build: no robot, no key from the test. */
async function untouched(name: string, change: (plan: Plan) => Plan = (plan) => plan): Promise<RealRun> {
  const made = await RealRun.create(name, (plan) =>
    change({
      ...plan,
      setup: {
        mode: 'hands-free',
        keyboard: 'de-DE',
        systemLocale: 'de-DE',
        userLocale: 'de-DE',
        timeZone: 'W. Europe Standard Time',
      },
    }),
  );
  made.nobodyAtTheScreen();
  run = made;
  return made;
}

/** Steps of the build script that the journal keeps. */
const steps = (lines: readonly JournalLine[]) =>
  lines.flatMap(({ facts }) => (typeof facts?.buildStep === 'string' ? [facts.buildStep] : []));

const last = (lines: readonly JournalLine[]) => JSON.stringify(lines.at(-1)).slice(0, 2000);

describe('a build that nobody touches', { timeout: 600_000 }, () => {
  it('goes from a BIOS machine and three files to a proven image and an open desktop', async () => {
    const build = await untouched('Hands-free');
    const { code, lines } = await build.go();
    expect(code, last(lines)).toBe(0);
    const view = build.view();
    expect(view.stages.map(({ id, state }) => `${id} ${state}`)).toEqual(
      STAGES.map((id) => `${id} ${id === 'inject' ? 'skipped' : 'done'}`),
    );
    expect(view.inspection).toMatchObject({ verdict: 'good', product: '2022' });
    expect(steps(await build.journal())).toEqual([
      ...[1, 2, 3, 4].map((step) => `install ${step}`),
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((step) => `seal ${step}`),
    ]);
    expect(lines.some(({ state }) => state === 'waiting')).toBe(false);
    const dir = await build.dir();
    // The CD held the Administrator's password of the build VM.
    expect(existsSync(join(dir, 'build.iso'))).toBe(false);
    const passport = JSON.parse(await readFile(join(dir, 'passport.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(passport).toMatchObject({
      setup: { mode: 'hands-free', edition: { index: 2 } },
      inspection: { verdict: 'good' },
      acceptedBecause: null,
    });
    expect(existsSync(join(dir, 'film', 'install-0001.png'))).toBe(true);
  });

  it('goes the same way on a UEFI machine with an evaluation of Server 2025', async () => {
    const build = await untouched('Hands-free UEFI', ({ image: _, server: __, connect: ___, ...plan }) => ({
      ...plan,
      windows: '2025',
      media: {
        ...plan.media,
        windows: { path: join(dirname(labEnv().media.windowsIso), 'windows-server-2025-standin.iso') },
      },
      machine: { ...plan.machine, firmware: 'uefi', type: 'q35', diskBus: 'virtio-scsi' },
    }));
    const { code, lines } = await build.go();
    expect(code, last(lines)).toBe(0);
    expect(build.view().inspection).toMatchObject({ verdict: 'good', product: '2025', build: 26100 });
  });
});

describe('a build whose Sysprep fails', { timeout: 600_000 }, () => {
  it('says why in plain words, and starts again from the checkpoint', async () => {
    const build = await untouched('Encrypted', ({ image: _, server: __, connect: ___, ...plan }) => plan);
    const script = join(build.home, 'encrypt.ps1');
    await writeFile(script, 'manage-bde -on C:\r\n');
    const plan: Plan = { ...build.plan, scripts: [{ file: script }] };
    await writeFile(join(build.home, 'plan.yaml'), stringify(plan));
    const first = await build.go();
    expect(first.code).toBe(1);
    const failed = first.lines.find(({ state, stage }) => state === 'failed' && stage !== null);
    expect(failed).toMatchObject({ stage: 'cloudbase-init', error: { code: 'setup.failed' } });
    expect(failed?.error?.whatHappened).toMatch(/BitLocker has encrypted drive C:.*Generalizing Windows/);
    expect(failed?.error?.whatToDo).toMatch(/checkpoint/);
    expect(failed?.error?.detail).toContain('0x80310039');

    await writeFile(join(build.home, 'plan.yaml'), stringify({ ...build.plan }));
    const second = await build.go(undefined, undefined, ['--plan', join(build.home, 'plan.yaml')]);
    expect(second.code, last(second.lines)).toBe(0);
    // Windows was not installed again.
    expect(second.lines.some(({ stage, state }) => stage === 'install' && state === 'started')).toBe(false);
    expect(build.view().inspection).toMatchObject({ verdict: 'good' } satisfies Partial<Inspection>);
  });
});
