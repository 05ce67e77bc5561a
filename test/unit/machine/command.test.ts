import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { qemuShell, qemuWords } from '../../../electron/machine/command.ts';
import { WINDOWS } from '../../../shared/windows.ts';
import { probe, specFor } from './spec.ts';

const every = WINDOWS.flatMap(({ id, firmwares }) =>
  firmwares.flatMap((firmware) =>
    (['virtio-blk', 'virtio-scsi'] as const).map((diskBus) => ({ id, firmware, diskBus })),
  ),
);
const option = (words: readonly string[], name: string) =>
  words.flatMap((word, index) => (words[index - 1] === name ? [word] : []));

describe('the QEMU command line', () => {
  it.each(every)('of $id with $firmware and $diskBus stays as it is', ({ id, firmware, diskBus }) => {
    expect(qemuShell(qemuWords(specFor(id, { firmware, diskBus })))).toMatchSnapshot();
  });

  it.each(every)('of $id with $firmware and $diskBus opens no network port', ({ id, firmware, diskBus }) => {
    for (const network of [false, true]) {
      const line = qemuWords(specFor(id, { firmware, diskBus, network })).join(' ');
      expect(line).not.toMatch(/hostfwd|tcp:|host=|websocket|-vnc [^u]/);
      expect(line).toContain('-vnc unix:');
    }
  });

  it('never names a keyboard layout, never hides a reboot, keeps a guest that switched itself off', () => {
    const words = qemuWords(specFor('2022'));
    expect(words).not.toContain('-k');
    expect(words).not.toContain('-no-reboot');
    expect(words).toContain('-no-shutdown');
    expect(words.join(' ')).not.toContain('unsafe');
  });

  it('gives KVM guests the Hyper-V enlightenments and others a processor Windows 11 accepts', () => {
    expect(option(qemuWords(specFor('2022')), '-cpu')[0]).toMatch(/^host,hv-relaxed,.*hv-stimer/);
    const tcg = qemuWords(specFor('2022', {}, { probe: { ...probe, accel: 'tcg' } }));
    expect(option(tcg, '-cpu')).toEqual(['Nehalem']);
    expect(option(tcg, '-accel')).toEqual(['tcg,thread=multi']);
    expect(tcg.join(' ')).not.toMatch(/hv-|kvm/);
  });

  it('follows the plan where it overrules the probe', () => {
    expect(option(qemuWords(specFor('2022', { accel: 'tcg' })), '-accel')).toEqual(['tcg,thread=multi']);
  });

  it('switches the HPET off in the words the version knows', () => {
    const at = (version: string) =>
      qemuWords(specFor('2022', {}, { probe: { ...probe, qemu: { binary: 'q', version } } }));
    expect(at('7.2.22')).toContain('-no-hpet');
    expect(option(at('9.1.0'), '-machine')[0]).toContain('hpet=off');
    expect(at('10.0.0')).not.toContain('-no-hpet');
  });

  it('starts Setup from the CD and the later boots from the disk', () => {
    const index = (bootFrom: 'cd' | 'disk', device: string) =>
      /bootindex=(\d+)/.exec(
        option(qemuWords(specFor('2022', {}, { bootFrom })), '-device').find((word) =>
          word.includes(device),
        ) ?? '',
      )?.[1];
    expect([index('cd', 'cd-windows'), index('cd', 'virtio-blk')]).toEqual(['0', '10']);
    expect([index('disk', 'cd-windows'), index('disk', 'virtio-blk')]).toEqual(['11', '0']);
  });

  it('keeps hostile file names in one word', () => {
    const disk = "/tmp/a,b=c 'q' $(reboot)\n.qcow2";
    const words = qemuWords(specFor('2022', {}, { disk }));
    const json = option(words, '-blockdev').map((word): unknown => JSON.parse(word));
    expect(json).toContainEqual(
      expect.objectContaining({ file: expect.objectContaining({ filename: disk }) }),
    );
    const shell = spawnSync('sh', ['-c', `printf '%s\\0' ${qemuShell(words)}`], { encoding: 'utf8' });
    expect(shell.stdout.split('\0').slice(0, -1)).toEqual(words);
  });

  it.each([
    ['machine.path-too-long', specFor('2022', {}, { dir: `/${'é'.repeat(50)}` })],
    ['machine.no-qemu', specFor('2022', {}, { probe: { ...probe, qemu: null } })],
    [
      'machine.no-firmware',
      specFor('2025', { firmware: 'uefi' }, { probe: { ...probe, ovmf: null, ovmfSecure: null } }),
    ],
    ['machine.bad-drive', specFor('2022', {}, { cds: [{ id: 'a,b', title: '', file: null }] })],
  ])('refuses with %s what QEMU could not run', (code, spec) => {
    expect(() => qemuWords(spec)).toThrow(expect.objectContaining({ code }));
  });

  it('takes the secure-boot firmware with SMM where there is no other', () => {
    const words = qemuWords(specFor('2025', { firmware: 'uefi' }, { probe: { ...probe, ovmf: null } }));
    expect(option(words, '-machine')[0]).toContain('smm=on');
    expect(words.join(' ')).toContain('OVMF_CODE_4M.secboot.fd');
  });
});
