// `npm run practice`: the whole way against the laboratory, unattended. The build goes through the product's own backend
// and an SSH account without rights, hands-free: nobody touches the screen.
// usage: node test/lab/practice.ts [--keep]   (--keep leaves laboratory and build as they are)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { practicePassword } from '../../electron/backend/practice.ts';
import { createSecrets } from '../../electron/backend/secrets.ts';
import { type Backend, createBackend } from '../../electron/backend.ts';
import { clock, runScreen } from '../../electron/cli/progress.ts';
import { openCloud } from '../../electron/cloud/index.ts';
import { noDesktop } from '../../electron/desktop/none.ts';
import { type Plan, planSchema } from '../../shared/plan.ts';
import type { RunView } from '../../shared/views.ts';

const LAB = join(import.meta.dirname, 'lab.ts');
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Ends the practice early: the same cleaning follows as at its normal end. */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

/** Runs the laboratory's command; its own progress goes to standard error. Throws when it fails. */
async function lab(words: readonly string[], signal?: AbortSignal): Promise<string> {
  // In a group of its own: Ctrl-C reaches this program, which then decides what ends and what cleans up.
  const child = spawn(process.execPath, [LAB, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  signal?.addEventListener('abort', () => child.kill(), { once: true });
  const printed: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => printed.push(line));
  const [code] = (await once(child, 'close')) as [number | null];
  signal?.throwIfAborted();
  if (code !== 0)
    throw new Error(`The laboratory did not do "${words.join(' ')}" (status ${code ?? 'none'}).`);
  return printed.join('\n');
}

/** Takes away what a build made: its server and image, then its work folder and journal. */
async function remove(backend: Backend, { plan, serverId, imageId, id }: RunView): Promise<void> {
  await backend.call('run.cancel', { run: id });
  if (plan.cloud && (serverId !== null || imageId !== null)) {
    const secrets = createSecrets(noDesktop, { ask: async () => null });
    const cloud = await openCloud(plan.cloud, { secrets });
    try {
      if (serverId !== null) await cloud.deleteServer(serverId);
      if (imageId !== null) await cloud.deleteImage(imageId);
    } finally {
      await cloud.close();
    }
  }
  await backend.call('run.remove', { run: id });
}

/** One whole build; gives its last view. Without `keep` nothing of it is left. */
async function build(plan: Plan, home: string, keep: boolean): Promise<RunView> {
  const backend = await createBackend({ front: 'cli', home, desktop: noDesktop });
  const screen = runScreen(process.stderr);
  let last: RunView | undefined;
  try {
    const ended = new Promise<RunView>((resolve, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
      backend.on((name, payload) => {
        if (name !== 'run.changed') return;
        const view = payload as RunView;
        last = view;
        screen.show(view);
        if (!view.active) resolve(view);
      });
    });
    // It may be stopped while the run is only beginning.
    ended.catch(() => {});
    await backend.call('run.start', { plan, until: 'connect' });
    return await ended;
  } finally {
    try {
      if (!keep && last) await remove(backend, last);
    } finally {
      await backend.close();
    }
  }
}

async function main(words: readonly string[]): Promise<number> {
  const began = Date.now();
  const keep = words.includes('--keep');
  const home = await mkdtemp(join(tmpdir(), 'casement-practice-'));
  try {
    say('Bringing up the laboratory: a real OpenStack, an SSH host, a stand-in for Windows.');
    await lab(['up'], stop.signal);
    const plan = planSchema.parse(parse(await lab(['plan'], stop.signal)));
    process.env.CASEMENT_PRACTICE_PASSWORD ??= practicePassword();
    const labReady = Date.now();
    const view = await build(plan, home, keep);
    const failed = view.stages.find(({ state }) => state !== 'done' && state !== 'skipped');
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
  process.exitCode = stop.signal.aborted ? 130 : 1;
}
