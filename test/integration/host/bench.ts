// What the tests of the host connection share: connections to the laboratory, a person who answers, a cable to cut.
import { mkdtempSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ask, Secrets } from '../../../electron/desktop/port.ts';
import { connectHost } from '../../../electron/host/index.ts';
import type { Host } from '../../../electron/host/types.ts';
import type { HostSpec } from '../../../shared/plan.ts';
import type { Question } from '../../../shared/views.ts';
import { labEnv } from '../lab.ts';

export type SshSpec = Extract<HostSpec, { kind: 'ssh' }>;
export type Asked = Omit<Question, 'id'>;
type Answer = (question: Asked) => readonly string[] | null;

/** A person who answers as told, and a list of what was asked. */
export function person(answer: Answer = () => null): { ask: Ask; asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    ask: {
      ask: async (question) => {
        asked.push(question);
        return answer(question);
      },
    },
  };
}

/** Secrets by reference. */
export function secretsOf(known: Readonly<Record<string, string>> = {}): Secrets {
  return {
    get: async (ref) => {
      const value = known[ref];
      if (value === undefined) throw new Error(`no secret ${ref}`);
      return value;
    },
    put: async (name) => ({ ref: `keyring:${name}`, kept: 'memory' }),
  };
}

/** An empty home folder of Casement, and one of a person without `.ssh`. */
export const emptyHome = () => mkdtempSync(join(tmpdir(), 'casement-home-'));

/** How the laboratory's account `which` is reached, agents left out. */
export function specOf(which: 'user' | 'sudo' | 'inner', change: Partial<SshSpec> = {}): SshSpec {
  const { address, identity, knownHosts, jump } = labEnv().hosts[which];
  return {
    kind: 'ssh',
    address,
    identity,
    knownHosts,
    agent: false,
    ...(jump ? { jump: [...jump] } : {}),
    ...change,
  };
}

/** Without the key and the known_hosts of the laboratory. */
export function bareSpec(which: 'user' | 'sudo' | 'inner', change: Partial<SshSpec> = {}): SshSpec {
  const { address, jump } = labEnv().hosts[which];
  return { kind: 'ssh', address, agent: false, ...(jump ? { jump: [...jump] } : {}), ...change };
}

interface Circumstances {
  readonly answer?: Answer;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly home?: string;
  readonly userHome?: string;
  readonly signal?: AbortSignal;
}

const open = new Set<Host>();

/** Connects; gives the host and what was asked on the way. */
export async function meet(spec: SshSpec, how: Circumstances = {}): Promise<{ host: Host; asked: Asked[] }> {
  const { ask, asked } = person(how.answer);
  const ports = {
    ask,
    secrets: secretsOf(how.secrets),
    home: how.home ?? emptyHome(),
    userHome: how.userHome ?? emptyHome(),
  };
  const host = await connectHost(spec, ports, how.signal);
  open.add(host);
  return { host, asked };
}

/** Ends every connection a test left open. */
export async function leaveAll(): Promise<void> {
  for (const host of open) await host.close();
  open.clear();
}

/** A line of the laboratory's known_hosts: the fields behind the name. */
export function labKey(name: string, type = 'ssh-ed25519'): string {
  const line = readFileSync(labEnv().hosts.user.knownHosts, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name} ${type} `));
  if (line === undefined) throw new Error(`the laboratory has no ${type} key of ${name}`);
  return line.slice(name.length + 1);
}

/** A TCP cable to an SSH server that can be cut (and is whole again for the next connection) or unplugged. */
export async function cable(port: number) {
  const sockets = new Set<Socket>();
  let plugged = true;
  let taken = 0;
  const server = createServer((near) => {
    if (!plugged) {
      near.destroy();
      return;
    }
    taken++;
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => taken,
    cut,
    unplug: () => {
      plugged = false;
      cut();
    },
    plug: () => {
      plugged = true;
    },
    close: () => {
      server.close();
      cut();
    },
  };
}
