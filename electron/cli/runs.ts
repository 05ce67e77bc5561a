// Commands about runs: run, resume, cancel, runs, screen, keys.
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Plan, planSchema } from '../../shared/plan.ts';
import type { RunView } from '../../shared/views.ts';
import { defaultHome } from '../backend/home.ts';
import { withPracticePassword } from '../backend/practice.ts';
import { withBackend } from './backend.ts';
import { follow } from './follow.ts';
import { stageFrom, untilOption, withJson } from './options.ts';
import { print, printJson, table, usageError } from './output.ts';
import { checkVariables, lastStage, loadPlanFile } from './plan-file.ts';

interface FollowFlags {
  readonly until?: string;
  readonly json?: boolean;
}

/** Adds the commands about runs. */
export function addRunCommands(program: Command): void {
  withJson(program.command('run'))
    .argument('<plan>', 'plan file (.casement.yaml)')
    .addOption(untilOption())
    .summary('build the image that a plan describes, and launch it')
    .description(
      'Walks all stages of a plan. A stage that a person must act in waits (state "waiting") until the guest shuts down.\n' +
        'Ctrl-C stops following: what runs on the host goes on, "resume" continues, "cancel" gives up and cleans.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  casement run server2022.casement.yaml\n  casement run plan.yaml --until cloudbase-init --json',
    )
    .action(async (file: string, flags: FollowFlags) => {
      const plan = await loadPlanFile(file);
      const until = stageFrom(flags.until, lastStage(plan));
      checkVariables(plan, until, await environment());
      await withBackend((backend) =>
        follow(backend, {
          json: flags.json === true,
          begin: () => backend.call('run.start', { plan, until }),
        }),
      );
    });

  withJson(program.command('resume'))
    .argument('<run>', 'id of the run, as "runs" lists it')
    .addOption(untilOption())
    .option('--plan <file>', 'changed plan; parts that were already used stay as they were')
    .option('--accept-disk <why>', 'use a disk that failed its proof; the words go into the passport')
    .summary('continue a run that was interrupted, failed or stopped early')
    .addHelpText('after', '\nExample:\n  casement resume 20260102-030405-0a1b --until connect')
    .action(async (run: string, flags: FollowFlags & { plan?: string; acceptDisk?: string }) => {
      const read = flags.plan === undefined ? undefined : await loadPlanFile(flags.plan);
      await withBackend(async (backend) => {
        const known = await backend.call('run.get', { run });
        const changed =
          flags.acceptDisk === undefined ? read : withAccepted(read ?? known.plan, flags.acceptDisk);
        const until = stageFrom(flags.until, lastStage(changed ?? known.plan));
        checkVariables(changed ?? known.plan, until, await environment());
        const begin = () =>
          backend.call('run.continue', { run, until, ...(changed ? { plan: changed } : {}) });
        await follow(backend, { json: flags.json === true, begin });
      });
    });

  withJson(program.command('cancel'))
    .argument('<run>', 'id of the run')
    .option('--remove', 'also remove the work folder on the host, with the disk, and the journal')
    .summary('stop a run and clean up: VM, jobs, unfinished image, unfinished server')
    .addHelpText('after', '\nExample:\n  casement cancel 20260102-030405-0a1b')
    .action(async (run: string, flags: { json?: boolean; remove?: boolean }) => {
      const { cleaned } = await withBackend((backend) =>
        backend.call(flags.remove ? 'run.remove' : 'run.cancel', { run }),
      );
      if (flags.json) printJson({ cleaned });
      else print(cleaned.length > 0 ? cleaned.join('\n') : 'There was nothing to clean.');
    });

  withJson(program.command('runs'))
    .summary('list all runs, newest first')
    .addHelpText('after', '\nExample:\n  casement runs --json')
    .action(async (flags: { json?: boolean }) => {
      const runs = await withBackend((backend) => backend.call('run.list', {}));
      if (flags.json) printJson(runs);
      else if (runs.length === 0) print('There are no runs yet.');
      else print(table([['RUN', 'STATE', 'STAGE', 'CREATED', 'NAME'], ...runs.map(runRow)]));
    });

  withJson(program.command('screen'))
    .argument('<run>', 'id of the run')
    .requiredOption('--png <file>', 'file to write; - for standard output')
    .summary('take a screenshot of the build VM')
    .addHelpText('after', '\nExample:\n  casement screen 20260102-030405-0a1b --png screen.png')
    .action(async (run: string, flags: { png: string; json?: boolean }) => {
      const { png } = await withBackend((backend) => backend.call('machine.screenshot', { run }));
      const bytes = Buffer.from(png, 'base64');
      if (flags.png === '-') process.stdout.write(bytes);
      else await writeFile(flags.png, bytes);
      if (flags.json && flags.png !== '-') printJson({ png: flags.png, bytes: bytes.length });
    });

  withJson(program.command('keys'))
    .argument('<run>', 'id of the run')
    .argument('[text]', 'text to type')
    .option('--layout <id>', "the guest's keyboard layout", 'us')
    .option('--enter', 'press Enter after the text')
    .option('--press <keys>', 'keys pressed together instead of a text, by their QEMU names: ctrl+alt+delete')
    .summary('type a text, or press keys, in the build VM')
    .addHelpText(
      'after',
      '\nExamples:\n  casement keys RUN "shutdown /s /t 0" --enter\n  casement keys RUN --press ctrl+alt+delete',
    )
    .action(async (run: string, text: string | undefined, flags: KeyFlags) => {
      if ((text === undefined) === (flags.press === undefined))
        throw usageError('Either a text or --press is needed.', 'See "casement keys --help".');
      await withBackend(async (backend) => {
        if (flags.press !== undefined)
          await backend.call('machine.keys', { run, keys: flags.press.split('+') });
        else
          await backend.call('machine.type', {
            run,
            text: `${text ?? ''}${flags.enter ? '\n' : ''}`,
            layout: flags.layout,
          });
      });
      if (flags.json) printJson({ ok: true });
    });
}

/** The plan with the words for which a disk is used that failed its proof. */
function withAccepted(plan: Plan, acceptDisk: string): Plan {
  const parsed = planSchema.safeParse({ ...plan, acceptDisk });
  if (parsed.success) return parsed.data;
  throw usageError(
    `--accept-disk: ${parsed.error.issues[0]?.message ?? 'not usable'}.`,
    'Say in at least ten characters why the disk shall be used.',
  );
}

// What the backend looks secrets up in.
const environment = (): Promise<NodeJS.ProcessEnv> => withPracticePassword(defaultHome(), process.env);

interface KeyFlags {
  readonly layout: string;
  readonly enter?: boolean;
  readonly press?: string;
  readonly json?: boolean;
}

function runRow(run: RunView): string[] {
  const stage = run.stages.findLast(({ state }) => state !== 'pending');
  const interrupted = run.state === 'running' || run.state === 'waiting';
  return [run.id, interrupted ? 'can continue' : run.state, stage?.id ?? '', run.createdAt, run.plan.name];
}
