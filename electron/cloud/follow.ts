// Follows a launched server until it runs.
import { setTimeout as delay } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import type { ServerView } from '../../shared/views.ts';
import type { OnProgress } from '../host/types.ts';
import type { Cloud } from './types.ts';

/** Asked this often, in ms. */
const EVERY_MS = 1500;
/** A large image copied to a compute node takes its time; after this nobody would still wait. */
const LONGEST_MS = 60 * 60_000;

/** Resolves with the server once it is ACTIVE. Throws `cloud.server-failed` with Nova's own words. */
export async function waitForServer(
  cloud: Cloud,
  id: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ServerView> {
  const end = Date.now() + LONGEST_MS;
  for (;;) {
    signal.throwIfAborted();
    const server = await cloud.server(id);
    if (!server || server.status === 'DELETED') throw gone();
    onProgress({
      done: server.status === 'ACTIVE' ? 1 : 0,
      total: 1,
      unit: 'steps',
      rate: null,
      etaSeconds: null,
      message: `Nova says ${server.status}`,
      lastActivity: new Date().toISOString(),
    });
    if (server.status === 'ACTIVE') return server;
    if (server.status === 'ERROR') throw failed(server);
    if (Date.now() > end) throw slow(server);
    await delay(EVERY_MS, undefined, { signal });
  }
}

function failed(server: ServerView): CasementError {
  return new CasementError({
    code: 'cloud.server-failed',
    title: 'Nova could not start the server',
    whatHappened: `Nova says: “${server.fault ?? ''}”`,
    whatToDo: /no valid host/i.test(server.fault ?? '')
      ? 'No compute node has room for this flavor or the devices the image asks for: choose another flavor or ask the operator.'
      : 'Delete the server and launch again; if it stays, give these words and the server id to the operator.',
    detail: `server ${server.id}`,
  });
}

function slow(server: ServerView): CasementError {
  return new CasementError({
    code: 'cloud.server-slow',
    title: 'The server does not get ready',
    whatHappened: `After an hour Nova still says ${server.status}.`,
    whatToDo: 'Ask the operator of the cloud what holds it up, or delete it and launch again.',
    detail: `server ${server.id}`,
  });
}

function gone(): CasementError {
  return new CasementError({
    code: 'cloud.server-gone',
    title: 'The server was deleted meanwhile',
    whatHappened: 'Nova no longer knows the server that was launched.',
    whatToDo: 'Launch it again.',
  });
}
