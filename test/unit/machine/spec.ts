// Plans, probes and tiny guests for the tests of the build VM.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MachineSpec } from '../../../electron/machine/types.ts';
import { planSchema, proposal } from '../../../shared/plan.ts';
import type { ProbeReport } from '../../../shared/views.ts';

export const probe: ProbeReport = {
  at: '2026-01-01T00:00:00Z',
  os: { id: 'debian', version: '12', name: 'Debian 12' },
  hostname: 'kvm1',
  user: 'me',
  home: '/home/me',
  root: false,
  sudo: false,
  qemu: { binary: 'qemu-system-x86_64', version: '7.2.22' },
  accel: 'kvm',
  cores: 4,
  memoryMB: 16384,
  workRoot: '/home/me/.casement/builds',
  freeBytes: 1e12,
  ovmf: { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', vars: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
  ovmfSecure: {
    code: '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd',
    vars: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd',
  },
  swtpm: null,
  isoTool: null,
  injection: 'fuse',
  curl: true,
  cloudReachable: null,
  findings: [],
  durationMs: 1,
};

/** A spec for a Windows product; `machine` replaces what the catalogue proposes. */
export function specFor(
  windows: string,
  machine: Partial<MachineSpec['plan']['machine']> = {},
  rest: Partial<Omit<MachineSpec, 'plan'>> = {},
): MachineSpec {
  const proposed = proposal(windows);
  const plan = planSchema.parse({
    casement: 1,
    name: 'Test',
    windows,
    host: { kind: 'local' },
    media: { windows: { path: '/iso/w' }, virtio: { path: '/iso/v' }, cloudbaseInit: { path: '/msi' } },
    disk: proposed.disk,
    machine: { ...proposed.machine, ...machine },
  });
  return {
    plan,
    probe,
    dir: '/home/me/.casement/builds/b1',
    disk: '/home/me/.casement/builds/b1/disk.qcow2',
    cds: [
      { id: 'windows', title: 'Windows', file: '/iso/win.iso' },
      { id: 'virtio', title: 'virtio-win', file: '/iso/virtio, new.iso' },
    ],
    bootFrom: 'cd',
    ...rest,
  };
}

/**
 * A boot sector that shows `>`, echoes keys, switches the PC off on Esc (ACPI, port 0x604) and resets it on Enter:
 * `mov ax,3; int 10h; mov ax,0E3Eh; mov bx,7; int 10h; next: xor ah,ah; int 16h; cmp al,1Bh; je off; cmp al,0Dh; je reset; mov ah,0Eh; mov bx,7; int 10h;
 * jmp next; off: mov dx,604h; mov ax,2000h; out dx,ax; halt: hlt; jmp halt; reset: mov al,0FEh; out 64h,al; jmp halt`.
 */
const BOOT_SECTOR =
  'b80300cd10b83e0ebb0700cd1030e4cd163c1b740d3c0d7413b40ebb0700cd10ebebba0406b80020eff4ebfdb0fee664ebf700';

/** A work folder with a bootable qcow2 of 1 MiB, and the spec of a small VM under TCG that boots it. */
export function tinyGuest(): { dir: string; spec: MachineSpec } {
  const dir = mkdtempSync(join(tmpdir(), 'casement-vm-'));
  const raw = Buffer.alloc(2 ** 20);
  raw.write(BOOT_SECTOR, 'hex');
  raw.writeUInt16LE(0xaa55, 510);
  writeFileSync(join(dir, 'disk.raw'), raw);
  const disk = join(dir, 'disk.qcow2');
  execFileSync('qemu-img', ['convert', '-O', 'qcow2', join(dir, 'disk.raw'), disk]);
  const spec = specFor(
    '2008r2',
    { memoryMB: 512, cores: 1, accel: 'tcg' },
    {
      dir,
      disk,
      bootFrom: 'disk',
      cds: [
        { id: 'windows', title: 'Windows', file: join(dir, 'disk.raw') },
        { id: 'virtio', title: 'virtio-win', file: null },
      ],
    },
  );
  return { dir, spec };
}
