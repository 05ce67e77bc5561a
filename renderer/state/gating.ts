// Whether a step can go on, and if not, the sentence that stands beside the disabled button. Pure.
import type { MediaKind } from '../../shared/plan.ts';
import type { HostView, ProbeReport, RunView, StageView } from '../../shared/views.ts';
import { windowsProduct } from '../../shared/windows.ts';
import type { Draft } from './draft.ts';
import { hostOf, mediaOf } from './draft-plan.ts';
import { STEP_INFO, STEPS, type StepId } from './steps.ts';

/** All that a decision needs. */
export interface Situation {
  readonly draft: Draft;
  readonly run: RunView | null;
  readonly host: HostView | null;
  readonly probe: ProbeReport | null;
}

export type StepState = 'todo' | 'ready' | 'running' | 'waiting' | 'failed' | 'done';

export const MEDIA_TITLES: Readonly<Record<MediaKind, string>> = {
  windows: 'Windows ISO',
  virtio: 'virtio-win ISO',
  cloudbaseInit: 'Cloudbase-Init MSI',
};

/** Why the admin cannot continue from this step; null when they can. */
export function stepReason(step: StepId, situation: Situation): string | null {
  switch (step) {
    case 'host':
      return hostReason(situation);
    case 'media':
      return mediaReason(situation.draft);
    case 'machine':
      return machineReason(situation.draft);
    default:
      return stagesReason(step, situation.run);
  }
}

/** What the side list shows for a step. */
export function stepState(step: StepId, situation: Situation): StepState {
  const { stages } = STEP_INFO[step];
  // A choice that was only proposed is not called done before the admin came past it.
  const passed = STEPS.indexOf(situation.draft.reached) > STEPS.indexOf(step) || situation.run !== null;
  if (stages.length === 0) return passed && stepReason(step, situation) === null ? 'done' : 'todo';
  const views = stagesOf(step, situation.run);
  if (views.some(({ state }) => state === 'failed')) return 'failed';
  if (views.length === stages.length && views.every(isOver)) return 'done';
  if (!situation.run?.active) return views.some(isOver) ? 'ready' : 'todo';
  if (views.some(({ state }) => state === 'waiting')) return 'waiting';
  return views.some(({ state }) => state === 'started') ? 'running' : 'todo';
}

/** The views of the stages that a step drives; empty before there is a run. */
export function stagesOf(step: StepId, run: RunView | null): StageView[] {
  const { stages } = STEP_INFO[step];
  return run ? run.stages.filter(({ id }) => stages.includes(id)) : [];
}

/** Whether a stage needs no more work. */
export function isOver({ state }: Pick<StageView, 'state'>): boolean {
  return state === 'done' || state === 'skipped';
}

/** Whether the choices of an early step are already built into the run and cannot change it any more. */
export function isSettled(step: StepId, run: RunView | null): boolean {
  if (!run) return false;
  // A stage that failed takes new values when it is tried again, as the engine does.
  const begun = (id: string) =>
    run.stages.some(({ id: one, state }) => one === id && ['started', 'waiting', 'done'].includes(state));
  const first = { host: 'host', media: 'media', machine: 'disk', publish: 'publish', launch: 'launch' };
  return step in first && begun(first[step as keyof typeof first]);
}

function hostReason({ draft, run, host, probe }: Situation): string | null {
  if (run?.stages.some((stage) => stage.id === 'host' && isOver(stage))) return null;
  if (draft.hostKind === 'none') return 'Choose where the image is built.';
  if (!hostOf(draft)) return 'Fill in the address of the host.';
  if (host?.state !== 'connected') return 'Connect to the host first.';
  if (!probe) return 'Wait for the host check to finish.';
  const missing = probe.findings.filter(({ required, status }) => required && status === 'failed');
  if (missing.length === 0) return null;
  return `The host still lacks: ${missing.map(({ title }) => title).join(', ')}.`;
}

function mediaReason(draft: Draft): string | null {
  const missing = (Object.keys(MEDIA_TITLES) as MediaKind[]).filter((kind) => !mediaOf(draft.media[kind]));
  if (missing.length === 0) return null;
  return `Still to choose: ${missing.map((kind) => MEDIA_TITLES[kind]).join(', ')}.`;
}

function machineReason({ sizeGB, machine, windows }: Draft): string | null {
  const product = windowsProduct(windows);
  if (sizeGB < product.smallestDiskGB)
    return `${product.title} needs a disk of at least ${product.smallestDiskGB} GB.`;
  if (machine.memoryMB < 512) return 'The machine needs at least 512 MB of memory.';
  if (!product.firmwares.includes(machine.firmware))
    return `${product.title} cannot start with ${machine.firmware.toUpperCase()} firmware.`;
  return null;
}

const NOT_YET: Partial<Record<StepId, string>> = {
  install: 'Windows is not installed yet.',
  'cloudbase-init': 'Cloudbase-Init has not run yet.',
  publish: 'The image is not published yet.',
  launch: 'No server is launched yet.',
  connect: 'The desktop has not been opened yet.',
};

function stagesReason(step: StepId, run: RunView | null): string | null {
  const views = stagesOf(step, run);
  if (views.length > 0 && views.every(isOver)) return null;
  const failed = views.find(({ state }) => state === 'failed');
  if (failed) return `${failed.error?.title ?? 'A stage failed'}. See above what to do.`;
  return NOT_YET[step] ?? null;
}
