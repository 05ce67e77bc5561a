// What every client's session has in common: it opens, or its end says why not; then its folder is cleared away.
import { setTimeout as delay } from 'node:timers/promises';
import { CasementError, type ErrorData, toErrorData } from '../../shared/errors.ts';
import { type Client, removeFolder } from './client-process.ts';
import type { DesktopRequest, DesktopSession } from './types.ts';

/** The first logon of a fresh Windows shows its desktop late, but a connection that takes longer has failed. */
const OPEN_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 150;

export interface Following {
  readonly request: DesktopRequest;
  readonly client: Client;
  /** Folder of this session alone; removed at its end. */
  readonly folder: string;
  /** Whether the desktop is up by now. */
  readonly isOpen: () => Promise<boolean>;
  /** What the client's end means; null for a normal end. */
  readonly judge: (code: number | null) => Promise<CasementError | null>;
}

/** The session of a started client. */
export function sessionOf(following: Following): DesktopSession {
  const { client, folder } = following;
  const end = finish(following);
  const opened = untilOpen(following, end);
  // Whoever looks at `closed` only must not be surprised by an unhandled rejection of `opened`.
  opened.catch(() => undefined);
  const closed = end.then(async (error) => {
    await opened.catch(() => undefined);
    await removeFolder(folder);
    return error;
  });
  return { pid: client.pid, opened, closed, close: client.close };
}

async function untilOpen(following: Following, end: Promise<ErrorData | null>): Promise<void> {
  const deadline = Date.now() + OPEN_WITHIN_MS;
  const seen: { end: { error: ErrorData | null } | null } = { end: null };
  void end.then((error) => {
    seen.end = { error };
  });
  for (;;) {
    const over = seen.end;
    if (await following.isOpen()) return;
    if (over) throw new CasementError(over.error ?? neverOpened());
    if (Date.now() > deadline) {
      following.client.close();
      throw new CasementError(neverOpened());
    }
    await Promise.race([delay(LOOK_EVERY_MS), end]);
  }
}

async function finish({ client, request, judge }: Following): Promise<ErrorData | null> {
  const { code, failed } = await client.ended;
  if (failed) return toErrorData(notStarted(request, failed));
  if (client.closing()) return null;
  const error = await judge(code);
  return error && toErrorData(error);
}

function notStarted({ client }: DesktopRequest, cause: Error): CasementError {
  return new CasementError({
    code: 'connect.client',
    title: 'The RDP client did not start',
    whatHappened: `${client.path} cannot be started.`,
    whatToDo: 'Install the client again or choose another one.',
    detail: cause.message,
  });
}

function neverOpened(): ErrorData {
  return {
    code: 'connect.not-opened',
    title: 'The desktop did not come up',
    whatHappened: `The client was closed or showed no desktop within ${OPEN_WITHIN_MS / 1000} seconds.`,
    whatToDo: 'Try again in a minute: Windows may still be at its first start.',
    detail: '',
  };
}
