// A started RDP client: its process, its end, and how it is closed.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** File in the session's folder that holds what the client printed. */
export const OUTPUT_NAME = 'output.txt';
/** After this a client that was asked to end is killed, in ms. */
const KILL_AFTER = 5000;

export interface Client {
  readonly pid: number;
  /** Exit status; null when a signal ended it or it never started (`failed` then says why). */
  readonly ended: Promise<{ readonly code: number | null; readonly failed: Error | null }>;
  /** Whether `close` was called: its end is wanted then. */
  readonly closing: () => boolean;
  close(): void;
}

/** Starts a client; what it prints goes to a file in `folder`, so that it outlives Casement. */
export function startClient(
  words: readonly string[],
  stdin: string,
  env: Readonly<Record<string, string>>,
  folder: string,
): Client {
  const output = openSync(join(folder, OUTPUT_NAME), 'a', 0o600);
  const child = spawn(words[0] ?? '', words.slice(1), {
    env: { ...process.env, ...env },
    stdio: ['pipe', output, output],
    cwd: folder,
  });
  closeSync(output);
  const ended = new Promise<{ code: number | null; failed: Error | null }>((resolve) => {
    child.once('error', (failed) => resolve({ code: null, failed }));
    child.once('exit', (code) => resolve({ code, failed: null }));
  });
  // A client that ends before it has read its input must not end Casement too.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(stdin);
  let closing = false;
  return {
    pid: child.pid ?? 0,
    ended,
    closing: () => closing,
    close: () => {
      closing = true;
      end(child, ended);
    },
  };
}

function end(child: ChildProcess, ended: Promise<unknown>): void {
  if (process.platform === 'win32' && child.pid !== undefined) {
    // mstsc is a child of the PowerShell that was started: the whole tree ends.
    execFile('taskkill.exe', ['/T', '/F', '/PID', String(child.pid)], () => undefined);
    return;
  }
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER);
  void ended.then(() => clearTimeout(timer));
}

/** Removes what a session left; on Windows a file may still be open, then it stays until the next start. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
