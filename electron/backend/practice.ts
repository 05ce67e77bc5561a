// Practice on this computer: brings the laboratory up as a program of its own and says what it tells.
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CasementError } from '../../shared/errors.ts';
import { type HostSpec, type Plan, planSchema } from '../../shared/plan.ts';
import { writeWhole } from '../run/files.ts';
import type { EventBus } from './events.ts';
import type { Service } from './handlers.ts';
import { lines, runProgram } from './lines.ts';
import { labProgram, nodeFor, practiceInfo } from './practice-info.ts';

/** Name under which the laboratory's plan asks for the password of its servers. */
const PRACTICE_PASSWORD = 'CASEMENT_PRACTICE_PASSWORD';

interface PracticeOptions {
  readonly home: string;
  readonly events: EventBus;
  /** The environment that secrets are looked up in. */
  readonly env: NodeJS.ProcessEnv;
}

export interface Practice {
  readonly service: Service<'practice.start' | 'practice.cancel' | 'practice.stop'>;
  close(): void;
}

const passwordFile = (home: string): string => join(home, 'practice-password');

/** The environment, with the password of an earlier practice where none is set. */
export async function withPracticePassword(home: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const known = (await readFile(passwordFile(home), 'utf8').catch(() => '')).trim();
  return known === '' ? { ...env } : { [PRACTICE_PASSWORD]: known, ...env };
}

/** The practice service; a password of an earlier practice is there again, so that its runs can be continued. */
export async function createPractice(options: PracticeOptions): Promise<Practice> {
  const { home, events, env } = options;
  const stop = new AbortController();
  let starting: Promise<{ host: HostSpec; plan: Plan }> | undefined;
  let cancel = new AbortController();

  Object.assign(env, await withPracticePassword(home, env));

  const start = async (): Promise<{ host: HostSpec; plan: Plan }> => {
    const program = await available();
    const signal = AbortSignal.any([stop.signal, cancel.signal]);
    let obstacle: string | null = null;
    try {
      await runProgram(nodeFor(program), [program, 'up', '--json'], signal, (line) => {
        const { stage, state, message } = record(line);
        if (state === 'failed') obstacle ??= `${text(stage)}: ${text(message)}`;
        events.emit('practice.progress', { stage: text(stage), state: text(state), message: text(message) });
      });
    } catch (thrown) {
      signal.throwIfAborted();
      throw obstacle === null ? thrown : notUp(obstacle);
    }
    const plan = planSchema.parse(parse(await lines(nodeFor(program), [program, 'plan'], signal)));
    if (env[PRACTICE_PASSWORD] === undefined) {
      const made = practicePassword();
      // In a file, unlike any other password: it opens servers of the laboratory only, and their runs outlive us.
      await writeWhole(passwordFile(home), `${made}\n`);
      env[PRACTICE_PASSWORD] = made;
    }
    return { host: plan.host, plan };
  };

  return {
    close: () => stop.abort(),
    service: {
      async 'practice.start'() {
        if (starting === undefined) cancel = new AbortController();
        starting ??= start().finally(() => {
          starting = undefined;
        });
        return await starting;
      },
      'practice.cancel': () => cancel.abort(),
      async 'practice.stop'() {
        const program = await available();
        await runProgram(nodeFor(program), [program, 'down', '--json'], stop.signal, () => {});
      },
    },
  };
}

async function available(): Promise<string> {
  const { needs } = await practiceInfo();
  const program = await labProgram();
  if (needs === null && program !== null) return program;
  throw new CasementError({
    code: 'practice.unavailable',
    title: 'Practice is not possible on this computer',
    whatHappened: needs ?? 'The laboratory is not part of this installation.',
    whatToDo: 'Use a Debian 12 machine with root rights, or connect to a real KVM host.',
  });
}

/** The laboratory's own words; the first line for the person, all of it for the details. */
function notUp(obstacle: string): CasementError {
  const [sentence = obstacle] = obstacle.split('\n');
  return new CasementError({
    code: 'practice.not-up',
    title: 'The practice laboratory did not come up',
    whatHappened: sentence,
    whatToDo:
      'Mend what is said above, or restart this computer if it says nothing you know; then try again.',
    detail: obstacle,
  });
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz';

/** A password Windows accepts, without characters that look alike. */
export function practicePassword(): string {
  const pick = (from: string): string => from[randomInt(from.length)] ?? '';
  const word = (): string => Array.from({ length: 5 }, () => pick(LETTERS)).join('');
  return `${pick(LETTERS.toUpperCase())}${word()}-${word()}-${randomInt(10, 100)}`;
}

const record = (line: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
