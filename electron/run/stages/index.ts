// The stages of a run, in order. Each is one small module that does its part on the real host or cloud and may be
// repeated after a kill. May touch: guest, machine, cloud, connect, media, host, shared.
import type { Stage } from '../types.ts';
import { cloudbaseInitStage } from './cloudbase-init.ts';
import { connectStage } from './connect.ts';
import { diskStage } from './disk.ts';
import { finishStage } from './finish.ts';
import { hostStage } from './host.ts';
import { injectStage } from './inject.ts';
import { inspectStage } from './inspect.ts';
import { installStage } from './install.ts';
import { launchStage } from './launch.ts';
import { mediaStage } from './media.ts';
import { publishStage } from './publish.ts';
import { verifyStage } from './verify.ts';

/** All stages in the order in which a run walks them. */
export const RUN_STAGES: readonly Stage[] = [
  hostStage,
  mediaStage,
  diskStage,
  installStage,
  injectStage,
  cloudbaseInitStage,
  inspectStage,
  finishStage,
  publishStage,
  verifyStage,
  launchStage,
  connectStage,
];
