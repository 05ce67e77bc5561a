// The steps of the wizard: their order, names, and the stages of a run each of them drives. Pure.
import type { StageId } from '../../shared/stages.ts';

export const STEPS = [
  'host',
  'media',
  'machine',
  'install',
  'cloudbase-init',
  'publish',
  'launch',
  'connect',
] as const;
export type StepId = (typeof STEPS)[number];

export interface StepInfo {
  readonly title: string;
  /** Shown under the heading of the step's page. */
  readonly lead: string;
  /** Stages this step runs, in order; empty for the steps that only collect choices. */
  readonly stages: readonly StageId[];
}

export const STEP_INFO: Readonly<Record<StepId, StepInfo>> = {
  host: {
    title: 'Host',
    lead: 'Windows is installed in a virtual machine on a Linux computer. Choose that computer; Casement checks what it can do.',
    stages: [],
  },
  media: {
    title: 'Media',
    lead: 'Three files are needed: the Windows installer, the drivers it lacks, and the agent that prepares each new server.',
    stages: [],
  },
  machine: {
    title: 'Disk & machine',
    lead: 'The virtual disk becomes your image. Everything here is already set for the Windows you chose.',
    stages: [],
  },
  install: {
    title: 'Install',
    lead: 'Casement brings the files to the host, creates the disk and starts the machine. Windows is installed there, by itself or by you.',
    stages: ['host', 'media', 'disk', 'install'],
  },
  'cloudbase-init': {
    title: 'Cloudbase-Init',
    lead: 'Windows gets the agent that prepares each new server, is made general with Sysprep, and the disk is proven.',
    stages: ['inject', 'cloudbase-init', 'inspect', 'finish'],
  },
  publish: {
    title: 'Publish',
    lead: 'Sign in to your OpenStack cloud and upload the finished disk as an image.',
    stages: ['publish', 'verify'],
  },
  launch: {
    title: 'Launch',
    lead: 'Start a first server from the image to see that it works.',
    stages: ['launch'],
  },
  connect: {
    title: 'Connect',
    lead: 'Open the desktop of your new server.',
    stages: ['connect'],
  },
};

/** The step after this one; null after the last. */
export function nextStep(step: StepId): StepId | null {
  return STEPS[STEPS.indexOf(step) + 1] ?? null;
}

/** The last stage of a step: what a run is started `until`. Null for steps that only collect choices. */
export function lastStage(step: StepId): StageId | null {
  return STEP_INFO[step].stages.at(-1) ?? null;
}
