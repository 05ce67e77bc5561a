// The disk of a switched-off guest: find its Windows, put a file into it, prove that it is a good image. A disk in use, a
// dirty, hibernated or encrypted Windows is refused before anything is written.
// May touch: host, shared.

export { masterCd, wipe } from './build-cd.ts';
export { type BuildLog, readBuildLog } from './build-log.ts';
export { diskFirmware } from './firmware.ts';
export { isGeneralized } from './generalized.ts';
export { injectFile } from './inject.ts';
export { inspectDisk } from './inspect.ts';
export { locateWindows } from './locate.ts';
export { guestLogs } from './logs.ts';
export { symptomIn } from './symptoms.ts';
