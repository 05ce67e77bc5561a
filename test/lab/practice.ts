// `npm run practice`: the whole way against the laboratory, unattended. The build goes through the product's own backend
// and an SSH account without rights; a robot plays the admin at the screen.
// usage: node test/lab/practice.ts [--keep]   (--keep leaves laboratory and build as they are)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { practicePassword } from '../../electron/backend/practice.ts';
import { createBackend } from '../../electron/backend.ts';
import { clock, runScreen } from '../../electron/cli/progress.ts';
import { type Plan, planSchema } from '../../shared/plan.ts';
import type { RunView } from '../../shared/views.ts';
import { playAdmin } from './robot.ts';

const LAB = join(import.meta.dirname, 'lab.ts');
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Runs the laboratory's command; its own progress goes to standard error. Throws when it fails. */
async function lab(words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [LAB, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => printed.push(line));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`The laboratory did not do "${words.join(' ')}" (status ${code ?? 'none'}).`);
  return printed.join('\n');
}

/** One whole build; gives its last view. */
async function build(plan: Plan, home: string): Promise<RunView> {
  const backend = await createBackend({ front: 'cli', home, desktop: { openExternal: async () => {} } });
  const robotStop = new AbortController();
  const screen = runScreen(process.stderr);
  let robot: Promise<void> | undefined;
  try {
    const ended = new Promise<RunView>((resolve, reject) => {
      backend.on((name, payload) => {
        if (name !== 'run.changed') return;
        const view = payload as RunView;
        screen.show(view);
        if (!view.active) resolve(view);
        const dir = view.stages.find(({ id }) => id === 'host')?.outcome['Work folder'];
        if (dir === undefined || !view.machine) return;
        robot ??= playAdmin({
          plan,
          serial: join(dir, 'serial.log'),
          type: async (text) =>
            void (await backend.call('machine.type', { run: view.id, text, layout: 'us' })),
          signal: robotStop.signal,
        }).catch(reject);
      });
    });
    await backend.call('run.start', { plan, until: 'connect' });
    return await ended;
  } finally {
    robotStop.abort();
    await robot;
    await backend.close();
  }
}

async function main(words: readonly string[]): Promise<number> {
  const began = Date.now();
  const keep = words.includes('--keep');
  const home = await mkdtemp(join(tmpdir(), 'casement-practice-'));
  try {
    say('Bringing up the laboratory: a real OpenStack, an SSH host, a stand-in for Windows.');
    await lab(['up']);
    const plan = planSchema.parse(parse(await lab(['plan'])));
    process.env.CASEMENT_PRACTICE_PASSWORD ??= practicePassword();
    const labReady = Date.now();
    const view = await build(plan, home);
    const failed = view.stages.find(({ state }) => state !== 'done');
    if (failed) {
      say(
        `${failed.id}: ${failed.error ? `${failed.error.title}. ${failed.error.whatHappened}\n${failed.error.whatToDo}\n${failed.error.detail}` : failed.state}`,
      );
      return 1;
    }
    const seconds = (from: number, to: number): string => clock((to - from) / 1000);
    process.stdout.write(
      `${view.address}: logged in (laboratory ${seconds(began, labReady)}, build ${seconds(labReady, Date.now())})\n`,
    );
    return 0;
  } finally {
    if (!keep) {
      await lab(['down']);
      await rm(home, { recursive: true, force: true });
    }
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  say(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
