// Runs a program of this checkout and hears what it prints, line by line.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CasementError } from '../../shared/errors.ts';

/** Last part of standard error that is kept for the details of a failure, in characters. */
const KEEP = 8000;

/** Runs it to its end; every line of standard output goes to `onLine`. Throws `program.failed` for another exit than 0. */
export async function runProgram(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  const child: ChildProcess = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  // Heard from the first moment on: a program that cannot be started tells so once, and may have no pipes at all.
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEEP);
  });
  if (child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
  const code = await ended;
  if (code === 0) return;
  throw new CasementError({
    code: 'program.failed',
    title: 'The laboratory did not do what it was asked',
    whatHappened: said.trim().split('\n').at(-1) || `It ended with status ${code ?? 'unknown'}.`,
    whatToDo: 'Read the details; then try again.',
    detail: said,
  });
}

/** Everything a program prints on standard output. */
export async function lines(program: string, words: readonly string[], signal: AbortSignal): Promise<string> {
  const all: string[] = [];
  await runProgram(program, words, signal, (line) => all.push(line));
  return all.join('\n');
}
