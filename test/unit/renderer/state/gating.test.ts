import { describe, expect, it } from 'vitest';
import {
  newestInterrupted,
  planFileName,
  runSentence,
  screenStep,
  stepOfRun,
  wasInterrupted,
} from '../../../../renderer/shell/run-words.ts';
import { readDraft } from '../../../../renderer/state/draft.ts';
import { isSettled, type Situation, stepReason, stepState } from '../../../../renderer/state/gating.ts';
import { lastStage, nextStep, STEP_INFO, STEPS } from '../../../../renderer/state/steps.ts';
import { STAGES } from '../../../../shared/stages.ts';
import type { Finding, HostView, ProbeReport } from '../../../../shared/views.ts';
import { filledDraft, madeRun as run } from './filled.ts';

const nothing: Situation = { draft: readDraft(null), run: null, host: null, probe: null };

function finding(title: string, status: Finding['status'], required: boolean): Finding {
  return { id: title, title, status, value: '', meaning: '', fix: null, required };
}

function probe(...findings: Finding[]): ProbeReport {
  return { findings } as unknown as ProbeReport;
}

const connected = { state: 'connected' } as HostView;

const installed = { host: 'done', media: 'skipped', disk: 'done', install: 'done' } as const;

describe('the reason beside the disabled button', () => {
  it('leads through the host step sentence by sentence', () => {
    const chosen = { ...nothing, draft: { ...nothing.draft, hostKind: 'ssh' as const } };
    const addressed = { ...nothing, draft: filledDraft() };
    const linked = { ...addressed, host: connected };
    expect(stepReason('host', nothing)).toBe('Choose where the image is built.');
    expect(stepReason('host', chosen)).toBe('Fill in the address of the host.');
    expect(stepReason('host', addressed)).toBe('Connect to the host first.');
    expect(stepReason('host', linked)).toBe('Wait for the host check to finish.');
    expect(stepReason('host', { ...linked, probe: probe(finding('QEMU', 'failed', true)) })).toBe(
      'The host still lacks: QEMU.',
    );
    const fine = probe(finding('QEMU', 'passed', true), finding('UEFI', 'failed', false));
    expect(stepReason('host', { ...linked, probe: fine })).toBeNull();
  });

  it('does not ask to connect again to a host that a build already checked', () => {
    expect(stepReason('host', { ...nothing, draft: filledDraft(), run: run(installed) })).toBeNull();
  });

  it('names the files that are still missing', () => {
    expect(stepReason('media', nothing)).toBe(
      'Still to choose: Windows ISO, virtio-win ISO, Cloudbase-Init MSI.',
    );
    expect(stepReason('media', { ...nothing, draft: filledDraft() })).toBeNull();
  });

  it('refuses a disk that is smaller than any known to work', () => {
    const draft = { ...filledDraft(), windows: '2012', sizeGB: 16 };
    expect(stepReason('machine', { ...nothing, draft })).toContain('at least 17 GB');
    expect(stepReason('machine', { ...nothing, draft: { ...draft, sizeGB: 17 } })).toBeNull();
  });

  it('lets a stage step go on only when its last stage is over', () => {
    expect(stepReason('install', { ...nothing, run: run({ host: 'done', install: 'waiting' }) })).toBe(
      'Windows is not installed yet.',
    );
    expect(stepReason('install', { ...nothing, run: run(installed) })).toBeNull();
  });
});

describe('the mark in the side list', () => {
  it('does not call a mere proposal done', () => {
    const draft = filledDraft();
    expect(stepState('machine', { ...nothing, draft })).toBe('todo');
    expect(stepState('machine', { ...nothing, draft: { ...draft, reached: 'install' } })).toBe('done');
  });

  it.each([
    [run({ host: 'started' }), 'running'],
    [run({ host: 'done', install: 'waiting' }), 'waiting'],
    [run({ host: 'failed' }), 'failed'],
    [run(installed), 'done'],
    [run({ host: 'done', media: 'started' }, { active: false }), 'ready'],
    [null, 'todo'],
  ])('of Install follows its stages (%#)', (view, state) => {
    expect(stepState('install', { ...nothing, run: view })).toBe(state);
  });
});

describe('choices that were used', () => {
  it('are settled once their stage began, and open again after it failed', () => {
    expect(isSettled('media', null)).toBe(false);
    expect(isSettled('media', run({ host: 'done' }))).toBe(false);
    expect(isSettled('media', run({ media: 'started' }))).toBe(true);
    expect(isSettled('media', run({ media: 'failed' }))).toBe(false);
  });
});

describe('an earlier run', () => {
  it('opens at the step where it goes on', () => {
    expect(stepOfRun(run(installed))).toBe('cloudbase-init');
    expect(stepOfRun(run(Object.fromEntries(STAGES.map((id) => [id, 'done']))))).toBe('connect');
  });

  it('is offered only when the app ended under it', () => {
    expect(wasInterrupted(run({ host: 'started' }, { active: false }))).toBe(true);
    expect(wasInterrupted(run({ host: 'started' }))).toBe(false);
    expect(wasInterrupted(run({ host: 'failed' }, { active: false, state: 'failed' }))).toBe(false);
  });

  it('shows its screen on the step of the stage that needs it', () => {
    expect(screenStep(run({ host: 'done', install: 'waiting' }))).toBe('install');
    expect(screenStep(run({ ...installed, inject: 'done', 'cloudbase-init': 'waiting' }))).toBe(
      'cloudbase-init',
    );
  });

  it('gives its plan a file name that every workstation takes', () => {
    expect(planFileName('Windows Server 2022')).toBe('Windows Server 2022.casement.yaml');
    expect(planFileName('../a\\b:c\n')).toBe('a b c.casement.yaml');
    expect(planFileName('...')).toBe('build.casement.yaml');
  });

  it('is the newest one that is offered, in whatever order the backend lists them', () => {
    const cut = { active: false };
    const older = run({ host: 'started' }, { ...cut, id: 'older', createdAt: '2026-01-01T00:00:00Z' });
    const newer = run({ host: 'started' }, { ...cut, id: 'newer', createdAt: '2026-01-02T00:00:00Z' });
    const running = run({ host: 'started' }, { id: 'running', createdAt: '2026-01-03T00:00:00Z' });
    expect(newestInterrupted([running, newer, older])?.id).toBe('newer');
    expect(newestInterrupted([older, newer, running])?.id).toBe('newer');
    expect(newestInterrupted([running])).toBeNull();
  });

  it('says in words where it stands', () => {
    expect(runSentence(run({ host: 'failed' }))).toBe('Failed at: Check the KVM host');
    expect(runSentence(run({ host: 'done' }, { active: false }))).toBe(
      'Stopped at: Bring the media to the host',
    );
  });
});

describe('the steps', () => {
  it('drive every stage exactly once and in order', () => {
    expect(STEPS.flatMap((step) => STEP_INFO[step].stages)).toEqual([...STAGES]);
  });

  it('follow one another to the end', () => {
    expect(nextStep('host')).toBe('media');
    expect(nextStep('connect')).toBeNull();
    expect(lastStage('cloudbase-init')).toBe('finish');
    expect(lastStage('media')).toBeNull();
  });
});
