// Putting one file into the Windows of a switched-off guest: look first, refuse what must not be written, copy by the
// best method the host has, and believe nothing but the file read back.
import type { Progress } from '../../shared/stages.ts';
import type { InjectionMethod, ProbeReport } from '../../shared/views.ts';
import type { Host, OnProgress } from '../host/types.ts';
import {
  badName,
  diskInUse,
  noAppliance,
  noFolder,
  noMethod,
  noSource,
  notClean,
  notVerified,
  writeFailed,
} from './faults.ts';
import { type Located, locateOn } from './locate.ts';
import { type CopyTask, copyWith, parseReport, tidyUp, workFolder } from './methods.ts';
import type { Ntfs } from './ntfs.ts';
import { isLockMessage, openDisk } from './reader.ts';
import type { Injected } from './types.ts';

export interface Injection {
  /** Disk image on the host. */
  readonly disk: string;
  /** File on the host; its name is kept. */
  readonly source: string;
  /** Folder of the guest with `\` or `/`, with or without a drive letter; default is the Administrator's desktop. */
  readonly guestDir?: string;
  /** Replaces what the probe proposes. */
  readonly method?: InjectionMethod;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** The Public desktop stands in while nobody has signed in as Administrator yet. */
const DESKTOPS = ['Users/Administrator/Desktop', 'Users/Public/Desktop'];

const STEPS = ['Finding Windows on the disk', 'Copying and reading back', 'Verified'] as const;

/**
 * Copies the file into the guest and verifies it; the same file already there is left as it is. Throws
 * `guest.disk-in-use`, `guest.no-windows`, `guest.dirty`, `guest.hibernated`, `guest.bitlocker`, `guest.no-folder`,
 * `guest.bad-name`, `guest.no-source`, `guest.no-method` or `guest.no-appliance` with the disk untouched, `guest.write-failed` or
 * `guest.not-verified` after an attempt.
 */
export async function injectFile(host: Host, probe: ProbeReport, injection: Injection): Promise<Injected> {
  const { source, signal } = injection;
  const method = injection.method ?? probe.injection;
  if (!method) throw noMethod();
  const step = reporter(injection.onProgress);
  step(0);
  const name = fileName(source);
  const file = await host.files.stat(source);
  if (file?.kind !== 'file') throw noSource(source);
  if (await host.files.stat(workFolder(injection.disk))) {
    // Left by a program that was killed, whose daemon still holds the disk; or somebody copies at this moment.
    const tidied = await host.run(tidyUp(injection.disk, !probe.root), { allowFailure: true });
    if (tidied.code !== 0) throw diskInUse(injection.disk, tidied.stderr);
  }
  const disk = await openDisk(host, injection.disk);
  const { location, volume } = writable(await locateOn(disk));
  const folder = await targetFolder(volume, injection.guestDir);
  const existing = await volume.find([...folder.split('/').filter(Boolean), name]);
  const guestPath = existing?.path ?? `${folder}/${name}`;
  if (existing?.directory) throw badName(name);
  signal.throwIfAborted();
  step(1);
  const task: CopyTask = {
    disk,
    location,
    source,
    guestPath,
    // Only a file of the same length can be the same file.
    compareFirst: existing?.bytes === file.bytes,
    plain: probe.accel === 'tcg',
    sudo: !probe.root,
  };
  const { code, stdout, stderr } = await host.run(copyWith(method, task), { signal, allowFailure: true });
  if (code !== 0) throw copyFault(disk.path, stderr);
  const report = parseReport(stdout);
  if (!report) throw writeFailed(`${stdout}\n${stderr}`);
  if (report.source !== report.guest) throw notVerified(report.source, report.guest);
  step(2);
  return { location, guestPath, method, bytes: file.bytes, sha256: report.source };
}

function copyFault(disk: string, stderr: string) {
  if (isLockMessage(stderr)) return diskInUse(disk, stderr);
  return /supermin|libguestfs-test-tool|appliance/.test(stderr) ? noAppliance(stderr) : writeFailed(stderr);
}

/** A Windows that may be written, with its volume. */
function writable({ location, volume }: Located): Located & { readonly volume: Ntfs } {
  if (location.state !== 'clean') throw notClean(location.state);
  // Only BitLocker hides the volume.
  if (!volume) throw notClean('bitlocker');
  return { location, volume };
}

/** The folder as it is written on the disk. */
async function targetFolder(volume: Ntfs, wanted: string | undefined): Promise<string> {
  const choices = wanted === undefined ? DESKTOPS : [wanted];
  for (const choice of choices) {
    const parts = choice
      .replace(/^[a-z]:/i, '')
      .split(/[\\/]+/)
      .filter(Boolean);
    const found = parts.includes('..') ? null : await volume.find(parts.filter((part) => part !== '.'));
    if (found?.directory) return found.path;
  }
  throw noFolder(choices.at(-1) ?? '');
}

/** The last part of a path of the host, if Windows can have a file of that name. */
function fileName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
  // A colon would open a hidden stream, the others NTFS keeps but Windows cannot open.
  if (name === '' || reserved || /[<>:"|?*\\\p{Cc}]|[. ]$/u.test(name) || name.length > 255)
    throw badName(name);
  return name;
}

function reporter(onProgress: OnProgress | undefined): (done: 0 | 1 | 2) => void {
  return (done) => {
    const progress: Progress = {
      done,
      total: STEPS.length - 1,
      unit: 'steps',
      rate: null,
      etaSeconds: null,
      message: STEPS[done],
      lastActivity: new Date().toISOString(),
    };
    onProgress?.(progress);
  };
}
