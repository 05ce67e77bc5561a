// A connection that comes back by itself: a dropped one is dialled again with growing pauses, by the next operation or at once.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, SFTPWrapper } from 'ssh2';
import type { HostState } from '../../shared/views.ts';
import type { Dialled } from './dial.ts';
import { isLineFault } from './faults.ts';
import { watchSession } from './sftp.ts';
import { closed, commandRefused, connectionLost, isLost } from './ssh-faults.ts';

/** Pauses before the attempts of one series, in milliseconds: half a minute in all, then the operation fails. */
const PAUSES_MS = [0, 500, 1000, 2000, 4000, 8000, 15_000];

/** The line to one host. */
export interface Line {
  readonly state: HostState;
  /** The open connection; dials again when it dropped. Throws what dialling throws once a series of attempts failed. */
  client(): Promise<Client>;
  /** One SFTP session of the open connection, shared by all files. */
  sftp(): Promise<SFTPWrapper>;
  onState(listener: (state: HostState) => void): () => void;
  close(): void;
}

/** Keeps a line, beginning with an open connection. */
export function keepLine(
  name: string,
  open: Dialled,
  redial: (signal: AbortSignal) => Promise<Dialled>,
): Line {
  const listeners = new Set<(state: HostState) => void>();
  const ended = new AbortController();
  let state: HostState = 'connected';
  let current: Dialled | null = open;
  let coming: Promise<Client> | null = null;
  let sftp: Promise<SFTPWrapper> | null = null;

  function become(next: HostState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener(next);
  }

  function adopt(dialled: Dialled): Client {
    current = dialled;
    dialled.client.on('close', () => {
      if (current !== dialled) return;
      current = null;
      sftp = null;
      dialled.close();
      if (ended.signal.aborted) return;
      become('reconnecting');
      again().catch(() => {});
    });
    become('connected');
    return dialled.client;
  }

  function again(): Promise<Client> {
    coming ??= series().finally(() => {
      coming = null;
    });
    return coming;
  }

  async function series(): Promise<Client> {
    let fault: unknown;
    for (const pause of PAUSES_MS) {
      if (pause > 0) await sleep(pause, undefined, { signal: ended.signal }).catch(() => {});
      if (ended.signal.aborted) throw closed(name);
      become('reconnecting');
      try {
        const dialled = await redial(ended.signal);
        if (!ended.signal.aborted) return adopt(dialled);
        dialled.close();
        throw closed(name);
      } catch (error) {
        fault = error;
        if (!isLineFault(error)) break;
      }
    }
    become('disconnected');
    throw ended.signal.aborted ? closed(name) : fault;
  }

  async function client(): Promise<Client> {
    if (ended.signal.aborted) throw closed(name);
    return current?.client ?? again();
  }

  function openSftp(on: Client, over: () => void): Promise<SFTPWrapper> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) =>
        reject(isLost(error) ? connectionLost(name, error) : commandRefused(name, error));
      try {
        on.sftp((error, session) => {
          if (error) return fail(error);
          watchSession(session);
          session.once('close', over).once('error', over);
          resolve(session);
        });
      } catch (error) {
        fail(error);
      }
    });
  }

  adopt(open);
  return {
    get state() {
      return state;
    },
    client,
    async sftp() {
      const on = await client();
      if (sftp !== null) return sftp;
      const forget = () => {
        if (sftp === opening) sftp = null;
      };
      const opening: Promise<SFTPWrapper> = openSftp(on, forget);
      sftp = opening;
      opening.catch(forget);
      return opening;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      if (ended.signal.aborted) return;
      ended.abort();
      const last = current;
      current = null;
      last?.close();
      become('disconnected');
    },
  };
}
