// What both phases of the build VM share: start it, wait until the guest switches itself off, let go of the disk.
import { CasementError } from '../../../shared/errors.ts';
import { handsFree } from '../../../shared/plan.ts';
import { createMeter } from '../../../shared/progress.ts';
import type { Host } from '../../host/types.ts';
import { buildMachine, machineFiles } from '../../machine/index.ts';
import type { Machine, MachineSpec } from '../../machine/types.ts';
import type { StageContext } from '../types.ts';
import { fact } from './facts.ts';

export type Phase = 'install' | 'cloudbase-init';

/** A second pair of eyes on the running VM. It ends with the VM, or throws to end the VM. */
export type Watch = (vm: Watched, signal: AbortSignal) => Promise<void>;

export interface Watched {
  readonly host: Host;
  readonly machine: Machine;
  /** How often Windows has restarted since somebody looked. */
  readonly resets: () => number;
}

export interface PhaseOptions {
  /** What a person must do; null when nobody must do anything. */
  readonly sentence: string | null;
  /** The CD beside that of Windows; the drivers' one where a person loads them. */
  readonly buildCd?: string;
  readonly watch?: Watch;
}

/** The machine of a phase; both phases have the same command line but for the drive they start from. */
function machineSpec(context: StageContext, phase: Phase, buildCd: string | undefined): MachineSpec {
  const media = fact(context, 'media');
  return {
    plan: context.plan,
    probe: fact(context, 'probe'),
    dir: fact(context, 'dir'),
    disk: fact(context, 'disk'),
    cds: [
      { id: 'windows', title: 'Windows', file: media.windows.path },
      buildCd === undefined
        ? { id: 'virtio', title: 'virtio-win', file: media.virtio.path }
        : { id: 'build', title: 'Casement build CD', file: buildCd },
    ],
    bootFrom: phase === 'install' ? 'cd' : 'disk',
  };
}

/** Whether the guest switched itself off at the end of this phase, as the host remembers it. */
export async function phaseEnded(host: Host, context: StageContext, phase: Phase): Promise<boolean> {
  const { dir } = context.facts;
  if (dir === undefined || (await host.files.stat(marker(dir, phase))) === null) return false;
  // A kill between the marker and the stop leaves QEMU holding the disk.
  if (context.facts.machine === phase) await letGo(buildMachine(host, dir, phase), context);
  return true;
}

/** Forgets that a phase ended, so that it is done again. */
export async function forgetPhase(host: Host, context: StageContext, phase: Phase): Promise<void> {
  const path = marker(fact(context, 'dir'), phase);
  if (await host.files.stat(path)) await host.files.remove(path);
}

/**
 * Runs the VM until the guest switches itself off. Throws `machine.ended-early` when it ended any other way, and what the
 * watch throws.
 */
export async function runPhase(
  context: StageContext,
  phase: Phase,
  options: PhaseOptions,
  signal: AbortSignal,
): Promise<{ resets: number }> {
  const host = await context.ports.host(context.plan, signal);
  const machine = buildMachine(host, fact(context, 'dir'), phase);
  await machine.start(machineSpec(context, phase, options.buildCd));
  await context.note({ machine: phase }, 'The build VM is running.');
  if (options.sentence !== null) await context.waiting(options.sentence);
  const meter = createMeter('steps', null);
  let resets = 0;
  const watch = watching(options.watch, { host, machine, resets: () => resets }, signal);
  try {
    const end = await machine.waitForEnd(watch.signal, ({ name }) => {
      if (name !== 'RESET') return;
      resets += 1;
      if (options.watch) return;
      context.progress(
        meter.update(resets, `Windows restarted, ${resets === 1 ? 'once' : `${resets} times`} so far`),
      );
    });
    watch.signal.throwIfAborted();
    await letGo(machine, context);
    if (end.by === 'guest') return { resets: end.resets };
    await forgetPhase(host, context, phase);
    throw endedEarly(end.by, end.log, handsFree(context.plan));
  } catch (thrown) {
    const fault = watch.fault();
    if (fault === undefined) throw thrown;
    await letGo(machine, context);
    await forgetPhase(host, context, phase);
    throw fault;
  } finally {
    await watch.end();
  }
}

function endedEarly(by: 'host' | 'crash', log: string, alone: boolean): CasementError {
  return new CasementError({
    code: 'machine.ended-early',
    title: 'The build VM ended before Windows shut down',
    whatHappened:
      by === 'host'
        ? 'Somebody switched the build VM off from outside.'
        : 'QEMU on the host ended by itself.',
    whatToDo: alone
      ? 'Continue the build: this part begins anew, by itself.'
      : 'Continue the build: the VM starts again with the same disk, and you go on from there.',
    detail: log,
  });
}

/** The watch at work beside the wait for the end; what it throws stops that wait. */
function watching(watch: Watch | undefined, vm: Watched, signal: AbortSignal) {
  const stop = new AbortController();
  let fault: unknown;
  const both = AbortSignal.any([signal, stop.signal]);
  const work = watch?.(vm, both).catch((thrown: unknown) => {
    if (both.aborted) return;
    fault = thrown;
    stop.abort(thrown);
  });
  return {
    signal: both,
    fault: () => fault,
    async end() {
      stop.abort();
      await work;
    },
  };
}

/** Whether the VM of a phase is at work, as after a restart of the app. */
export async function phaseRuns(host: Host, context: StageContext, phase: Phase): Promise<boolean> {
  const { state } = await buildMachine(host, fact(context, 'dir'), phase).status();
  return state !== 'absent' && state !== 'ended';
}

/** Switches the VM of a phase off, if it is running; says so. */
export async function stopPhase(context: StageContext, phase: Phase): Promise<string[]> {
  const { dir } = context.facts;
  if (dir === undefined) return [];
  const host = await context.ports.host(context.plan, AbortSignal.timeout(UNDO_MS));
  const machine = buildMachine(host, dir, phase);
  const { state } = await machine.status();
  if (state === 'absent' || state === 'ended') return [];
  await machine.stop();
  return ['The build VM was switched off.'];
}

/** Cleaning up may take this long, in ms, when the host has to be reached again. */
const UNDO_MS = 30_000;

async function letGo(machine: Machine, context: StageContext): Promise<void> {
  await machine.stop();
  await context.note({ machine: null }, 'The build VM has ended.');
}

const marker = (dir: string, phase: Phase): string => machineFiles(dir).ended(phase);
