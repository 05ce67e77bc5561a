// Eyes on a build that nobody touches: what COM1 tells becomes progress, the screen becomes a film strip, and a build that
// stands still or begins anew is noticed.
import { setTimeout as pause } from 'node:timers/promises';
import { CasementError } from '../../../shared/errors.ts';
import { createMeter } from '../../../shared/progress.ts';
import { SETUP_SCREENS } from '../../../shared/setup-screens.ts';
import { type BuildLog, readBuildLog } from '../../guest/index.ts';
import { isLineFault } from '../../host/faults.ts';
import { acceleration, openSerial, screenChange } from '../../machine/index.ts';
import type { StageContext } from '../types.ts';
import { fact } from './facts.ts';
import type { Phase, Watch, Watched } from './vm.ts';

/** Between two looks at COM1, in ms. */
const EVERY_MS = 1000;
/** Between two pictures of the screen, in ms. */
const PICTURE_MS = 30_000;
/** Pictures kept of one phase; with one in 30 s this is two hours of change. */
const PICTURES_AT_MOST = 240;
/** Nothing to speak of changes for this long only where Windows waits for a person; in ms. */
const STUCK_MS = 10 * 60_000;
/** "Press any key to boot from CD or DVD" comes within this time after the start of the VM; without KVM it takes longer. */
const ANY_KEY_MS = { kvm: 60_000, tcg: 240_000 } as const;
/** A blinking cursor or a clock changes less of the screen than this share, a line of text or a progress bar more. */
const SEEN_SHARE = 0.0005;
/** Between two pictures a Windows that only waits reads and writes less than this; in bytes. */
const QUIET_BYTES = 1024 * 1024;

/** How often the screen is looked at, and after how long without any change the build counts as standing still; in ms. */
export interface Patience {
  readonly pictureMs: number;
  readonly stuckMs: number;
}

const PATIENCE: Patience = { pictureMs: PICTURE_MS, stuckMs: STUCK_MS };

/** Setup takes this share of the first phase; in percent. */
const SETUP_SHARE = 80;
/** Setup writes about this much for each byte of the unpacked edition. */
const WRITTEN_PER_BYTE = 1.2;

/** The watch over one phase. It throws `setup.loop` when Setup begins a second time. */
export function watchBuild(context: StageContext, phase: Phase, patience: Patience = PATIENCE): Watch {
  return async (vm, signal) => {
    const dir = fact(context, 'dir');
    const serial = openSerial(vm.host, dir);
    const pictures = filmStrip(vm, `${dir}/film`, phase);
    const teller = tellerOf(context, phase, patience);
    const started = Date.now();
    let looked = 0;
    while (!signal.aborted) {
      const log = readBuildLog(await serial.text());
      if (log.setups > 1) {
        await passing(() => pictures.take());
        throw setupLoop(
          await vm.machine.screenshot().then(
            () => pictures.last(),
            () => null,
          ),
        );
      }
      const keyWanted =
        phase === 'install' &&
        context.plan.machine.firmware === 'uefi' &&
        log.setups === 0 &&
        vm.resets() === 0 &&
        Date.now() - started <
          ANY_KEY_MS[acceleration({ plan: context.plan, probe: fact(context, 'probe') })];
      // Only before the first restart: later the disk must start, not the CD.
      if (keyWanted) await passing(() => vm.machine.keys(['up']));
      await passing(() => teller.tell(vm, log));
      if (Date.now() - looked >= patience.pictureMs) {
        looked = Date.now();
        await passing(async () => teller.seen(await pictures.take(), log, pictures.last()));
      }
      await pause(EVERY_MS, undefined, { signal }).catch(() => {});
    }
  };
}

/** The VM may have ended, or the line dropped, in the middle of a look: the wait for the end deals with both. */
async function passing(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const ours = thrown instanceof CasementError && /^(machine|host)\./.test(thrown.code);
    if (!ours && !isLineFault(thrown)) throw thrown;
  }
}

/** Notes in the journal each step that was told since the last one noted there. */
export async function noteSteps(context: StageContext, log: BuildLog): Promise<void> {
  const names = log.told.map(({ phase: script, number }) => `${script} ${number}`);
  // COM1 is read from its start again after a restart of the app: what was noted then is not noted twice.
  const known = names.lastIndexOf(context.facts.buildStep ?? '');
  for (const [at, step] of log.told.entries())
    if (at > known) await context.note({ buildStep: names[at] ?? '' }, `${step.title}.`);
}

/** Says how far it is, and notes each step once. */
function tellerOf(context: StageContext, phase: Phase, patience: Patience) {
  const meter = createMeter('percent', 100);
  let changed = Date.now();
  let known = '';
  let stuck = false;
  return {
    async tell(vm: Watched, log: BuildLog): Promise<void> {
      await noteSteps(context, log);
      const written = log.phase === null && phase === 'install' ? (await vm.machine.activity()).written : 0;
      context.progress(
        meter.update(percent(context, phase, log, written), stuck ? stuckWords(changed) : words(phase, log)),
      );
    },
    async seen(alive: boolean, log: BuildLog, picture: string | null): Promise<void> {
      const told = `${log.step?.id} ${log.notes.length} ${log.setups}`;
      if (alive || told !== known) changed = Date.now();
      known = told;
      const was = stuck;
      stuck = Date.now() - changed > patience.stuckMs;
      // Kept in the journal, where somebody without a window finds the picture and what such pictures mean.
      if (stuck && !was) for (const line of standstill(picture, phase)) await context.note({}, line);
    },
  };
}

/** Rough, but never backwards: Setup by what it has written, the script by its steps. */
function percent(context: StageContext, phase: Phase, log: BuildLog, written: number): number {
  const share = phase === 'install' ? SETUP_SHARE : 0;
  if (log.phase === null) {
    const all = (context.facts.edition?.bytes ?? 0) * WRITTEN_PER_BYTE;
    return all > 0 ? Math.min(share - 1, Math.floor((written / all) * share)) : 0;
  }
  if (!log.step || log.steps === 0) return share;
  return share + Math.floor(((log.step.number - 1) / log.steps) * (100 - share));
}

function words(phase: Phase, log: BuildLog): string {
  if (log.failed) return 'A step failed; Windows is shutting down';
  if (log.ended !== null) return 'Windows is shutting down';
  if (log.step) return `${log.step.title} (step ${log.step.number} of ${log.steps})`;
  if (phase === 'cloudbase-init') return 'Windows is starting';
  return log.setups === 0 ? 'The Windows CD is starting' : 'Windows Setup is at work';
}

function stuckWords(since: number): string {
  const minutes = Math.floor((Date.now() - since) / 60_000);
  return `Nothing has changed for ${minutes} minutes: Windows may wait for an answer. Look at its screen.`;
}

/** What somebody who sees the picture only has to know, a line each. */
function standstill(picture: string | null, phase: Phase): string[] {
  return [
    `Nothing changes any more; Windows may wait for an answer.${picture === null ? '' : ` The last picture of its screen lies on the host: ${picture}`}`,
    ...(phase === 'install' ? SETUP_SCREENS : []).map(
      ({ shows, means, todo }) => `If it shows this: ${shows}. ${means} ${todo}`,
    ),
  ];
}

/** Pictures of the screen in a folder of the host, one whenever it has changed to speak of. */
function filmStrip({ host, machine }: Watched, folder: string, phase: Phase) {
  let kept: Buffer | null = null;
  let moved = 0;
  let last: string | null = null;
  let count: number | null = null;
  return {
    last: () => last,
    /** Takes one; whether there is any life in the screen or on the drives since the one before. */
    async take(): Promise<boolean> {
      const [png, { read, written }] = [await machine.screenshot(), await machine.activity()];
      if (count === null) {
        await host.files.mkdir(folder, 0o700);
        count = (await host.files.list(folder)).filter(({ name }) => name.startsWith(phase)).length;
      }
      const another = kept === null || screenChange(kept, png) > SEEN_SHARE;
      if (another && count < PICTURES_AT_MOST) {
        count += 1;
        last = `${folder}/${phase}-${String(count).padStart(4, '0')}.png`;
        await host.files.write(last, png, 0o600);
      }
      if (another) kept = png;
      const busy = Math.abs(read + written - moved) > QUIET_BYTES;
      moved = read + written;
      return another || busy;
    },
  };
}

function setupLoop(picture: string | null): CasementError {
  return new CasementError({
    code: 'setup.loop',
    title: 'Windows Setup began a second time',
    whatHappened:
      'After a restart the VM started from the Windows CD again instead of from its disk, so the installation would never end.',
    whatToDo:
      'Do not press a key in the screen while the VM restarts. Continue the build: Windows is installed anew.',
    detail: picture === null ? '' : `The last picture of the screen lies on the host: ${picture}`,
  });
}
