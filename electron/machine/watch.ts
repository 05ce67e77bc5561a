// Waiting for the end of a VM: follows QMP events over dropped lines and restarts of the app, and leaves a marker in the
// work folder, so that an end seen once is never lost.
import { setTimeout as sleep } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import { isLineFault } from '../host/faults.ts';
import type { Host } from '../host/types.ts';
import { machineFiles } from './command.ts';
import { notRunning } from './faults.ts';
import { isRecord, Qmp, type QmpEvent } from './qmp.ts';
import type { MachineEnd } from './types.ts';

/** Between two attempts to reach QEMU, in milliseconds. */
const RETRY_MS = 500;
/** A monitor that does not greet within this time serves another client. Milliseconds. */
const GREETING_MS = 5000;
/** A silent line is asked for a sign of life this often, in milliseconds. */
const HEARTBEAT_MS = 15_000;
/** QEMU closes the disk within this time after `quit`, in milliseconds. */
const QUIT_MS = 30_000;

type Report = ((event: { name: string; at: string }) => void) | undefined;
type By = 'guest' | 'host';
/** What the run state of QEMU tells: switched off, died inside KVM, or going on. */
type Verdict = 'guest' | 'crash' | null;

/** What is known of one phase of one VM. */
export interface Phase {
  readonly host: Host;
  readonly dir: string;
  readonly phase: string;
  /** Name of the detached job that is QEMU. */
  readonly job: string;
}

/** The marker of each kind of end. */
export function markers(dir: string, phase: string): Readonly<Record<By, string>> {
  const files = machineFiles(dir);
  return { guest: files.ended(phase), host: files.stopped(phase) };
}

/** Resolves with how the VM ended. Throws `machine.not-running` when it was never started. */
export async function watchEnd(vm: Phase, signal: AbortSignal, report: Report): Promise<MachineEnd> {
  let resets = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      const ended = await endSoFar(vm, resets);
      if (ended) return ended;
      const by = await follow(vm, signal, (event) => {
        if (event.event === 'RESET') resets += 1;
        report?.({ name: event.event, at: event.at });
      });
      if (by) return await close(vm, by, resets);
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** Writes down who ended the VM, before QEMU is told to quit. Only an end by the guest ends the phase. */
export async function markEnd({ host, dir, phase }: Phase, by: By, resets: number): Promise<void> {
  const marker = JSON.stringify({ resets, at: new Date().toISOString() });
  await host.files.write(markers(dir, phase)[by], `${marker}\n`, 0o600);
}

/** What the markers say; null without one. */
export async function readMark({
  host,
  dir,
  phase,
}: Phase): Promise<{ readonly by: By; readonly resets: number } | null> {
  for (const by of ['guest', 'host'] as const) {
    const path = markers(dir, phase)[by];
    if (!(await host.files.stat(path))) continue;
    const mark: unknown = JSON.parse((await host.files.read(path)).toString('utf8'));
    return { by, resets: isRecord(mark) ? Number(mark.resets) || 0 : 0 };
  }
  return null;
}

/** Waits until QEMU is gone, at most `ms` milliseconds; then ends it. */
export async function waitGone({ host, dir, job }: Phase, ms: number): Promise<void> {
  const deadline = Date.now() + ms;
  while ((await host.jobs.status(dir, job)).state === 'running') {
    if (Date.now() > deadline) return host.jobs.stop(dir, job);
    await sleep(100);
  }
}

/** The end that can be told without speaking to QEMU; null while it runs. */
async function endSoFar(vm: Phase, resets: number): Promise<MachineEnd | null> {
  const job = await vm.host.jobs.status(vm.dir, vm.job);
  const mark = await readMark(vm);
  // A marker beside a running QEMU: whoever wrote it died before QEMU had quit.
  if (job.state === 'running') return mark ? close(vm, mark.by, mark.resets) : null;
  if (mark) return { ...mark, log: job.log };
  if (job.state === 'absent') throw notRunning(undefined);
  return { by: job.code === 0 ? 'host' : 'crash', resets, log: job.log };
}

async function close(vm: Phase, by: MachineEnd['by'], resets: number): Promise<MachineEnd> {
  if (by !== 'crash') await markEnd(vm, by, resets);
  const qmp = await Qmp.connect(await vm.host.socket(machineFiles(vm.dir).qmpControl)).catch(() => null);
  await qmp?.execute('quit').catch(() => {});
  qmp?.close();
  await waitGone(vm, QUIT_MS);
  return { by, resets, log: (await vm.host.jobs.status(vm.dir, vm.job)).log };
}

/** Listens until the guest switched itself off or the line broke (null). */
async function follow(vm: Phase, signal: AbortSignal, onEvent: (event: QmpEvent) => void): Promise<Verdict> {
  const files = machineFiles(vm.dir);
  let off: (by: Verdict) => void = () => {};
  const switchedOff = new Promise<Verdict>((resolve) => {
    off = resolve;
  });
  const listen = (event: QmpEvent) => {
    onEvent(event);
    if (event.event === 'SHUTDOWN' && event.data.guest === true) off('guest');
    // The reason of a stop is in the run state: look at once instead of at the next heartbeat.
    if (event.event === 'STOP') off(null);
  };
  const qmp = await Qmp.connect(await vm.host.socket(files.qmpEvents), {
    greetingMs: GREETING_MS,
    onEvent: listen,
  }).catch((error: unknown) => {
    if (isPassing(error)) return null;
    throw error;
  });
  if (!qmp) return askControl(vm);
  const stop = () => qmp.close();
  signal.addEventListener('abort', stop, { once: true });
  // Connecting took a while; an abort meanwhile was heard by nobody.
  if (signal.aborted) stop();
  try {
    for (;;) {
      const verdict = await ask(qmp);
      if (verdict) return verdict;
      const pulse = new AbortController();
      const ended = await Promise.race([
        switchedOff,
        qmp.closed.then(() => null),
        sleep(HEARTBEAT_MS, 'pulse' as const, { signal: pulse.signal }).catch(() => null),
      ]);
      pulse.abort();
      if (ended !== 'pulse') return ended;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    qmp.close();
  }
}

/** Asks over the monitor of short commands, where the other one is taken by somebody else who watches. */
async function askControl(vm: Phase): Promise<Verdict> {
  const qmp = await Qmp.connect(await vm.host.socket(machineFiles(vm.dir).qmpControl));
  try {
    return await ask(qmp);
  } finally {
    qmp.close();
  }
}

async function ask(qmp: Qmp): Promise<Verdict> {
  const answer = await qmp.execute('query-status');
  const status = isRecord(answer) ? answer.status : null;
  if (status === 'shutdown') return 'guest';
  // KVM gave up on the guest: it will never go on.
  return status === 'internal-error' ? 'crash' : null;
}

/** Faults that another attempt may not meet: the line, a monitor that closed, a socket not yet or no longer there. */
function isPassing(error: unknown): boolean {
  return (
    isLineFault(error) ||
    (error instanceof CasementError &&
      (error.code === 'machine.monitor-lost' || error.code === 'host.socket-failed'))
  );
}
