// The order in which ways to sign in are tried, and the questions asked on the way.
import * as fs from 'node:fs/promises';
import { homedir } from 'node:os';
import type { AnyAuthMethod, AuthHandlerMiddleware, ParsedKey, Prompt } from 'ssh2';
import type { Ask, Secrets } from '../desktop/port.ts';
import type { Hop } from './hops.ts';
import { readKey } from './key-files.ts';
import { keyFileMissing, keyFileUnusable } from './ssh-faults.ts';

/** Passwords and passphrases asked for that turn out wrong are asked for again this often. */
const ATTEMPTS = 3;

/** What was answered on this connection, kept in memory only, so that a reconnect need not ask again. */
export interface AuthMemory {
  readonly keys: Map<string, ParsedKey>;
  readonly answers: Map<string, readonly string[]>;
}

export const emptyMemory = (): AuthMemory => ({ keys: new Map(), answers: new Map() });

export interface AuthPorts {
  readonly ask: Ask['ask'];
  readonly secrets: Secrets;
  readonly memory: AuthMemory;
  readonly signal?: AbortSignal;
}

/** What the server said after a try: the methods that may go on. */
interface Left {
  readonly methods: readonly string[];
}

/** A sign-in in progress: the handler for ssh2, and what was tried so far, for the error. */
export interface SignIn {
  readonly handler: AuthHandlerMiddleware;
  readonly tried: string[];
  accepted: readonly string[];
  /** A fault that says more than "not accepted". */
  fault: unknown;
}

/** A sign-in to `hop`. Keys come before questions; a password given beforehand comes first. */
export function signIn(hop: Hop, ports: AuthPorts): SignIn {
  const state: SignIn = {
    tried: [],
    accepted: [],
    fault: undefined,
    handler: (methods, _partial, next) => {
      const left = (methods as readonly string[] | null) ?? [];
      if (left.length > 0) state.accepted = left;
      steps.next({ methods: left }).then(
        // ssh2 takes `false` for "nothing left", which its types leave out.
        (step) => next((step.done ? false : step.value) as AnyAuthMethod),
        (error: unknown) => {
          state.fault = error;
          next(false as unknown as AnyAuthMethod);
        },
      );
    },
  };
  const steps = methods(hop, ports, state.tried);
  return state;
}

type Steps = AsyncGenerator<AnyAuthMethod, Left, Left>;

async function* methods(
  hop: Hop,
  ports: AuthPorts,
  tried: string[],
): AsyncGenerator<AnyAuthMethod, void, Left> {
  let left: Left = yield { type: 'none', username: hop.user };
  if (hop.password !== undefined) left = yield* passwords(hop, ports, tried, left);
  const typed = hop.files.some((file) => file.required);
  if (typed) left = yield* keyFiles(hop, ports, tried, left);
  left = yield* agents(hop, tried, left);
  if (!typed) left = yield* keyFiles(hop, ports, tried, left);
  if (hop.password === undefined) yield* passwords(hop, ports, tried, left);
}

async function* agents(hop: Hop, tried: string[], before: Left): Steps {
  let left = before;
  for (const agent of hop.agents) {
    if (!left.methods.includes('publickey')) return left;
    tried.push('the keys of the SSH agent');
    left = yield { type: 'agent', username: hop.user, agent };
  }
  return left;
}

async function* keyFiles(hop: Hop, ports: AuthPorts, tried: string[], before: Left): Steps {
  let left = before;
  for (const file of hop.files) {
    if (!left.methods.includes('publickey')) return left;
    const key = await openKey(hop, file, ports, tried);
    if (key === null) continue;
    tried.push(`the key ${shown(file.path)}`);
    left = yield { type: 'publickey', username: hop.user, key };
  }
  return left;
}

const shown = (path: string) =>
  path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path;

/** The key of a file, null when it is to be passed over. Asks for its passphrase when it needs one. */
async function openKey(
  hop: Hop,
  file: Hop['files'][number],
  ports: AuthPorts,
  tried: string[],
): Promise<ParsedKey | null> {
  const kept = ports.memory.keys.get(file.path);
  if (kept !== undefined) return kept;
  let text: string;
  try {
    text = await fs.readFile(file.path, 'utf8');
  } catch (error) {
    if (file.required) throw keyFileMissing(file.path, error);
    return null;
  }
  let read = readKey(text);
  if (read.state === 'locked' && hop.passphrase !== undefined)
    read = readKey(text, await ports.secrets.get(hop.passphrase, `Passphrase of ${file.path}`));
  for (let attempt = 0; read.state === 'locked' && attempt < ATTEMPTS; attempt++) {
    const [passphrase] = (await ports.ask(passphraseQuestion(file.path, attempt), ports.signal)) ?? [];
    if (passphrase === undefined) break;
    read = readKey(text, passphrase);
  }
  if (read.state === 'usable') {
    ports.memory.keys.set(file.path, read.key);
    return read.key;
  }
  if (read.state === 'unusable' && file.required) throw keyFileUnusable(file.path, read.cause);
  tried.push(`the key ${shown(file.path)} (${read.state === 'locked' ? 'not unlocked' : 'not readable'})`);
  return null;
}

const passphraseQuestion = (path: string, attempt: number) => ({
  kind: 'secret' as const,
  title: 'Passphrase of your key',
  text: `${attempt === 0 ? '' : 'This passphrase does not open the key. '}The key ${path} is protected by a passphrase.`,
  fingerprint: null,
  fields: [{ label: 'Passphrase', echo: false }],
});

/** Password and keyboard-interactive: a known password first, else what the server asks for. */
async function* passwords(hop: Hop, ports: AuthPorts, tried: string[], before: Left): Steps {
  let left = before;
  const given =
    hop.password === undefined ? undefined : await ports.secrets.get(hop.password, `Password of ${hop.user}`);
  const kept = ports.memory.answers.get('password')?.[0];
  for (const password of given === undefined ? [kept] : [given]) {
    if (password === undefined || !left.methods.includes('password')) continue;
    tried.push('the password');
    left = yield { type: 'password', username: hop.user, password };
  }
  for (let attempt = 0; attempt < ATTEMPTS && left.methods.includes('keyboard-interactive'); attempt++) {
    if (attempt === 0) tried.push('keyboard-interactive');
    const talk = conversation(hop, ports, attempt, attempt === 0 ? given : undefined);
    left = yield { type: 'keyboard-interactive', username: hop.user, prompt: talk.prompt };
    if (talk.declined() || (given !== undefined && attempt === 0 && !talk.asked())) break;
  }
  if (given !== undefined) return left;
  for (let attempt = 0; attempt < ATTEMPTS && left.methods.includes('password'); attempt++) {
    if (left.methods.includes('keyboard-interactive')) break;
    const [password] = (await ports.ask(passwordQuestion(hop, attempt), ports.signal)) ?? [];
    if (password === undefined) break;
    ports.memory.answers.set('password', [password]);
    if (attempt === 0) tried.push('the password');
    left = yield { type: 'password', username: hop.user, password };
  }
  return left;
}

const passwordQuestion = (hop: Hop, attempt: number) => ({
  kind: 'secret' as const,
  title: `Sign in to ${hop.label}`,
  text: `${attempt === 0 ? '' : 'The host did not accept this password. '}Password of ${hop.user} on ${hop.label}.`,
  fingerprint: null,
  fields: [{ label: 'Password', echo: false }],
});

type Finish = (answers: string[]) => void;

/** One keyboard-interactive exchange: answers from `given` or memory where they fit, else from the person. */
function conversation(hop: Hop, ports: AuthPorts, attempt: number, given: string | undefined) {
  let declined = false;
  let asked = false;
  const answer = async (
    name: string,
    text: string,
    prompts: readonly Prompt[],
  ): Promise<readonly string[]> => {
    if (prompts.length === 0) return [];
    if (given !== undefined && prompts.length === 1 && prompts[0]?.echo !== true) return [given];
    const key = `answers ${JSON.stringify([name, prompts.map((prompt) => prompt.prompt)])}`;
    const kept = attempt === 0 ? ports.memory.answers.get(key) : undefined;
    if (kept !== undefined) return kept;
    asked = true;
    const answers = await ports.ask(
      {
        kind: 'answers',
        title: name.trim() === '' ? `Sign in to ${hop.label}` : name,
        text: `${attempt === 0 ? '' : 'The host did not accept this. '}${text.trim() === '' ? `${hop.label} asks ${hop.user}:` : text}`,
        fingerprint: null,
        fields: prompts.map(({ prompt, echo }) => ({ label: prompt.trim(), echo: echo === true })),
      },
      ports.signal,
    );
    declined = answers === null;
    if (answers !== null) ports.memory.answers.set(key, answers);
    return answers ?? [];
  };
  return {
    declined: () => declined,
    asked: () => asked,
    prompt: (name: string, text: string, _language: string, prompts: Prompt[], finish: Finish) => {
      answer(name, text, prompts).then(
        (answers) => finish([...answers]),
        () => {
          declined = true;
          finish([]);
        },
      );
    },
  };
}
