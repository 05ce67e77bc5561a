// One build VM: started as a detached job of the host, spoken to over QMP, shown over VNC. It outlives the app;
// every call opens, uses and closes its own monitor.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import { keystrokes } from '../../shared/keyboard.ts';
import type { Host } from '../host/types.ts';
import { firmwareOf, machineFiles, qemuWords, tpmProgram } from './command.ts';
import {
  badDrive,
  badKey,
  noSuchMedium,
  notRunning,
  startFailed,
  startTimeout,
  tpmFailed,
} from './faults.ts';
import { combination, isRefusal, keyName, press } from './keys.ts';
import { toPng } from './png.ts';
import { isRecord, Qmp } from './qmp.ts';
import type { CdDrive, Machine, MachineSpec, MachineStatus } from './types.ts';
import { markEnd, markers, type Phase, readMark, waitGone, watchEnd } from './watch.ts';

/** QEMU listens on its monitor within this time, even on a loaded host without KVM. Milliseconds. */
const START_MS = 60_000;
/** swtpm listens within this time. Milliseconds. */
const TPM_MS = 10_000;
/** Keystrokes sent in one session with the monitor, so that a long text lets others in between. */
const KEYS_PER_SESSION = 32;
/** After `quit`, before QEMU is ended by its pid. Milliseconds. */
const QUIT_MS = 5000;

/** The VM of one phase (`install`, `cloudbase-init`, …) in a work folder of the host; it may or may not run. */
export function buildMachine(host: Host, dir: string, phase: string): Machine {
  const vm: Phase = { host, dir, phase, job: `qemu-${phase}` };
  const files = machineFiles(dir);
  const ends = Object.values(markers(dir, phase));

  async function monitor<T>(use: (qmp: Qmp) => Promise<T>): Promise<T> {
    const stream = await host.socket(files.qmpControl).catch((error: unknown) => {
      throw error instanceof CasementError && error.code === 'host.socket-failed' ? notRunning(error) : error;
    });
    const qmp = await Qmp.connect(stream);
    try {
      return await use(qmp);
    } finally {
      qmp.close();
    }
  }
  const command = (name: string, args?: Record<string, unknown>) => monitor((qmp) => qmp.execute(name, args));

  async function status(): Promise<MachineStatus> {
    const job = await host.jobs.status(dir, vm.job);
    if (job.state !== 'running' || job.pid === null) {
      const mark = await readMark(vm);
      if (job.state === 'absent' && !mark) return { state: 'absent' };
      return { state: 'ended', code: mark ? 0 : job.code, log: job.log };
    }
    const answer = await command('query-status').catch((error: unknown) => {
      // Between its start and its first listening QEMU runs without a monitor.
      if (error instanceof CasementError && error.code.startsWith('machine.')) return null;
      throw error;
    });
    const state = isRecord(answer) ? answer.status : 'running';
    if (state === 'shutdown') return { state, pid: job.pid };
    return { state: state === 'running' ? 'running' : 'paused', pid: job.pid };
  }

  async function start(spec: MachineSpec): Promise<void> {
    const words = qemuWords(spec);
    if ((await host.jobs.status(dir, vm.job)).state === 'running') return;
    const firmware = firmwareOf(spec);
    // What the guest wrote into its firmware belongs to the installed Windows: copied once, kept for later phases.
    if (firmware && !(await host.files.stat(files.uefiVars)))
      await host.files.write(files.uefiVars, await host.files.read(firmware.vars), 0o600);
    for (const leftover of [files.vnc, files.qmpEvents, files.qmpControl, ...ends])
      if (await host.files.stat(leftover)) await host.files.remove(leftover);
    await startTpm(spec);
    await host.files.write(files.drives, JSON.stringify(spec.cds.map(({ id, title }) => ({ id, title }))));
    await host.jobs.start({ dir, name: vm.job, words });
    await listening();
  }

  /** swtpm runs beside QEMU and ends with it. QEMU connects at its start, so its socket must be there before. */
  async function startTpm(spec: MachineSpec): Promise<void> {
    const words = tpmProgram(spec);
    if (!words) return;
    const name = `swtpm-${phase}`;
    await host.files.mkdir(files.tpmState, 0o700);
    if (await host.files.stat(files.tpm)) await host.files.remove(files.tpm);
    await host.jobs.start({ dir, name, words });
    const deadline = Date.now() + TPM_MS;
    while (!(await host.files.stat(files.tpm))) {
      const job = await host.jobs.status(dir, name);
      if (job.state !== 'running' || Date.now() > deadline) throw tpmFailed(job.log);
      await sleep(100);
    }
  }

  /** Resolves when QEMU answers; an early end throws with its words. */
  async function listening(): Promise<void> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      try {
        await command('query-status');
        return;
      } catch (error) {
        const code = error instanceof CasementError ? error.code : '';
        if (code !== 'machine.not-running' && code !== 'machine.monitor-lost') throw error;
      }
      const job = await host.jobs.status(dir, vm.job);
      if (job.state !== 'running') throw startFailed(job.log);
      if (Date.now() > deadline) throw startTimeout(START_MS / 1000, job.log);
      await sleep(100);
    }
  }

  async function keys(names: readonly string[]): Promise<void> {
    const pressed = names.map(keyName);
    await monitor((qmp) => press(qmp, pressed)).catch((error: unknown) => {
      // QEMU names the parameter it does not understand; anything else it refuses is about the VM.
      throw isRefusal(error) && error.detail.includes('arameter') ? badKey(names.join('+')) : error;
    });
  }

  async function type(text: string, layout: string): Promise<void> {
    const strokes = keystrokes(text, layout);
    for (let from = 0; from < strokes.length; from += KEYS_PER_SESSION)
      await monitor(async (qmp) => {
        for (const stroke of strokes.slice(from, from + KEYS_PER_SESSION))
          await press(qmp, combination(stroke));
      });
  }

  async function screenshot(): Promise<Buffer> {
    const filename = `${dir}/screen-${randomBytes(8).toString('hex')}`;
    try {
      await monitor(async (qmp) => {
        const [major, minor] = qmp.version;
        const png = major > 7 || (major === 7 && minor >= 1);
        const plain = () => qmp.execute('screendump', { filename });
        // QEMU may have been built without libpng.
        await (png ? qmp.execute('screendump', { filename, format: 'png' }).catch(plain) : plain());
      });
      return toPng(await host.files.read(filename));
    } finally {
      if (await host.files.stat(filename)) await host.files.remove(filename);
    }
  }

  async function drives(): Promise<CdDrive[]> {
    const [named, blocks] = await Promise.all([driveTitles(), command('query-block')]);
    const known = Array.isArray(blocks) ? blocks.filter(isRecord) : [];
    return named.map(({ id, title }) => {
      const inserted = known.find(({ qdev }) => qdev === `cd-${id}`)?.inserted;
      return { id, title, file: isRecord(inserted) ? String(inserted.file) : null };
    });
  }

  async function activity(): Promise<{ read: number; written: number }> {
    const blocks = await command('query-blockstats');
    const stats = (Array.isArray(blocks) ? blocks.filter(isRecord) : []).map(({ stats: one }) =>
      isRecord(one) ? one : {},
    );
    const sum = (name: string) => stats.reduce((total, one) => total + (Number(one[name]) || 0), 0);
    return { read: sum('rd_bytes'), written: sum('wr_bytes') };
  }

  async function driveTitles(): Promise<{ id: string; title: string }[]> {
    if (!(await host.files.stat(files.drives))) throw notRunning(undefined);
    const list: unknown = JSON.parse((await host.files.read(files.drives)).toString('utf8'));
    return (Array.isArray(list) ? list.filter(isRecord) : []).map(({ id, title }) => ({
      id: String(id),
      title: String(title),
    }));
  }

  async function drive(id: string): Promise<{ id: string }> {
    if (!(await driveTitles()).some((known) => known.id === id)) throw badDrive(id);
    return { id: `cd-${id}` };
  }

  async function eject(id: string): Promise<void> {
    // Windows locks the tray; the admin who asks means it.
    await command('eject', { ...(await drive(id)), force: true });
  }

  async function insert(id: string, path: string): Promise<void> {
    const device = await drive(id);
    if ((await host.files.stat(path))?.kind !== 'file') throw noSuchMedium(path);
    await monitor(async (qmp) => {
      await qmp.execute('eject', { ...device, force: true });
      await qmp.execute('blockdev-change-medium', {
        ...device,
        filename: path,
        format: 'raw',
        'read-only-mode': 'read-only',
      });
    });
  }

  async function stop(): Promise<void> {
    const job = await host.jobs.status(dir, vm.job);
    if (job.state !== 'running') return;
    if (!(await readMark(vm))) await markEnd(vm, 'host', 0);
    await command('quit').catch(() => {});
    await waitGone(vm, QUIT_MS);
  }

  return {
    status,
    start,
    waitForEnd: (signal, onEvent) => watchEnd(vm, signal, onEvent),
    keys,
    type,
    screenshot,
    activity,
    drives,
    eject,
    insert,
    reset: async () => {
      await command('system_reset');
    },
    powerdown: async () => {
      await command('system_powerdown');
    },
    stop,
    screen: () => host.socket(files.vnc),
  };
}
