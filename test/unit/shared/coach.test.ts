import { describe, expect, it } from 'vitest';
import { type CoachStep, coachSteps } from '../../../shared/coach.ts';
import { keystrokes } from '../../../shared/keyboard.ts';
import { WINDOWS, WINDOWS_IDS } from '../../../shared/windows.ts';

const phase = (windows: string, name: 'install' | 'cloudbase-init', bus: 'virtio-blk' | 'virtio-scsi') =>
  coachSteps(windows, bus, { network: false }).find((candidate) => candidate.phase === name)?.steps ?? [];
const typed = (steps: readonly CoachStep[]) =>
  steps.flatMap((step) => step.type ?? []).map(({ text }) => text);

describe('the coach', () => {
  it.each(WINDOWS)('names the driver folders of $title on the virtio CD', ({ id, virtioFolder }) => {
    const blk = typed(phase(id, 'install', 'virtio-blk'));
    expect(blk).toContain(`E:\\viostor\\${virtioFolder}\\amd64`);
    expect(blk).toContain(`pnputil -i -a E:\\NetKVM\\${virtioFolder}\\amd64\\netkvm.inf\n`);
    expect(typed(phase(id, 'install', 'virtio-scsi'))).toContain(`E:\\vioscsi\\${virtioFolder}\\amd64`);
  });

  it('opens the three Remote Desktop rules from 2012 on, and the rule group before', () => {
    expect(typed(phase('2012', 'install', 'virtio-blk')).join()).toContain(
      'RemoteDesktop-Shadow-In-TCP,RemoteDesktop-UserMode-In-TCP,RemoteDesktop-UserMode-In-UDP',
    );
    const old = typed(phase('2008r2', 'install', 'virtio-blk')).join();
    expect(old).toContain('netsh advfirewall');
    expect(old).not.toContain('NetFirewallRule');
  });

  it.each(WINDOWS_IDS)('ends both phases of %s with a shutdown by the guest', (id) => {
    for (const name of ['install', 'cloudbase-init'] as const)
      expect(typed(phase(id, name, 'virtio-blk')).at(-1)).toBe('shutdown /s /t 0\n');
  });

  it('has Sysprep run without its shutdown, then deletes the installer, then shuts down', () => {
    const steps = phase('2022', 'cloudbase-init', 'virtio-blk');
    expect(steps.map(({ id }) => id)).toEqual(['sign-in', 'run', 'sysprep', 'clean-up', 'shutdown']);
    expect(steps[2]?.text).toMatch(/check "Run Sysprep.*Do NOT check "Shutdown/);
    expect(typed(steps)).toContain('del C:\\Users\\Administrator\\Desktop\\CloudbaseInitSetup_x64.msi\n');
  });

  it.each(WINDOWS_IDS)('gives every step of %s an id of its own and texts that can be typed', (id) => {
    for (const { steps } of coachSteps(id, 'virtio-blk', { network: true })) {
      expect(new Set(steps.map((step) => step.id)).size).toBe(steps.length);
      for (const text of typed(steps)) expect(keystrokes(text, 'us').length).toBeGreaterThan(0);
    }
  });
});
