// A draft in which everything up to the machine is chosen.
import { type Draft, readDraft } from '../../../../renderer/state/draft.ts';
import { planOf } from '../../../../renderer/state/draft-plan.ts';
import { STAGES, type StageId, type StageState } from '../../../../shared/stages.ts';
import type { RunView } from '../../../../shared/views.ts';

export const onHost = { tab: 'host', path: '', file: '', url: '', sha256: '' } as const;

export function filledDraft(): Draft {
  const draft = readDraft(null);
  return {
    ...draft,
    hostKind: 'ssh',
    ssh: { ...draft.ssh, host: 'kvm01', user: 'admin', port: '2222' },
    media: {
      windows: { ...onHost, path: '/srv/windows.iso' },
      virtio: { ...onHost, path: '/srv/virtio.iso' },
      cloudbaseInit: { ...onHost, path: '/srv/cloudbase.msi' },
    },
  };
}

/** A run of that draft whose stages are in these states, all others pending. */
export function madeRun(states: Partial<Record<StageId, StageState>>, more: Partial<RunView> = {}): RunView {
  const { plan } = planOf(filledDraft());
  if (!plan) throw new Error('the filled draft must make a plan');
  return {
    id: 'r1',
    plan,
    createdAt: '2026-01-01T00:00:00Z',
    state: 'running',
    active: true,
    until: 'install',
    stages: STAGES.map((id) => ({
      id,
      state: states[id] ?? 'pending',
      startedAt: null,
      endedAt: null,
      progress: null,
      error: null,
      waitingFor: null,
      outcome: {},
    })),
    machine: false,
    servers: [],
    told: [],
    inspection: null,
    imageId: null,
    serverId: null,
    address: null,
    ...more,
  };
}
