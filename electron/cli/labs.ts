// `lab …`: passes its words on to the laboratory, a program of its own that is not part of Casement.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { CasementError } from '../../shared/errors.ts';
import { labProgram, nodeFor } from '../backend/practice-info.ts';
import { EXIT, ExitError, usageError } from './output.ts';

/** Adds `lab`. */
export function addLabCommand(program: Command): void {
  program
    .command('lab')
    .argument('<command>', 'up, down, status, env or plan')
    .argument('[words...]', 'options of the laboratory, such as --json or --purge')
    .allowUnknownOption()
    .summary('bring up the practice laboratory on this computer (Debian 12, root), or take it down')
    .addHelpText(
      'after',
      '\nThe plan names its password env:CASEMENT_PRACTICE_PASSWORD: set that variable before "casement run".\n\n' +
        'Examples:\n  casement lab up\n  casement lab plan > practice.casement.yaml\n' +
        "  CASEMENT_PRACTICE_PASSWORD='Pract1ce-password' casement run practice.casement.yaml\n  casement lab down",
    )
    .action(async (command: string, words: readonly string[]) => {
      const lab = await labProgram();
      if (lab === null) throw notHere();
      await pass(nodeFor(lab), [lab, command, ...words], words.includes('--json'));
    });
}

/** Lets the laboratory speak for itself; where it fails without a word of JSON, its words become the error. */
async function pass(node: string, words: readonly string[], json: boolean): Promise<void> {
  const child = spawn(node, words, { stdio: json ? ['inherit', 'pipe', 'pipe'] : 'inherit' });
  let answered = false;
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    answered = true;
    process.stdout.write(chunk);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEEP);
    process.stderr.write(text);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  if (json && !answered && code === EXIT.failed) throw failed(said);
  if (json && !answered && code === EXIT.usage) throw usageError(said.trim(), 'Add --help to see what fits.');
  throw new ExitError(code ?? EXIT.cancelled);
}

/** Last part of standard error that is kept for the details of a failure, in characters. */
const KEEP = 8000;

const failed = (said: string): CasementError =>
  new CasementError({
    code: 'lab.failed',
    title: 'The laboratory did not do what it was asked',
    whatHappened: said.trim().split('\n').at(-1) || 'It ended without a word.',
    whatToDo: 'Mend what is said here; "casement lab up" brings the laboratory up.',
    detail: said,
  });

const notHere = (): CasementError =>
  new CasementError({
    code: 'lab.not-here',
    title: 'There is no laboratory here',
    whatHappened: 'The laboratory is part of the source checkout; this installation does not carry it.',
    whatToDo: 'Clone the source of Casement and call this command there.',
  });
