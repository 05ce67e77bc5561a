// What the command line prints: for a person, or (with --json) JSON only on standard output.
import { CasementError, type ErrorData, isAbort, toErrorData } from '../../shared/errors.ts';
import { visible } from '../host/faults.ts';

/** 0 done, 1 failed, 2 bad usage or plan, 130 cancelled. */
export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const;

/** Ends a command with an exit code of its own after everything was printed. */
export class ExitError extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** A mistake in how the command was called: exit code 2. */
export function usageError(whatHappened: string, whatToDo: string): CasementError {
  return new CasementError({
    code: 'usage',
    title: 'This command cannot be understood',
    whatHappened,
    whatToDo,
  });
}

/** Codes of errors that mean bad usage or a bad plan. */
const USAGE_CODES = new Set(['usage', 'bad-arguments', 'plan.invalid', 'plan.unreadable', 'run.unknown']);

/** The exit code of an error. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof ExitError) return thrown.exitCode;
  if (isAbort(thrown)) return EXIT.cancelled;
  return USAGE_CODES.has(toErrorData(thrown).code) ? EXIT.usage : EXIT.failed;
}

/** Text of several lines for a terminal: a server's name or a host's answer must not steer it by escape sequences. */
export function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join('\n');
}

/** Prints one JSON value as one line on standard output. */
export function printJson(value: unknown): void {
  // JSON leaves DEL and C1 controls as they are, and a terminal would obey them; as \u escapes they mean the same.
  const text = JSON.stringify(value).replace(/[\x7f-\x9f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  process.stdout.write(`${text}\n`);
}

/** Prints lines for a person on standard output; control characters in them are made visible. */
export function print(line: string): void {
  process.stdout.write(`${visibleLines(line)}\n`);
}

/** Prints an error: as JSON on standard output, or its sentences on standard error. */
export function printError(error: ErrorData, json: boolean): void {
  const { code, title, whatHappened, whatToDo, detail } = error;
  if (json) printJson({ error: { code, title, whatHappened, whatToDo, detail } });
  else {
    const sentences = [title, whatHappened, whatToDo].map(visibleLines).join('\n  ');
    process.stderr.write(`${sentences}\n${detail ? `\n${visibleLines(detail)}\n` : ''}`);
  }
}

/** Rows of cells with columns as wide as their widest cell; the last one runs free. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}
