// Connects to the KVM host, probes it and makes the work folder of this build.
import { posix } from 'node:path';
import { CasementError } from '../../../shared/errors.ts';
import type { ProbeReport } from '../../../shared/views.ts';
import { probeHost } from '../../host/probe.ts';
import type { Stage } from '../types.ts';

export const hostStage: Stage = {
  id: 'host',
  needs: [],
  gives: ['probe', 'dir'],
  skip: () => null,
  // A probe takes under three seconds and a host changes: always ask it anew.
  check: async () => null,
  async run(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    const probe = await probeHost(host, {});
    refuseUnfit(probe);
    const dir = posix.join(probe.workRoot, context.run);
    await host.files.mkdir(probe.workRoot, 0o700);
    await host.files.mkdir(dir, 0o700);
    return {
      facts: { probe, dir },
      outcome: {
        Host: host.label,
        System: probe.os.name,
        QEMU: probe.qemu?.version ?? 'missing',
        Speed: probe.accel === 'kvm' ? 'KVM' : 'Emulation (KVM does not work there): slow, but correct',
        'Work folder': dir,
      },
    };
  },
  undo: async () => [],
};

function refuseUnfit(probe: ProbeReport): void {
  const missing = probe.findings.filter(({ required, status }) => required && status === 'failed');
  const [first] = missing;
  if (!first) return;
  throw new CasementError({
    code: 'host.not-ready',
    title: 'The KVM host lacks something that a build needs',
    whatHappened: missing.map(({ title, meaning }) => `${title}: ${meaning}`).join(' '),
    whatToDo: `On the host, run: ${
      missing
        .map(({ fix }) => fix)
        .filter((fix) => fix !== null)
        .join(' ; ') || first.meaning
    }`,
  });
}
