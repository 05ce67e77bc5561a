import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { PHASE_STEPS } from '../../../electron/guest/build-script.ts';
import type { Plan } from '../../../shared/plan.ts';
import { STAGES, type StageId } from '../../../shared/stages.ts';
import type { JournalLine } from '../../../shared/views.ts';
import { labEnv } from '../lab.ts';
import { type Outcome, RealRun } from './real-run.ts';

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

const EVERY_STEP = Object.entries(PHASE_STEPS).flatMap(([phase, ids]) =>
  ids.map((_, at) => `${phase} ${at + 1}`),
);

/** A line of an admin's script, and what is read of it afterwards. */
const SYMPTOMS: readonly (readonly [script: string, whatHappened: RegExp, detail: string])[] = [
  ['manage-bde -on C:', /BitLocker has encrypted drive C:.*Generalizing Windows/, '0x80310039'],
  [
    'Add-AppxPackage -Path C:\\apps\\Contoso.msix',
    /an app of the Store was installed or updated for one user only/,
    'Package Contoso was installed for a user',
  ],
  [
    'slmgr /rearm\r\nslmgr /rearm\r\nslmgr /rearm',
    /this Windows was generalized too often/,
    'maximum allowed number of re-arms',
  ],
  ['exit 3', /One of your own scripts ended with an error.*ended with code 3/, 'own.ps1'],
];

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
    expect(steps(await build.journal())).toEqual(EVERY_STEP);
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
});

describe('a hands-free build with UEFI that goes wrong', { timeout: 1_800_000 }, () => {
  it('says why in plain words, starts again from the checkpoint, and uses a bad disk only for a reason', async () => {
    const build = await untouched('UEFI', ({ image: _, server: __, connect: ___, ...plan }) => ({
      ...plan,
      windows: '2025',
      media: {
        ...plan.media,
        windows: { path: join(dirname(labEnv().media.windowsIso), 'windows-server-2025-standin.iso') },
      },
      machine: { ...plan.machine, firmware: 'uefi', type: 'q35', diskBus: 'virtio-scsi' },
    }));
    const file = join(build.home, 'plan.yaml');
    const script = join(build.home, 'own.ps1');
    const withScript = async (text: string): Promise<void> => {
      await writeFile(script, `${text}\r\n`);
      await writeFile(file, stringify({ ...build.plan, scripts: [{ file: script }] }));
    };
    const failure = (lines: readonly JournalLine[]) =>
      lines.find(({ state, stage }) => state === 'failed' && stage !== null);
    // The host is asked anew by every process.
    const begun = (lines: readonly JournalLine[]) =>
      lines.flatMap(({ stage, state }) =>
        state === 'started' && stage !== null && stage !== 'host' ? [stage] : [],
      );

    // What Sysprep refuses, and a script that says itself that it failed: the first build installs Windows, the others
    // start from the checkpoint.
    const refused = async (script: string, outcome: Outcome) => {
      expect(outcome.code, script).toBe(1);
      const failed = failure(outcome.lines);
      expect(failed, script).toMatchObject({ stage: 'cloudbase-init', error: { code: 'setup.failed' } });
      return failed?.error;
    };
    for (const [script, happened, detail] of SYMPTOMS) {
      await withScript(script);
      const outcome = await build.go(undefined, undefined, build.id === '' ? [] : ['--plan', file]);
      const error = await refused(script, outcome);
      expect(error?.whatHappened).toMatch(happened);
      expect(error?.whatToDo).toMatch(/checkpoint|original Windows ISO/);
      expect(error?.detail).toContain(detail);
      if (script !== SYMPTOMS[0]?.[0]) expect(begun(outcome.lines)).toEqual(['cloudbase-init']);
    }

    // Mended, but Remote Desktop is closed: from the checkpoint, without a new installation.
    const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server';
    await withScript(`reg add "${key}" /v fDenyTSConnections /t REG_DWORD /d 1 /f`);
    const second = await build.go(undefined, undefined, ['--plan', file]);
    expect(second.code).toBe(1);
    expect(begun(second.lines)).toEqual(['cloudbase-init', 'inspect']);
    expect(failure(second.lines)).toMatchObject({
      stage: 'inspect',
      error: {
        code: 'guest.bad-image',
        whatHappened: expect.stringContaining('Remote Desktop is allowed'),
        detail: expect.stringContaining('fDenyTSConnections = 1'),
      },
    });

    // Used as it is: Windows is not prepared again.
    const why = 'This server is used through its console only';
    const third = await build.go(undefined, undefined, ['--accept-disk', why]);
    expect(third.code, last(third.lines)).toBe(0);
    expect(begun(third.lines)).toEqual(['inspect', 'finish']);
    const view = build.view();
    expect(view.inspection).toMatchObject({ verdict: 'bad', product: '2025', build: 26100 });
    expect(view.stages.find(({ id }) => id === 'inspect')?.outcome.Reason).toBe(why);
  });
});

describe('a driver CD with a damaged guest agent', { timeout: 600_000 }, () => {
  it('is told as a package that Windows could not install', async () => {
    const cd = damagedDriverCd();
    try {
      const build = await untouched('Damaged', ({ image: _, server: __, connect: ___, ...plan }) => ({
        ...plan,
        media: { ...plan.media, virtio: { path: cd } },
      }));
      const { code, lines } = await build.go();
      expect(code).toBe(1);
      expect(
        lines.find(({ stage, state }) => stage === 'install' && state === 'failed')?.error,
      ).toMatchObject({
        code: 'setup.failed',
        whatHappened: expect.stringMatching(
          /Windows Installer could not install one of the packages.*Installing the QEMU guest agent/,
        ),
        whatToDo: expect.stringContaining('page "Media"'),
        detail: expect.stringContaining('msiexec.exe ended with code 1620'),
      });
    } finally {
      rmSync(dirname(cd), { recursive: true });
    }
  });
});

/** The laboratory's driver CD with a text in place of the guest agent's package. */
function damagedDriverCd(): string {
  const folder = mkdtempSync(join(tmpdir(), 'casement-damaged-'));
  chmodSync(folder, 0o755);
  const [tree, cd] = [join(folder, 'tree'), join(folder, 'virtio-win.iso')];
  execFileSync('xorriso', ['-osirrox', 'on', '-indev', labEnv().media.virtioIso, '-extract', '/', tree], {
    stdio: 'pipe',
  });
  execFileSync('chmod', ['-R', 'u+w', tree]);
  writeFileSync(join(tree, 'guest-agent', 'qemu-ga-x86_64.msi'), 'torn\n');
  execFileSync('genisoimage', ['-quiet', '-J', '-R', '-V', 'virtio-win-0.1.285', '-o', cd, tree]);
  return cd;
}

describe('a hands-free build whose app is killed', { timeout: 600_000 }, () => {
  it('goes on after a SIGKILL in every stage', async () => {
    const build = await untouched(
      'Killed hands-free',
      ({ image: _, server: __, connect: ___, ...plan }) => plan,
    );
    const moments: Partial<Record<StageId, (line: JournalLine) => boolean>> = {
      media: ({ state }) => state === 'started',
      disk: ({ state }) => state === 'started',
      install: ({ message }) => message === 'Installing the QEMU guest agent.',
      'cloudbase-init': ({ message }) => message === 'The build VM is running.',
      inspect: ({ state }) => state === 'started',
      finish: ({ state }) => state === 'started',
    };
    for (const [stage, moment] of Object.entries(moments)) {
      const { signal, lines } = await build.go((line) => line.stage === stage && moment(line));
      expect(signal, `killed in ${stage}: ${last(lines)}`).toBe('SIGKILL');
    }
    const end = await build.go();
    expect(end.code, last(end.lines)).toBe(0);
    expect(build.view().inspection).toMatchObject({ verdict: 'good' });
    // Every step was told once, although COM1 was read again after each kill.
    expect(steps(await build.journal())).toEqual(EVERY_STEP);
    expect(existsSync(join(await build.dir(), 'build.iso'))).toBe(false);
  });
});

describe('Setup that begins a second time', { timeout: 300_000 }, () => {
  it('is ended with a picture, instead of going round for ever', async () => {
    const build = await untouched('Loop', ({ image: _, server: __, connect: ___, ...plan }) => plan);
    const going = build.go();
    const restarted = async (): Promise<boolean> =>
      readFile(join(await build.dir(), 'serial.log'), 'latin1').then(
        (text) => text.includes('standin: restart'),
        () => false,
      );
    while (build.id === '' || !(await restarted())) await pause(200);
    // What no admin should do: press a key while the CD asks for one.
    let ended = false;
    const presses = (async () => {
      while (!ended) await build.casement('keys', build.id, '--press', 'a', '--json');
    })();
    const { code, lines } = await going;
    ended = true;
    await presses;
    expect(code).toBe(1);
    expect(lines.find(({ stage, state }) => stage === 'install' && state === 'failed')?.error).toMatchObject({
      code: 'setup.loop',
      detail: expect.stringMatching(/film\/install-\d{4}\.png$/),
    });
  });
});
