// The stages of a run: their names, order and states. Pure, shared by engine, fronts and renderer.

/** Stage ids in the order in which a run walks them. */
export const STAGES = [
  'host',
  'media',
  'disk',
  'install',
  'inject',
  'cloudbase-init',
  'inspect',
  'finish',
  'publish',
  'verify',
  'launch',
  'connect',
] as const;

export type StageId = (typeof STAGES)[number];

/** `waiting` = a person must act (the manual way); `skipped` = the plan says no or it was already done. */
export type StageState = 'pending' | 'started' | 'waiting' | 'done' | 'failed' | 'skipped';

export const STAGE_TITLES: Readonly<Record<StageId, string>> = {
  host: 'Check the KVM host',
  media: 'Bring the media to the host',
  disk: 'Create the disk',
  install: 'Install Windows',
  inject: 'Put Cloudbase-Init on the disk',
  'cloudbase-init': 'Run Cloudbase-Init and Sysprep',
  inspect: 'Prove the disk',
  finish: 'Write the image file',
  publish: 'Upload the image to Glance',
  verify: 'Prove the image by signing in',
  launch: 'Launch a server on Nova',
  connect: 'Open the desktop',
};

/** How far a stage is. Byte counts where `unit` is `bytes`; `rate` is per second, `etaSeconds` null while unknown. */
export interface Progress {
  readonly done: number;
  readonly total: number | null;
  readonly unit: 'bytes' | 'percent' | 'steps';
  readonly rate: number | null;
  readonly etaSeconds: number | null;
  /** One short sentence: what is going on now. */
  readonly message: string;
  /** ISO time of the last sign of life. */
  readonly lastActivity: string;
}
