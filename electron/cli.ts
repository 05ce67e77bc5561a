// The third front: `casement …`, headless. Reads words, calls the same backend as the wizard, prints for a person or,
// with --json, JSON only. Exit codes: 0 done, 1 failed, 2 bad usage or plan, 130 cancelled.
// May touch: cli/, backend, and what is below them.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { toErrorData } from '../shared/errors.ts';
import { addAnswerCommand } from './cli/answer.ts';
import { addCloudCommands } from './cli/clouds.ts';
import { addConnectCommands } from './cli/connect.ts';
import { addConsoleCommand } from './cli/console.ts';
import { addDeleteCommand } from './cli/delete.ts';
import { addHostCommands } from './cli/hosts.ts';
import { addImageListCommand } from './cli/image-list.ts';
import { addImageCommands } from './cli/images.ts';
import { addLabCommand } from './cli/labs.ts';
import { addLaunchCommand } from './cli/launch.ts';
import { addMediaCommand } from './cli/media.ts';
import { EXIT, ExitError, exitCodeOf, printError, usageError } from './cli/output.ts';
import { addPlanCommands } from './cli/plans.ts';
import { addPublishCommand } from './cli/publish.ts';
import { addRunCommands } from './cli/runs.ts';
import { addServersCommand } from './cli/servers.ts';
import { addVerifyCommand } from './cli/verify.ts';

/** Runs one command line (without the program's own words) and gives its exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const said: string[] = [];
  const program = commandLine((text) => (json ? said.push(text) : process.stderr.write(text)));
  try {
    await program.parseAsync([...words], { from: 'user' });
    return EXIT.done;
  } catch (thrown) {
    if (thrown instanceof ExitError) return thrown.exitCode;
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return EXIT.done;
      if (json)
        printError(usageError(said.join('').trim() || thrown.message, 'Add --help to see what fits.'), true);
      return EXIT.usage;
    }
    printError(toErrorData(thrown), json);
    return exitCodeOf(thrown);
  }
}

function commandLine(complain: (text: string) => void): Command {
  const program = new Command('casement')
    .description('From a Windows ISO to an open desktop on OpenStack.')
    .version(packageJson.version)
    .showHelpAfterError('Add --help to see what fits.')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 bad usage or plan, 130 cancelled.\n' +
        'State lies in CASEMENT_HOME (default ~/.casement).\n\n' +
        'Examples:\n  casement host check --host ssh://admin@kvm1\n  casement plan check plan.yaml\n  casement run plan.yaml',
    );
  addRunCommands(program);
  addPlanCommands(program);
  addAnswerCommand(program);
  addHostCommands(program);
  addCloudCommands(program);
  addImageCommands(program);
  addMediaCommand(program);
  addServersCommand(program);
  addConnectCommands(program);
  addLaunchCommand(program);
  addConsoleCommand(program);
  addDeleteCommand(program);
  addPublishCommand(program);
  addImageListCommand(program);
  addVerifyCommand(program);
  addLabCommand(program);
  const strict = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: complain });
    command.commands.forEach(strict);
  };
  strict(program);
  return program;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.stdout.on('error', outputClosed);
  process.stderr.on('error', () => undefined);
  const code = await main(process.argv.slice(2));
  // Whatever a closed connection still holds open must not keep a finished command alive.
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit(code);
}

/** Nobody reads any more (`casement servers | head -1`): the same as Ctrl-C, so what runs on a host goes on there. */
function outputClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  if (!process.emit('SIGINT')) process.exit(EXIT.cancelled);
}
