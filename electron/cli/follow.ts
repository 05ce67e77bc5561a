// Follows a run to its end on the command line and turns the end into an exit code.
import type { JournalLine, RunView } from '../../shared/views.ts';
import type { CliBackend } from './backend.ts';
import { EXIT, ExitError, print, printError, printJson } from './output.ts';
import { runScreen } from './progress.ts';

interface FollowOptions {
  readonly json: boolean;
  /** Begins or continues the run, once somebody listens. */
  readonly begin: () => Promise<RunView>;
}

/** Shows a run until it ends, fails or is interrupted. Throws ExitError with the exit code of section "Exit codes". */
export async function follow(backend: CliBackend, options: FollowOptions): Promise<void> {
  const { json } = options;
  const screen = runScreen(process.stderr);
  let id: string | undefined;
  let last: RunView | undefined;
  const early: JournalLine[] = [];
  const line = (entry: JournalLine): void => {
    if (json && entry.run === id) printJson(publicLine(entry));
    else if (id === undefined) early.push(entry);
  };
  const ended = new Promise<RunView>((resolve) => {
    backend.on((name, payload) => {
      if (name === 'run.journal') line(payload as JournalLine);
      if (name !== 'run.changed') return;
      const view = payload as RunView;
      if (id !== undefined && view.id !== id) return;
      last = view;
      if (!json) screen.show(view);
      if (!view.active) resolve(view);
    });
  });
  const interrupted = new Promise<'interrupted'>((resolve) => {
    // npm and the terminal may both pass the signal on: every one after the first is an echo.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve('interrupted'));
  });
  id = (await options.begin()).id;
  for (const entry of early) line(entry);
  if (!json) process.stderr.write(`Run ${id}\n`);

  const end = await Promise.race([ended, interrupted]);
  if (end === 'interrupted') {
    if (!json)
      process.stderr.write(
        `\nStopped following. What runs on the host goes on.\n  Continue: casement resume ${id}\n  Give up:  casement cancel ${id}\n`,
      );
    throw new ExitError(EXIT.cancelled);
  }
  conclude(last ?? end, json);
}

/** The end of a run in words and as an exit code. */
function conclude(view: RunView, json: boolean): void {
  if (view.state === 'cancelled') throw new ExitError(EXIT.cancelled);
  if (view.state === 'failed') {
    const failed = view.stages.find(({ error }) => error !== null);
    if (!json && failed?.error) {
      printError(failed.error, false);
      process.stderr.write(`Continue with: casement resume ${view.id}\n`);
    }
    throw new ExitError(EXIT.failed);
  }
  if (json) return;
  for (const stage of view.stages)
    for (const [label, value] of Object.entries(stage.state === 'done' ? stage.outcome : {}))
      print(`${label}: ${value}`);
  if (view.address)
    print(`Address: ${view.address}${stateOf(view, 'connect') === 'done' ? ' (logged in)' : ''}`);
}

const stateOf = (view: RunView, id: string): string | undefined =>
  view.stages.find((stage) => stage.id === id)?.state;

/** What `--json` shows of a journal line: the documented keys, nothing of the engine's own. */
function publicLine(line: JournalLine): Omit<JournalLine, 'facts'> {
  const { facts: _, ...shown } = line;
  return shown;
}
