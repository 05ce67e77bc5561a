// Every error this folder throws, with the sentences an admin reads. Pure.
import { CasementError } from '../../shared/errors.ts';

const inOneLine = (words: readonly string[]) => words.map((word) => word.slice(0, 200)).join(' ');
const words = (cause: unknown) =>
  cause instanceof Error ? cause.message : cause === undefined ? '' : String(cause);

/** A word that no command line can hold (NUL), or no word at all. */
export const badWord = () =>
  new CasementError({
    code: 'host.bad-word',
    title: 'This name cannot be used in a command',
    whatHappened: 'A command was empty or held a NUL character, which no program accepts.',
    whatToDo: 'Check the file and folder names you entered and choose others.',
  });

/** A command ended with a non-zero status; `stderr` becomes part of the detail. Arguments are never secrets. */
export const commandFailed = (command: readonly string[], code: number, stderr: string) =>
  new CasementError({
    code: 'host.command-failed',
    title: 'A command on the host failed',
    whatHappened:
      code === 127
        ? `The program "${command[0]}" was not found on the host.`
        : `"${command[0]}" ended with status ${code}.${firstLine(stderr)}`,
    whatToDo:
      code === 127
        ? 'Check the host on the Host page; it names the package to install.'
        : 'Read the details below; they hold what the program said.',
    detail: `${inOneLine(command).slice(0, 2000)}\nstatus ${code}\n${stderr.slice(-4000)}`,
  });

function firstLine(stderr: string): string {
  const line = stderr.trim().split('\n')[0]?.slice(0, 300) ?? '';
  return line === '' ? '' : ` It said: ${line}`;
}

export const commandTimeout = (command: readonly string[], ms: number) =>
  new CasementError({
    code: 'host.timeout',
    title: 'The host took too long',
    whatHappened: `"${command[0]}" had not ended after ${Math.round(ms / 1000)} seconds and was stopped.`,
    whatToDo: 'Check whether the host is overloaded, then try again.',
    detail: inOneLine(command).slice(0, 2000),
  });

export type FileReason = 'missing' | 'permission' | 'full' | 'exists' | 'not-empty' | 'other';

const FILE_REASONS: Readonly<
  Record<FileReason, { code: string; title: string; what: (path: string) => string; todo: string }>
> = {
  missing: {
    code: 'host.no-such-file',
    title: 'There is no such file',
    what: (path) => `The host has no file or folder ${path}.`,
    todo: 'Check the path, or choose the file with Browse.',
  },
  permission: {
    code: 'host.no-permission',
    title: 'The host denies access',
    what: (path) => `The account you signed in with may not use ${path} on the host.`,
    todo: 'Choose another place, or ask the owner of the host for access to it.',
  },
  full: {
    code: 'host.disk-full',
    title: 'The disk of the host is full',
    what: (path) => `There is no room left to write ${path}.`,
    todo: 'Free some space on the host or choose a folder on another disk.',
  },
  exists: {
    code: 'host.file-exists',
    title: 'Something is already there',
    what: (path) => `${path} exists already on the host and is of another kind.`,
    todo: 'Choose another name, or remove what is there.',
  },
  'not-empty': {
    code: 'host.not-empty',
    title: 'The folder is not empty',
    what: (path) => `${path} still holds files, so it was left alone.`,
    todo: 'Empty the folder first.',
  },
  other: {
    code: 'host.file-failed',
    title: 'The host could not use this file',
    what: (path) => `Working with ${path} on the host failed.`,
    todo: 'Read the details below, then try again.',
  },
};

/** A file operation failed for `reason`; `path` is shown with control characters made visible. */
export function fileFault(reason: FileReason, path: string, cause?: unknown): CasementError {
  const { code, title, what, todo } = FILE_REASONS[reason];
  return new CasementError(
    { code, title, whatHappened: what(visible(path)), whatToDo: todo, detail: words(cause) },
    cause,
  );
}

/** A name as one line: control characters as `\n`, `\x1b`, `\u{202e}`, so that a hostile name cannot dress up as something else. */
export function visible(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => {
    const code = c.codePointAt(0) ?? 0;
    return (
      SHORT[c] ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
    );
  });
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export const socketFault = (target: string, cause: unknown) =>
  new CasementError(
    {
      code: 'host.socket-failed',
      title: 'No connection inside the host',
      whatHappened: `Nothing answered at ${visible(target)} on the host.`,
      whatToDo: 'Check that the program that should listen there is running.',
      detail: words(cause),
    },
    cause,
  );

export const jobFault = (name: string, stderr: string) =>
  new CasementError({
    code: 'host.job-failed-to-start',
    title: 'A job could not be started on the host',
    whatHappened: `The host did not start "${name}".${firstLine(stderr)}`,
    whatToDo:
      'Check that the work folder can be written and that the package util-linux (setsid, flock) is installed.',
    detail: stderr.slice(-4000),
  });

/** Faults of the line itself: the host may be well and answer again. */
const LINE_FAULTS: ReadonlySet<string> = new Set([
  'host.unreachable',
  'host.connection-lost',
  'host.timeout',
]);

/** Whether trying again later may help, because only the connection failed. */
export function isLineFault(error: unknown): boolean {
  return error instanceof CasementError && LINE_FAULTS.has(error.code);
}
