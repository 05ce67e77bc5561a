// Runs a program on this computer in a process group of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { badWord, commandFailed, commandTimeout } from './faults.ts';
import { collector } from './output.ts';
import type { RunOptions, RunResult } from './types.ts';

/** How long a group may take to obey TERM before KILL, in milliseconds. */
const GRACE_MS = 2000;

/** Runs `words`; abort and timeout end the whole process group. Errors as `Host.run`. */
export async function runLocal(words: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program, ...args] = words;
  if (program === undefined || words.some((word) => word.includes('\0'))) throw badWord();
  options.signal?.throwIfAborted();
  const stdout = collector(options.onStdout);
  const stderr = collector(options.onStderr);
  const child: ChildProcess = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let ended: unknown;
    const end = (reason: unknown) => {
      ended ??= reason;
      endGroup(child);
    };
    const onAbort = () => end(options.signal?.reason);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => end(commandTimeout(words, options.timeoutMs ?? 0)), options.timeoutMs);
    const settle = (code: number, said: string) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      if (ended !== undefined) reject(ended);
      else if (code !== 0 && !options.allowFailure) reject(commandFailed(words, code, said));
      else resolve({ code, stdout: stdout.text(), stderr: said });
    };
    child.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'ENOENT' ? 127 : 126, `${program}: ${error.message}\n`),
    );
    child.once('close', (code, signal) => settle(exitStatus(code, signal), stderr.text()));
    // Without a free file descriptor (EMFILE) there is a child, but none of its three streams.
    child.stdout?.on('data', stdout.add);
    child.stderr?.on('data', stderr.add);
    // A program may end without reading its input: that is its right, not a fault.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.stdin ?? '');
  });
}

/** Exit status as a shell gives it: 128 + n for signal n. */
function exitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function endGroup(child: ChildProcess): void {
  const send = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group is gone.
    }
  };
  send('SIGTERM');
  const timer = setTimeout(() => send('SIGKILL'), GRACE_MS);
  child.once('close', () => clearTimeout(timer));
}
