// A KVM host behind SSH.
import { userInfo } from 'node:os';
import type { Ask, Secrets } from '../desktop/port.ts';
import { hostKey } from './address.ts';
import { defaultAgents } from './agents.ts';
import { emptyMemory } from './auth.ts';
import { openChannel } from './channel.ts';
import { type Dialled, dial } from './dial.ts';
import { gate } from './gate.ts';
import { hopsOf, type SshSpec } from './hops.ts';
import { jobsOver } from './jobs.ts';
import { keepLine } from './line.ts';
import { readConfig } from './ssh-config.ts';
import { badAddress } from './ssh-faults.ts';
import { sshFiles } from './ssh-files.ts';
import { sshRunner } from './ssh-run.ts';
import type { Host } from './types.ts';
import { knownFiles } from './verify.ts';

export interface SshPorts {
  readonly ask: Ask;
  readonly secrets: Secrets;
  /** Folder of Casement's own state on this workstation; holds `known_hosts`. */
  readonly home: string;
  /** The person's home folder, whose `.ssh` is read. */
  readonly userHome: string;
}

/**
 * Commands at the same time on one connection: an sshd allows ten sessions (MaxSessions), and one is for files, one
 * for ending a command.
 */
const SESSIONS = 8;

/** Key and label a host would have, without connecting. Errors as `hopsOf`. */
export function sshIdentity(spec: SshSpec, userHome: string): { key: string; label: string } {
  const target = hopsFor(spec, userHome).at(-1);
  if (target === undefined) throw badAddress(spec.address);
  return { key: hostKey(target.user, target.host, target.port), label: target.label };
}

function hopsFor(spec: SshSpec, userHome: string) {
  return hopsOf(spec, {
    home: userHome,
    user: userInfo().username,
    agents: defaultAgents(),
    config: readConfig(userHome),
  });
}

/** Connects; the host then reconnects by itself with what was answered the first time. Errors: ssh-faults.ts. */
export async function connectSsh(spec: SshSpec, ports: SshPorts, signal?: AbortSignal): Promise<Host> {
  const hops = hopsFor(spec, ports.userHome);
  const { key, label } = sshIdentity(spec, ports.userHome);
  const known = knownFiles(spec.knownHosts, ports.home, ports.userHome);
  // A key opened for a jump host is open for the host too; passwords stay apart.
  const keys = emptyMemory().keys;
  const memories = hops.map(() => ({ ...emptyMemory(), keys }));
  const open = (during?: AbortSignal): Promise<Dialled> =>
    dial(hops, { ask: ports.ask.ask.bind(ports.ask), secrets: ports.secrets, known, memories }, during);
  const line = keepLine(label, await open(signal), open);
  const run = sshRunner(label, line, gate(SESSIONS));
  let home: Promise<string> | undefined;
  return {
    key,
    label,
    local: false,
    get state() {
      return line.state;
    },
    run,
    files: sshFiles(line),
    jobs: jobsOver(run),
    socket: async (path) =>
      openChannel(label, path, await line.client(), (client, done) =>
        client.openssh_forwardOutStreamLocal(path, done),
      ),
    tcp: async (address, port) =>
      openChannel(label, `${address}:${port}`, await line.client(), (client, done) =>
        client.forwardOut('127.0.0.1', 0, address, port, done),
      ),
    home: () => {
      home ??= run(['sh', '-c', 'printf %s "$HOME"'])
        .then(({ stdout }) => stdout)
        .catch((error: unknown) => {
          home = undefined;
          throw error;
        });
      return home;
    },
    onState: (listener) => line.onState(listener),
    close: async () => line.close(),
  };
}
