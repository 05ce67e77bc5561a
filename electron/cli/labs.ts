// `lab …`: passes its words on to the laboratory, a program of its own that is not part of Casement.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { CasementError } from '../../shared/errors.ts';
import { labProgram, nodeFor } from '../backend/practice-info.ts';
import { EXIT, ExitError } from './output.ts';

/** Adds `lab`. */
export function addLabCommand(program: Command): void {
  program
    .command('lab')
    .argument('<command>', 'up, down, status, env or plan')
    .argument('[words...]', 'options of the laboratory, such as --json or --purge')
    .allowUnknownOption()
    .helpOption(false)
    .summary('bring up the practice laboratory on this computer (Debian 12, root), or take it down')
    .addHelpText(
      'after',
      '\nExamples:\n  casement lab up\n  casement lab plan > practice.casement.yaml\n  casement lab down',
    )
    .action(async (command: string, words: readonly string[]) => {
      const lab = await labProgram();
      if (lab === null) throw notHere();
      const child = spawn(nodeFor(lab), [lab, command, ...words], { stdio: 'inherit' });
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) throw new ExitError(code ?? EXIT.cancelled);
    });
}

const notHere = (): CasementError =>
  new CasementError({
    code: 'lab.not-here',
    title: 'There is no laboratory here',
    whatHappened: 'The laboratory is part of the source checkout; this installation does not carry it.',
    whatToDo: 'Clone the source of Casement and call this command there.',
  });
