// The two phases of the build VM that nobody touches: Setup reads its answers from a CD, then the build script does the
// rest. Between them lies a checkpoint in the disk, so that a failed Sysprep costs minutes and not the whole installation.
import { CasementError } from '../../../shared/errors.ts';
import { windowsProduct } from '../../../shared/windows.ts';
import {
  type BuildLog,
  guestLogs,
  locateWindows,
  masterCd,
  readBuildLog,
  symptomIn,
  wipe,
} from '../../guest/index.ts';
import type { Host } from '../../host/types.ts';
import {
  createDisk,
  hasCheckpoint,
  keepCheckpoint,
  machineFiles,
  openSerial,
  restoreCheckpoint,
} from '../../machine/index.ts';
import { buildPassword, installFiles, type MediaPaths, readSetupMedia, sealFiles } from '../setup.ts';
import type { StageContext, StageResult } from '../types.ts';
import { fact } from './facts.ts';
import { whenFree } from './free.ts';
import { forgetPhase, type Phase, phaseEnded, phaseRuns, runPhase } from './vm.ts';
import { noteSteps, watchBuild } from './watch-build.ts';

/** The state of the disk between the phases. */
const CHECKPOINT = 'installed';

/** Installs Windows from its answer file, and keeps the checkpoint. */
export async function installHandsFree(context: StageContext, signal: AbortSignal): Promise<StageResult> {
  const host = await context.ports.host(context.plan, signal);
  const disk = fact(context, 'disk');
  if (!(await phaseEnded(host, context, 'install'))) {
    if (!(await phaseRuns(host, context, 'install'))) await prepareInstall(host, context, signal);
    await run(host, context, 'install', signal);
  }
  await provePhase(host, context, 'install');
  const { partition, windows } = await whenFree(
    () => locateWindows(host, fact(context, 'probe'), disk),
    signal,
  );
  await keepCheckpoint(host, disk, CHECKPOINT);
  await copyVars(host, context, 'keep');
  return {
    facts: { installed: true },
    outcome: {
      Windows: context.facts.edition?.name ?? windowsProduct(context.plan.windows).title,
      Found: `partition ${partition}, folder ${windows}`,
      Checkpoint: 'kept in the disk, for another try after a failure',
    },
  };
}

/** Runs the second phase from the checkpoint; Cloudbase-Init and Sysprep are on the disk afterwards. */
export async function sealHandsFree(context: StageContext, signal: AbortSignal): Promise<void> {
  const host = await context.ports.host(context.plan, signal);
  const disk = fact(context, 'disk');
  if (!(await phaseRuns(host, context, 'cloudbase-init'))) {
    const media = await readSetupMedia(host, context.plan, mediaPaths(context));
    const files = await sealFiles(host, context.plan, mediaPaths(context), media);
    await masterCd(host, fact(context, 'probe').isoTool, buildCd(context), files, signal);
    // Whatever an earlier try did to the disk is taken back.
    await whenFree(() => restore(host, disk), signal);
    await copyVars(host, context, 'restore');
  }
  await run(host, context, 'cloudbase-init', signal);
  await provePhase(host, context, 'seal');
}

/** Removes the build CD, which holds the Administrator's password of the build VM. */
export async function wipeBuildCd(context: StageContext): Promise<void> {
  if (context.facts.dir === undefined) return;
  const host = await context.ports.host(context.plan, AbortSignal.timeout(UNDO_MS));
  await wipe(host, [buildCd(context)]);
}

/** Cleaning up may take this long, in ms, when the host has to be reached again. */
const UNDO_MS = 30_000;

/**
 * Whether the build script reached the end of its phase, as COM1 tells. Throws `setup.failed` with what the logs of Windows
 * say, and forgets the phase, so that the next try does it again.
 */
export async function provePhase(
  host: Host,
  context: StageContext,
  phase: 'install' | 'seal',
): Promise<BuildLog> {
  const log = readBuildLog(await openSerial(host, fact(context, 'dir')).text());
  await noteSteps(context, log);
  if (log.ended === phase) return log;
  const logs = await guestLogs(host, fact(context, 'disk'));
  await forgetPhase(host, context, phase === 'install' ? 'install' : 'cloudbase-init');
  throw failed(log, phase, logs);
}

async function prepareInstall(host: Host, context: StageContext, signal: AbortSignal): Promise<void> {
  const { plan } = context;
  const paths = mediaPaths(context);
  const media = await readSetupMedia(host, plan, paths);
  const { index, displayName: name, bytes } = media.edition;
  await context.note({ edition: { index, name, bytes } }, `Setup will install ${name}.`);
  const files = await installFiles(host, plan, paths, media, context.ports.secrets, buildPassword());
  await masterCd(host, fact(context, 'probe').isoTool, buildCd(context), files, signal);
  // Half an installation would make the Windows CD ask for a key before it starts.
  const disk = fact(context, 'disk');
  await host.files.remove(disk);
  const vars = machineFiles(fact(context, 'dir')).uefiVars;
  if (await host.files.stat(vars)) await host.files.remove(vars);
  await createDisk(host, fact(context, 'probe'), disk, plan.disk.sizeGB);
}

async function run(host: Host, context: StageContext, phase: Phase, signal: AbortSignal): Promise<void> {
  await runPhase(
    context,
    phase,
    { sentence: null, buildCd: buildCd(context), watch: watchBuild(context, phase) },
    signal,
  ).catch(async (thrown: unknown) => {
    // A detached VM still reads from its CD.
    if (!signal.aborted) await wipe(host, [buildCd(context)]);
    throw thrown;
  });
  await wipe(host, [buildCd(context)]);
}

async function restore(host: Host, disk: string): Promise<void> {
  if (await hasCheckpoint(host, disk, CHECKPOINT)) return await restoreCheckpoint(host, disk, CHECKPOINT);
  throw new CasementError({
    code: 'setup.no-checkpoint',
    title: 'The disk has no checkpoint',
    whatHappened: `${disk} does not hold the state after the installation, from which Windows would be prepared.`,
    whatToDo: 'Start a new build with the same plan: the disk was changed from outside.',
  });
}

/** What Windows wrote into the firmware goes with the checkpoint. */
async function copyVars(host: Host, context: StageContext, way: 'keep' | 'restore'): Promise<void> {
  const { uefiVars } = machineFiles(fact(context, 'dir'));
  const kept = `${uefiVars}.${CHECKPOINT}`;
  const [from, to] = way === 'keep' ? [uefiVars, kept] : [kept, uefiVars];
  if (await host.files.stat(from)) await host.files.write(to, await host.files.read(from), 0o600);
}

function mediaPaths(context: StageContext): MediaPaths {
  const media = fact(context, 'media');
  return {
    windows: media.windows.path,
    virtio: media.virtio.path,
    cloudbaseInit: media.cloudbaseInit.path,
  };
}

const buildCd = (context: StageContext): string => `${fact(context, 'dir')}/build.iso`;

function failed(
  log: BuildLog,
  phase: 'install' | 'seal',
  logs: readonly { readonly path: string; readonly tail: string }[],
): CasementError {
  const told = log.failed ? `${log.failed.id}: ${log.failed.text}` : '';
  const symptom = symptomIn([told, ...logs.map(({ tail }) => tail)].join('\n'));
  const where = log.step ? ` at the step "${log.step.title}"` : '';
  const again =
    phase === 'install'
      ? 'Continue the build: Windows is installed anew.'
      : 'Continue the build: it starts again from the checkpoint after the installation, which costs minutes.';
  return new CasementError({
    code: 'setup.failed',
    title: log.failed ? 'A step inside of Windows failed' : 'Windows was switched off too early',
    whatHappened: [
      symptom?.whatHappened ?? '',
      log.failed
        ? `The build script stopped${where}: ${log.failed.text.slice(0, 500)}`
        : `Windows switched itself off${where || ' before the build script began'}.`,
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    whatToDo: symptom?.whatToDo ?? `Look at the details, which show the logs of Windows. ${again}`,
    detail: [told, ...log.notes, ...logs.map(({ path, tail }) => `--- ${path}\n${tail.slice(-4000)}`)]
      .filter((part) => part !== '')
      .join('\n'),
  });
}
