// What is said about servers on their way: one sentence for all of them, and why one did not come. Pure.
import { CasementError, type ErrorData, toErrorData } from '../../../shared/errors.ts';
import type { ServerView } from '../../../shared/views.ts';
import {
  LAUNCH_WORDS,
  type LaunchedView,
  type LaunchState,
  launchWords,
} from '../../../shared/views-launch.ts';

/** Where all servers are: `7 of 30 are ready; Windows is starting: 20; failed: 3`. */
export function launchSentence(servers: readonly LaunchedView[]): string {
  const [only] = servers;
  if (only && servers.length === 1) return launchWords(only);
  const count = (state: LaunchState) => servers.filter((server) => server.state === state).length;
  const rest = (Object.keys(LAUNCH_WORDS) as LaunchState[])
    .filter((state) => state !== 'ready' && count(state) > 0)
    .map((state) => `${LAUNCH_WORDS[state]}: ${count(state)}`);
  return [`${count('ready')} of ${servers.length} are ready`, ...rest].join('; ');
}

/** The error of a launch of which some servers failed; names each with its reason. */
export function someFailed(servers: readonly LaunchedView[]): CasementError | null {
  const failed = servers.filter(({ error }) => error !== null);
  const [first] = failed;
  if (!first?.error) return null;
  if (servers.length === 1) return new CasementError(first.error);
  return new CasementError({
    code: 'launch.some-failed',
    title: `${failed.length} of ${servers.length} servers did not get ready`,
    whatHappened: failed.map(({ name, error }) => `${name}: ${error?.whatHappened ?? ''}`).join(' '),
    whatToDo: `${servers.length - failed.length} are ready. Continue to try the others again. ${first.error.whatToDo}`,
    detail: failed.map(({ name, id, error }) => `${name} ${id} ${error?.code ?? ''}`).join('\n'),
  });
}

const error = (code: string, title: string, whatHappened: string, whatToDo: string, detail = ''): ErrorData =>
  toErrorData(new CasementError({ code, title, whatHappened, whatToDo, detail }));

/** Nova could not start it. */
export function novaFailed(server: ServerView): ErrorData {
  const words = server.fault ?? 'Nova gives no reason.';
  return error(
    'cloud.server-failed',
    'Nova could not start the server',
    `Nova says: “${words}”`,
    /no valid host/i.test(words)
      ? 'No compute node has room for this flavor or the devices the image asks for: choose another flavor or ask the operator.'
      : 'Delete the server and launch again; if it stays, give these words and the server id to the operator.',
    `server ${server.id}`,
  );
}

/** Somebody deleted it meanwhile. */
export const serverGone = (): ErrorData =>
  error(
    'cloud.server-gone',
    'The server was deleted meanwhile',
    'Nova no longer knows the server that was launched.',
    'Launch it again.',
  );

/** It has no network. */
export const noAddress = (): ErrorData =>
  error(
    'launch.no-address',
    'The server has no address',
    'Nova started the server without any network address, so nobody can reach its desktop.',
    'Choose a network in the plan, delete the server and continue.',
  );

/** It stays in a state before ACTIVE. */
export const notActive = (status: string, minutes: number): ErrorData =>
  error(
    'cloud.server-slow',
    'The server does not get ready',
    `After ${minutes} minutes Nova still says ${status}.`,
    'Ask the operator of the cloud what holds it up, or delete it and launch again.',
  );

/** Its password will never come. */
export const neverPassword = (reason: string): ErrorData =>
  error(
    'launch.no-password',
    'This server will not tell a password',
    reason,
    'Delete the server and launch it with a chosen password, or with an RSA key pair.',
  );

/** Its password did not come in time; `log` is the end of its serial console. */
export const passwordLate = (minutes: number, log: string): ErrorData =>
  error(
    'launch.password-late',
    'Windows did not report its password',
    `The server has run for ${minutes} minutes and no password came. ${silence(log)}`,
    'Look at its console. If Windows stands at a question or in a restart loop, the image is not right; if it runs, it reaches no metadata service (169.254.169.254): check the network.',
    log,
  );

/** Its desktop did not answer in time. */
export const desktopLate = (minutes: number, reason: string, log: string): ErrorData =>
  error(
    'launch.desktop-late',
    'Remote Desktop does not answer',
    `After ${minutes} minutes: ${reason} ${silence(log)}`,
    'Check the security group (TCP 3389 inwards), whether the network needs a floating IP, and the console of the server. Continue to wait again.',
    log,
  );

/** What the serial console tells about a Windows that stays silent. */
function silence(log: string): string {
  const lines = log.split(/\r?\n/).filter((line) => line.trim() !== '');
  const last = lines.at(-1)?.trim().slice(0, 200);
  if (last === undefined) return 'Its serial console is empty: Windows may not have started at all.';
  const failed = lines
    .findLast((line) => /\b(ERROR|CRITICAL)\b/.test(line))
    ?.trim()
    .slice(0, 200);
  if (failed !== undefined) return `Cloudbase-Init complains: “${failed}”`;
  return `The last line of its serial console: “${last}”`;
}
