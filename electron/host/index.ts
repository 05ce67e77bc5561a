// The KVM host: connection (SSH or this computer), host keys, commands, files, detached jobs.
// May touch: this workstation's ~/.ssh (reading), Casement's own known_hosts, the network, and the host.
// May import: shared and the desktop port.
import { homedir } from 'node:os';
import { CasementError } from '../../shared/errors.ts';
import type { HostSpec } from '../../shared/plan.ts';
import type { Ask, Secrets } from '../desktop/port.ts';
import { localHost } from './local.ts';
import { connectSsh } from './ssh.ts';
import type { Host } from './types.ts';

export { browse } from './browse.ts';
export { fixFinding } from './fix.ts';
export { probeHost } from './probe.ts';
export { localHost };

/** What connecting needs of the front. */
export interface HostPorts {
  readonly ask: Ask;
  readonly secrets: Secrets;
  /** Folder of Casement's own state, which holds `known_hosts`. */
  readonly home: string;
  /** Home folder whose `.ssh` is read; the person's own when absent. */
  readonly userHome?: string;
}

/**
 * Connects to a host. Throws CasementErrors: host.name-unknown, host.unreachable, host.timeout, host.auth-failed,
 * host.key-changed, host.key-revoked, host.key-unknown (declined), host.key-file-missing, host.key-file-unusable,
 * host.bad-address, host.proxy-command, host.jump-loop, host.ssh-failed, host.local-unsupported.
 */
export async function connectHost(spec: HostSpec, ports: HostPorts, signal?: AbortSignal): Promise<Host> {
  signal?.throwIfAborted();
  if (spec.kind === 'ssh') {
    const userHome = ports.userHome ?? homedir();
    return connectSsh(spec, { ask: ports.ask, secrets: ports.secrets, home: ports.home, userHome }, signal);
  }
  if (process.platform !== 'linux') throw localUnsupported();
  return localHost();
}

function localUnsupported(): CasementError {
  return new CasementError({
    code: 'host.local-unsupported',
    title: 'This computer cannot be the KVM host',
    whatHappened: 'Images are built with QEMU on Linux, and this computer runs another system.',
    whatToDo: 'Enter the address of a Linux machine that you can reach over SSH.',
  });
}
