// The person who signs in: asked for what only they have at this moment. Nothing of it is kept. Types and sentences.
import { CasementError } from '../../shared/errors.ts';
import type { Ask } from '../desktop/port.ts';

/** A token of no project that a passcode or a browser brought; it opens each project of the account until it ends. */
export interface Ticket {
  readonly id: string;
  /** By `performance.now()`, in ms. */
  readonly goodUntil: number;
}

export interface Person {
  readonly ask: Ask;
  /** Opens the browser at an address of the identity service; without it the person is told to. */
  readonly openBrowser?: (url: string) => Promise<void>;
  /** Remembers the ticket between two sign-ins, so that another project costs no second passcode. */
  readonly tickets?: Map<string, Ticket>;
}

/** Asks for the passcode of this moment. Throws `cloud.nobody` when nobody answers. */
export async function askPasscode(
  person: Person | null,
  user: string,
  host: string,
  signal?: AbortSignal,
): Promise<string> {
  const answer = await person?.ask.ask(
    {
      kind: 'secret',
      title: 'One-time passcode',
      text: `${host} wants the six digits that the authenticator app of ${user} shows now. They are used once and not kept.`,
      fingerprint: null,
      fields: [{ label: 'Passcode', echo: true }],
    },
    signal,
  );
  signal?.throwIfAborted();
  const passcode = answer?.[0]?.replace(/\s+/g, '');
  if (passcode) return passcode;
  throw nobody('The one-time passcode was not given.');
}

/** The error of a sign-in that needs somebody when nobody is there, or when they declined. */
export function nobody(whatHappened: string): CasementError {
  return new CasementError({
    code: 'cloud.nobody',
    title: 'The sign-in needs you',
    whatHappened,
    whatToDo:
      'Sign in again and answer the question. For work without anybody in front use an application credential.',
  });
}
