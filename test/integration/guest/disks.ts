// Phony Windows disks of the laboratory's stand-in, made once and copied for each test.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProbeReport } from '../../../shared/views.ts';
import { probe } from '../../unit/machine/spec.ts';

export const KINDS = [
  'mbr',
  'mbr-single',
  'gpt',
  'gpt-recovery',
  'public-desktop',
  'dirty',
  'hibernated',
  'bitlocker',
  'no-windows',
  'linux',
  'corrupt',
] as const;
export type Kind = (typeof KINDS)[number];
/** What has been done in the Windows of a disk; see make-disk.sh. */
export type Contents = 'installed' | 'good' | 'unsysprepped' | 'driverless' | 'no-rdp';

/** What the tests know of this computer: guests run without KVM, everything is there. */
export const thisProbe = (user: 'root' | 'plain'): ProbeReport => ({
  ...probe,
  accel: 'tcg',
  root: user === 'root',
});

/** A folder of disks that goes away with `remove`. */
export class Disks {
  readonly dir = mkdtempSync(join(tmpdir(), 'casement-disks-'));
  #copies = 0;

  constructor() {
    chmodSync(this.dir, 0o755);
  }

  /** A disk of its own, owned by `owner` (a user name) where given. */
  fresh(kind: Kind, owner?: string, contents: Contents = 'installed'): string {
    const made = join(this.dir, `${kind}-${contents}.made`);
    try {
      accessSync(made);
    } catch {
      execFileSync('bash', ['test/lab/standin/make-disk.sh', kind, made, contents], { stdio: 'pipe' });
    }
    const folder = join(this.dir, `${++this.#copies}`);
    execFileSync('mkdir', [folder]);
    const disk = join(folder, `${kind}.qcow2`);
    copyFileSync(made, disk);
    if (owner) execFileSync('chown', ['-R', owner, folder]);
    return disk;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true });
  }
}

export const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
