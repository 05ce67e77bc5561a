// Runs a command over SSH: never a terminal, its process group known so that it can be ended.
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { CasementError } from '../../shared/errors.ts';
import { commandFailed, commandTimeout } from './faults.ts';
import type { Line } from './line.ts';
import { collector } from './output.ts';
import { quoteWords } from './quote.ts';
import { commandRefused, connectionLost } from './ssh-faults.ts';
import type { RunOptions, RunResult } from './types.ts';

/** How long a group may take to obey TERM before KILL, and the channel to close behind it. */
const GRACE_S = 2;
const GIVE_UP_MS = 6000;

/**
 * sshd makes every command the leader of its own session, so the shell's pid names the group. The mark also cuts off
 * what a noisy start file (.bashrc) prints before the command.
 */
const WRAPPER = 'echo "casement-group $$"; echo "casement-group" >&2; exec "$@"';
const STDOUT_MARK = /casement-group (\d+)\n/;
const STDERR_MARK = /casement-group\n/;

const KILLER = `kill -s TERM -- "-$1" 2>/dev/null || exit 0
n=0; while kill -s 0 -- "-$1" 2>/dev/null; do [ $n -lt ${GRACE_S * 10} ] || { kill -s KILL -- "-$1"; exit; }; n=$((n+1)); sleep 0.1; done`;

/**
 * An sshd frees a session a moment after it told us of its end, and may allow fewer than we use: a refused command, which
 * has not begun, is asked for again after these milliseconds.
 */
const AGAIN_AFTER_MS = [50, 100, 200, 400, 800];

type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** `Host.run` over a line; `gate` keeps within the sessions an sshd allows on one connection. */
export function sshRunner(name: string, line: Line, gate: Gate) {
  return async (words: readonly string[], options: RunOptions = {}): Promise<RunResult> => {
    const command = `exec ${quoteWords(['sh', '-c', WRAPPER, 'sh', ...words])}`;
    return gate(async () => {
      for (const ms of AGAIN_AFTER_MS) {
        options.signal?.throwIfAborted();
        try {
          return await once(name, line, await line.client(), command, words, options);
        } catch (error) {
          if (!isRefusal(error)) throw error;
        }
        await pause(ms);
      }
      options.signal?.throwIfAborted();
      return once(name, line, await line.client(), command, words, options);
    });
  };
}

const isRefusal = (error: unknown) => error instanceof CasementError && error.code === 'host.command-refused';

function once(
  name: string,
  line: Line,
  client: Client,
  command: string,
  words: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  return new Promise<RunResult>((resolve, reject) => {
    const lost = () => reject(connectionLost(name));
    client.once('close', lost);
    try {
      client.exec(command, (error, channel) => {
        client.off('close', lost);
        // Followed from here, not behind an await: what the command says may already lie in the same packet.
        if (error) reject(refusal(name, error));
        else follow(name, line, channel, words, options).then(resolve, reject);
      });
    } catch (error) {
      client.off('close', lost);
      reject(connectionLost(name, error));
    }
  });
}

/** Why a channel was not opened: the line ended, or the server did not want to. */
function refusal(name: string, error: Error): Error {
  return /unable to exec|channel open failure|administratively|prohibited/i.test(error.message)
    ? commandRefused(name, error)
    : connectionLost(name, error);
}

function follow(
  name: string,
  line: Line,
  channel: ClientChannel,
  words: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const stdout = collector(options.onStdout);
  const stderr = collector(options.onStderr);
  return new Promise((resolve, reject) => {
    let group: string | undefined;
    let status: number | undefined;
    let ended: { readonly reason: unknown } | undefined;
    let giveUp: NodeJS.Timeout | undefined;
    const kill = () => {
      if (group !== undefined) endGroup(line, group);
    };
    const end = (reason: unknown) => {
      if (ended !== undefined) return;
      ended = { reason };
      giveUp = setTimeout(() => {
        channel.destroy();
        reject(reason);
      }, GIVE_UP_MS);
      kill();
    };
    const onAbort = () => end(options.signal?.reason);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    if (options.signal?.aborted) onAbort();
    const ms = options.timeoutMs;
    const timer = ms === undefined ? undefined : setTimeout(() => end(commandTimeout(words, ms)), ms);

    channel.on(
      'data',
      behind(STDOUT_MARK, stdout.add, (mark) => {
        group = mark[1];
        if (ended !== undefined) kill();
      }),
    );
    channel.stderr.on('data', behind(STDERR_MARK, stderr.add));
    channel.on('exit', (code: number | null, signal?: string) => {
      const named = `SIG${signal?.replace(/^SIG/, '')}` as NodeJS.Signals;
      status = code ?? 128 + (constants.signals[named] ?? 0);
    });
    channel.on('error', () => {});
    channel.on('close', () => {
      clearTimeout(timer);
      clearTimeout(giveUp);
      options.signal?.removeEventListener('abort', onAbort);
      if (ended !== undefined) return reject(ended.reason);
      if (status === undefined) return reject(connectionLost(name));
      const said = stderr.text();
      if (status !== 0 && !options.allowFailure) return reject(commandFailed(words, status, said));
      resolve({ code: status, stdout: stdout.text(), stderr: said });
    });
    channel.end(options.stdin === undefined ? undefined : Buffer.from(options.stdin));
  });
}

/** Passes on what comes behind the mark. */
function behind(mark: RegExp, add: (chunk: Buffer) => void, onMark?: (found: RegExpExecArray) => void) {
  let before: Buffer | null = Buffer.alloc(0);
  return (chunk: Buffer) => {
    if (before === null) return add(chunk);
    before = Buffer.concat([before, chunk]);
    // latin1 keeps one character a byte, so positions in the text are positions in the bytes.
    const found = mark.exec(before.toString('latin1'));
    if (found === null) return;
    const rest = before.subarray(found.index + found[0].length);
    before = null;
    onMark?.(found);
    if (rest.length > 0) add(rest);
  };
}

/** Ends a process group from a session of its own; when the line is gone, so is the wish. */
function endGroup(line: Line, group: string): void {
  line
    .client()
    .then((client) =>
      client.exec(quoteWords(['sh', '-c', KILLER, 'sh', group]), (error, channel) => {
        if (error) return;
        channel.on('error', () => {});
        channel.resume();
        channel.stderr.resume();
        channel.end();
      }),
    )
    .catch(() => {});
}
