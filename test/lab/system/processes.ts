// Long-running processes, remembered by pid and time of birth so that a reused pid is never taken for ours.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, tailOf, writeWhole } from './files.ts';
import { waitFor } from './wait.ts';

/** A process that can be recognised again. */
export interface Identity {
  pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks between the machine's start and the process's. */
  birth: string;
}

export interface Launch {
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Name of the network namespace to start in. */
  netns?: string;
  log: string;
  /** Asked again and again until true. */
  ready: (pid: number) => Promise<boolean>;
  timeoutMs?: number;
}

/** Time of birth of a running process; undefined when it does not run or is a zombie. */
export function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether exactly this process still runs. */
export function isAlive(identity: Identity | undefined): identity is Identity {
  return identity !== undefined && birthOf(identity.pid) === identity.birth;
}

/** Resident memory in MiB. */
export function residentMiB(pid: number): number {
  const match = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1] ?? 0) / 1024);
}

/** Whether a process listens on a TCP port, seen in its own network namespace. */
export function listensOn(pid: number, port: number): boolean {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6'].some((table) => {
    const file = `/proc/${pid}/net/${table}`;
    // In each row: local address:port, remote address:port, state; 0A is LISTEN.
    return existsSync(file) && new RegExp(`:${wanted} [0-9A-F:]+ 0A `).test(readFileSync(file, 'utf8'));
  });
}

const fileOf = (runDir: string, name: string) => join(runDir, `${name}.pid`);

/** The process remembered under a name, running or not. */
export function remembered(runDir: string, name: string): Identity | undefined {
  return readJson<Identity>(fileOf(runDir, name));
}

/** Names of all remembered processes. */
export function rememberedNames(runDir: string): string[] {
  if (!existsSync(runDir)) return [];
  return readdirSync(runDir)
    .filter((file) => file.endsWith('.pid'))
    .map((file) => file.slice(0, -'.pid'.length))
    .sort();
}

/** Remembers a process under a name. */
export function remember(runDir: string, name: string, pid: number): Identity {
  const birth = birthOf(pid);
  if (birth === undefined) throw new Error(`${name} ended at once`);
  const identity = { pid, birth };
  writeWhole(fileOf(runDir, name), JSON.stringify(identity));
  return identity;
}

/** Starts a detached process unless it already runs, and waits until it is ready; throws with the end of its log. */
export async function start(runDir: string, launch: Launch): Promise<Identity> {
  mkdirSync(runDir, { recursive: true });
  let identity = remembered(runDir, launch.name);
  if (!isAlive(identity)) {
    const log = openSync(launch.log, 'a', 0o600);
    // nsenter and the program share one pid: nsenter replaces itself.
    const words = launch.netns === undefined ? [] : ['nsenter', `--net=/run/netns/${launch.netns}`];
    const [command = '', ...args] = [...words, launch.command, ...launch.args];
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: launch.env ?? process.env,
    });
    closeSync(log);
    child.on('error', () => undefined);
    child.unref();
    if (child.pid === undefined) throw new Error(`${launch.name}: cannot start ${command}`);
    identity = remember(runDir, launch.name, child.pid);
  }
  const running = identity;
  const outcome = await waitFor(
    async () => (!isAlive(running) ? 'ended' : (await launch.ready(running.pid)) ? 'ready' : undefined),
    launch.timeoutMs ?? 90_000,
  );
  if (outcome !== 'ready') {
    throw new Error(
      `${launch.name} ${outcome ?? 'did not become ready'}; its log ends:\n${tailOf(launch.log)}`,
    );
  }
  return running;
}

/** Ends one process: asks, waits up to `graceMs`, then insists. */
export async function end(identity: Identity | undefined, graceMs = 10_000): Promise<void> {
  if (!isAlive(identity)) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(identity.pid, signal);
    } catch {
      return;
    }
    if (await waitFor(async () => !isAlive(identity), graceMs, 50)) return;
  }
}

/** Ends the process remembered under a name and forgets it. */
export async function stop(runDir: string, name: string, graceMs?: number): Promise<void> {
  await end(remembered(runDir, name), graceMs);
  rmSync(fileOf(runDir, name), { force: true });
}

/** Whether an HTTP address answers with this status. */
export async function answers(url: string, status = 200): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'manual' });
    await response.arrayBuffer();
    return response.status === status;
  } catch {
    return false;
  }
}
