// A draft in which everything up to the machine is chosen.
import { type Draft, readDraft } from '../../../../renderer/state/draft.ts';

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
