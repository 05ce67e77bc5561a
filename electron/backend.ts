// The one backend behind every front: composes the services and answers the contract. Arguments are parsed with
// the contract's schema here, whichever front they come through.
// May touch: backend/, run and every layer below it, shared. Never a front.
import type { Duplex } from 'node:stream';
import {
  type CallName,
  type CallParsed,
  calls,
  type EventName,
  type StreamName,
  streams,
} from '../shared/contract.ts';
import { CasementError } from '../shared/errors.ts';
import { appService } from './backend/app.ts';
import { createEvents } from './backend/events.ts';
import type { Handlers } from './backend/handlers.ts';
import { defaultHome, openHome } from './backend/home.ts';
import { createQuestions } from './backend/questions.ts';
import { createSecrets } from './backend/secrets.ts';
import type { Ask, Desktop } from './desktop/port.ts';

export { defaultHome } from './backend/home.ts';

export interface Backend {
  /** Answers one call; `args` are parsed here. Rejects with `bad-arguments` when they do not fit the contract. */
  call(name: CallName, args: unknown): Promise<unknown>;
  openStream(name: StreamName, args: unknown): Promise<Duplex>;
  /** Hears every event; the function given back stops listening. */
  on(listener: (name: EventName, payload: unknown) => void): () => void;
  /** Closes connections; builds on their hosts go on. */
  close(): Promise<void>;
}

export interface BackendOptions {
  readonly front: 'electron' | 'served' | 'cli';
  /** Why Electron did not start, when another front stands in for it. */
  readonly frontReason?: string;
  /** State folder; default CASEMENT_HOME or the place this system keeps such things. */
  readonly home?: string;
  readonly desktop: Desktop;
  /** How to ask the person in front; default: `question` events answered by `question.answer`. */
  readonly ask?: Ask;
}

/** Starts the backend. Rejects when the state folder cannot be made. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const home = await openHome(options.home ?? defaultHome());
  const events = createEvents();
  const questions = createQuestions(events);
  const ask = options.ask ?? questions;
  const secrets = createSecrets(options.desktop, ask);
  const handlers: Partial<Handlers> = {
    ...appService({ front: options.front, frontReason: options.frontReason ?? null, home }),
    'question.answer': ({ id, answer }) => questions.answer(id, answer),
    'secret.put': ({ name, value }) => secrets.put(name, value),
    'desktop.pickFile': async ({ title, extensions }) =>
      options.desktop.pickFile
        ? { available: true, path: await options.desktop.pickFile(title, extensions) }
        : { available: false, path: null },
    'desktop.openExternal': ({ url }) => options.desktop.openExternal(url),
  };
  return {
    async call(name, args) {
      return await answer(handlers, name, args);
    },
    async openStream(name, args) {
      parse(streams[name], args, name);
      throw new Error(`There is no stream ${name}.`);
    },
    on: events.on,
    async close() {
      questions.close();
    },
  };
}

async function answer<N extends CallName>(
  handlers: Partial<Handlers>,
  name: N,
  args: unknown,
): Promise<unknown> {
  const parsed = parse(calls[name].args, args, name) as CallParsed<N>;
  const handler = handlers[name];
  if (!handler) throw new Error(`There is no call ${name}.`);
  return await handler(parsed);
}

interface Parser {
  safeParse(value: unknown): {
    success: boolean;
    data?: unknown;
    error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] };
  };
}

function parse(schema: Parser, value: unknown, name: string): unknown {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  // Only where and why: the values themselves may be secrets.
  const problems = (result.error?.issues ?? []).map(
    (issue) => `${issue.path.map(String).join('.') || '(all)'}: ${issue.message}`,
  );
  throw new CasementError({
    code: 'bad-arguments',
    title: 'Casement cannot work with these values',
    whatHappened: `The request "${name}" does not fit: ${problems[0] ?? 'unknown reason'}.`,
    whatToDo: 'Correct the value named here and try again.',
    detail: problems.join('\n'),
  });
}
