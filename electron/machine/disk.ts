// Disks of build VMs by qemu-img on the host.
import { CasementError } from '../../shared/errors.ts';
import type { ProbeReport } from '../../shared/views.ts';
import type { Host } from '../host/types.ts';
import { badImage, diskExists, noQemu, noSpace } from './faults.ts';

const GIB = 2 ** 30;

/** An installed Windows Server fills about this much of a sparse disk before it is published, in bytes. */
const INSTALLED_WINDOWS = 9 * GIB;

/** A disk image; sizes in bytes. */
export interface DiskInfo {
  readonly format: string;
  readonly virtualSize: number;
  /** What the sparse file takes on the host now. */
  readonly actualSize: number;
  /** Another program holds QEMU's lock on it. */
  readonly inUse: boolean;
  /** The file that holds what this one does not; null for an image that stands alone. */
  readonly backing: string | null;
}

/**
 * Makes a sparse qcow2 of `sizeGB` GiB. Throws `machine.disk-exists` (nothing is overwritten), `machine.no-space`
 * when an installed Windows would not fit the free space, `machine.no-qemu`.
 */
export async function createDisk(
  host: Host,
  probe: ProbeReport,
  path: string,
  sizeGB: number,
): Promise<DiskInfo> {
  if (!probe.qemu) throw noQemu();
  if (await host.files.stat(path)) throw diskExists(path);
  const need = Math.min(sizeGB * GIB, INSTALLED_WINDOWS);
  const free = await freeBytes(host, path.slice(0, path.lastIndexOf('/')) || '/');
  if (free !== null && free < need) throw noSpace(free, need);
  await host.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '--', path, `${sizeGB}G`]);
  return diskInfo(host, path);
}

/** What qemu-img says of an image. Throws `machine.bad-disk` when it is none. */
export async function diskInfo(host: Host, path: string): Promise<DiskInfo> {
  const ask = (...options: string[]) =>
    host.run(['qemu-img', 'info', '--output=json', ...options, '--', path], { allowFailure: true });
  let answer = await ask();
  const inUse = answer.code !== 0 && isLockMessage(answer.stderr);
  if (inUse) answer = await ask('--force-share');
  if (answer.code !== 0) throw badImage(path, answer.stderr);
  const info: unknown = JSON.parse(answer.stdout);
  const field = (name: string): unknown => (info as Record<string, unknown>)[name];
  const virtualSize = field('virtual-size');
  const actualSize = field('actual-size');
  if (typeof virtualSize !== 'number' || typeof actualSize !== 'number') throw badImage(path, answer.stdout);
  const backing = field('backing-filename');
  return {
    format: String(field('format')),
    virtualSize,
    actualSize,
    inUse,
    backing: typeof backing === 'string' ? backing : null,
  };
}

/** Keeps the state of a switched-off disk inside of it under a name, replacing an older one of that name. */
export async function keepCheckpoint(host: Host, path: string, name: string): Promise<void> {
  if (await hasCheckpoint(host, path, name)) await snapshot(host, '-d', name, path);
  await snapshot(host, '-c', name, path);
}

/** Whether the disk holds a checkpoint of this name. */
export async function hasCheckpoint(host: Host, path: string, name: string): Promise<boolean> {
  const { stdout } = await snapshot(host, '-l', null, path);
  return stdout.split('\n').some((line) => line.trim().split(/\s+/)[1] === name);
}

/** Takes the disk back to a checkpoint, which stays. */
export async function restoreCheckpoint(host: Host, path: string, name: string): Promise<void> {
  await snapshot(host, '-a', name, path);
}

async function snapshot(host: Host, action: string, name: string | null, path: string) {
  const words = ['qemu-img', 'snapshot', action, ...(name === null ? [] : [name]), '--', path];
  const answer = await host.run(words, { allowFailure: true });
  if (answer.code !== 0) throw badImage(path, answer.stderr);
  return answer;
}

/** Whether QEMU's tools complain that somebody else has the image open. */
export function isLockMessage(stderr: string): boolean {
  return /Failed to get .{0,20}lock|Is another process using the image/.test(stderr);
}

/** Free bytes for this account in a folder; null when the host cannot tell. */
async function freeBytes(host: Host, folder: string): Promise<number | null> {
  try {
    const { stdout } = await host.run(['df', '-P', '-k', '--', folder]);
    const available = Number(stdout.trim().split('\n').at(-1)?.trim().split(/\s+/)[3]);
    return Number.isFinite(available) ? available * 1024 : null;
  } catch (error) {
    if (error instanceof CasementError && error.code === 'host.command-failed') return null;
    throw error;
  }
}
