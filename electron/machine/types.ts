// The build VM as the run and the fronts see it. Types only. May touch: host, shared.
import type { Duplex } from 'node:stream';
import type { Plan } from '../../shared/plan.ts';
import type { ProbeReport } from '../../shared/views.ts';

/** Everything the QEMU command line follows from; the function that makes it is pure. */
export interface MachineSpec {
  readonly plan: Plan;
  readonly probe: ProbeReport;
  /** Work folder of the build on the host, mode 0700; sockets, logs and disk lie in it. */
  readonly dir: string;
  readonly disk: string;
  /** CD drives in order; null is an empty drive. */
  readonly cds: readonly { readonly id: string; readonly title: string; readonly file: string | null }[];
  /** From CD first (Setup) or from disk first (the later boots). */
  readonly bootFrom: 'cd' | 'disk';
}

export type MachineStatus =
  | { readonly state: 'absent' }
  /** `shutdown`: the guest switched itself off and QEMU still holds the last screen. */
  | { readonly state: 'running' | 'paused' | 'shutdown'; readonly pid: number }
  | { readonly state: 'ended'; readonly code: number | null; readonly log: string };

/** How a phase of the VM ended. */
export interface MachineEnd {
  readonly by: 'guest' | 'host' | 'crash';
  readonly resets: number;
  readonly log: string;
}

export interface CdDrive {
  readonly id: string;
  readonly title: string;
  readonly file: string | null;
}

/** A running build VM; every call opens, uses and closes its own QMP monitor, so several processes may use it. */
export interface Machine {
  status(): Promise<MachineStatus>;
  /** Starts QEMU as a detached job; a VM already running is left alone. Throws `machine.start-failed` with QEMU's words. */
  start(spec: MachineSpec): Promise<void>;
  /** Resolves when the guest switched itself off (SHUTDOWN by the guest) or QEMU ended otherwise. Follows over reconnects. */
  waitForEnd(
    signal: AbortSignal,
    onEvent?: (event: { name: string; at: string }) => void,
  ): Promise<MachineEnd>;
  keys(keys: readonly string[]): Promise<void>;
  type(text: string, layout: string): Promise<void>;
  /** PNG bytes of the screen. */
  screenshot(): Promise<Buffer>;
  /** Bytes that the guest has read and written on all its drives since it started. */
  activity(): Promise<{ readonly read: number; readonly written: number }>;
  drives(): Promise<CdDrive[]>;
  eject(drive: string): Promise<void>;
  insert(drive: string, path: string): Promise<void>;
  reset(): Promise<void>;
  powerdown(): Promise<void>;
  /** Ends QEMU at once; the guest is not asked. */
  stop(): Promise<void>;
  /** The VNC byte stream. */
  screen(): Promise<Duplex>;
}
