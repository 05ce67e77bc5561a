// Questions to the person at the terminal; without a terminal every question is declined.
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Ask } from '../desktop/port.ts';
import { visible } from '../host/faults.ts';
import { visibleLines } from './output.ts';

/** Asks on the terminal: prompts go to standard error, so that standard output stays the command's. */
export function terminalAsk(input = process.stdin, output = process.stderr): Ask {
  let turn: Promise<unknown> = Promise.resolve();
  const askNow: Ask['ask'] = async (question, signal) => {
    if (!input.isTTY || !output.isTTY) return null;
    output.write(`\n${visible(question.title)}\n${visibleLines(question.text)}\n`);
    if (question.fingerprint !== null) output.write(`${visibleLines(question.fingerprint)}\n`);
    if (question.url !== undefined) {
      output.write(`${visible(question.url)}\n`);
      // Withdrawn once the browser has brought the sign-in; Ctrl+C ends the wait.
      if (signal && !signal.aborted) await once(signal, 'abort');
      return null;
    }
    if (question.fields.length === 0) {
      const answer = await readLine(input, output, 'Go on? (yes/no) ', true, signal);
      return answer.trim().toLowerCase() === 'yes' ? [] : null;
    }
    const answers: string[] = [];
    for (const { label, echo } of question.fields) {
      answers.push(await readLine(input, output, `${label}: `, echo, signal));
    }
    return answers;
  };
  return {
    // One question at a time, however many parts of the program have one.
    ask(question, signal) {
      const answer = turn.then(() => askNow(question, signal));
      turn = answer.catch(() => {});
      return answer;
    },
  };
}

async function readLine(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  prompt: string,
  echo: boolean,
  signal: AbortSignal | undefined,
): Promise<string> {
  // The other side of an SSH connection chooses these words.
  output.write(visible(prompt));
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: echo ? output : silent, terminal: true });
  try {
    return await (signal ? reader.question('', { signal }) : reader.question(''));
  } finally {
    reader.close();
    if (!echo) output.write('\n');
  }
}
