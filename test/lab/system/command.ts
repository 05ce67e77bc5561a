// Runs one program to its end.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

export interface CommandOptions {
  env?: NodeJS.ProcessEnv;
  /** Given to the program's standard input; the place for secrets. */
  input?: string;
  /** File that also receives the output. */
  log?: string;
  cwd?: string;
}

/** Runs a program and resolves to its standard output; throws with the end of its error output when it fails. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    const keep = (chunk: string) => {
      if (options.log !== undefined) appendFileSync(options.log, chunk);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
      keep(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err = (err + chunk).slice(-4000);
      keep(chunk);
    });
    // A program that ends without reading its input is judged by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out);
      else
        reject(
          new Error(`${command} ended with ${signal ?? code}: ${(err.trim() || out.trim()).slice(-1500)}`),
        );
    });
  });
}

/** Like `run`, but a failure is an answer: resolves to undefined. */
export async function attempt(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string | undefined> {
  try {
    return await run(command, args, options);
  } catch {
    return undefined;
  }
}
