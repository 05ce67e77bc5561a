// Runs a command with root rights: with sudo's leave, or with a password on standard input, never in an argument.
import { CasementError } from '../../shared/errors.ts';
import { commandFailed } from './faults.ts';
import type { Host, RunOptions, RunResult } from './types.ts';

/** Options of `Host.run`, and the password of the account where sudo asks for one. */
export interface SudoOptions extends RunOptions {
  readonly password?: string;
}

/**
 * Runs `words` as root. Without a password only where sudo asks for none. Throws `host.sudo-password-needed`,
 * `host.sudo-wrong-password`, `host.no-permission` when sudo refuses, else as `Host.run`.
 */
export async function sudo(
  host: Host,
  words: readonly string[],
  { password, ...options }: SudoOptions = {},
): Promise<RunResult> {
  const asRoot = await host.run(['id', '-u'], only(options));
  if (asRoot.stdout.trim() === '0') return host.run(words, options);
  const free = await host.run(ENGLISH('-n', '--', 'true'), { ...only(options), allowFailure: true });
  if (free.code === 0) return host.run(['sudo', '-n', '--', ...words], options);
  if (password === undefined) throw refusal(free.stderr, false);
  // Checked apart from the command: where sudo needs none, the password would become the command's input.
  const checked = await host.run(ENGLISH('-k', '-S', '-p', '', '--', 'true'), {
    ...only(options),
    stdin: `${password}\n`,
    allowFailure: true,
  });
  if (checked.code !== 0) throw refusal(checked.stderr, true);
  const input = Buffer.concat([Buffer.from(`${password}\n`), Buffer.from(options.stdin ?? '')]);
  const result = await host.run(['sudo', '-k', '-S', '-p', '', '--', ...words], {
    ...options,
    stdin: input,
    allowFailure: true,
  });
  if (result.code !== 0 && !options.allowFailure) throw commandFailed(words, result.code, result.stderr);
  return result;
}

/** sudo's words are told apart in English whatever the host speaks. */
const ENGLISH = (...words: readonly string[]) => ['env', 'LC_ALL=C', 'sudo', ...words];

const only = ({ signal }: RunOptions): RunOptions => (signal === undefined ? {} : { signal });

function refusal(stderr: string, tried: boolean): CasementError {
  if (/not in the sudoers|may not run sudo|not allowed to/i.test(stderr))
    return new CasementError({
      code: 'host.no-permission',
      title: 'This account may not use sudo',
      whatHappened: 'The host does not allow the account you signed in with to act as root.',
      whatToDo: 'Sign in with an account that may use sudo, or ask the administrator of the host to do it.',
      detail: stderr.slice(-2000),
    });
  if (/not found|no such file/i.test(stderr))
    return new CasementError({
      code: 'host.no-sudo',
      title: 'The host has no sudo',
      whatHappened: 'The program sudo is not installed on the host.',
      whatToDo: 'Sign in as root, or ask the administrator of the host to do it.',
      detail: stderr.slice(-2000),
    });
  return new CasementError({
    code: tried ? 'host.sudo-wrong-password' : 'host.sudo-password-needed',
    title: tried ? 'sudo did not accept the password' : 'sudo wants your password',
    whatHappened: tried
      ? 'The password was not accepted by sudo on the host.'
      : 'Acting as root on this host needs the password of your account there.',
    whatToDo: 'Enter the password you use on the host and try again.',
    detail: stderr.slice(-2000),
  });
}
