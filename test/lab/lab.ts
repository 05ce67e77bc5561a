// The laboratory's command line: real parts on one Debian 12 machine, see README.md.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isComplete, type LabEnv, labEnv, shellExports } from './env.ts';
import { readSecrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import { labDirFrom, pathsIn, portBaseFrom, settingsFor } from './settings.ts';
import type { Report } from './stages.ts';
import { readJson } from './system/files.ts';
import { isAlive, remember, remembered, rememberedNames, residentMiB } from './system/processes.ts';
import type { Part } from './up.ts';
import { down, PARTS, up } from './up.ts';

const USAGE = `usage: node test/lab/lab.ts up [--only ${PARTS.join(',')}] [--json] | down [--purge] | status [--json] | env [--json] | plan`;

/** A mistake in how the command was called: exit code 2. */
class UsageError extends Error {}

function findSettings(): Settings {
  const dir = labDirFrom(process.env);
  const kept = readJson<{ portBase: number }>(pathsIn(dir).lab)?.portBase;
  const asked = portBaseFrom(process.env);
  if (kept !== undefined && asked !== undefined && kept !== asked) {
    throw new UsageError(
      `the laboratory in ${dir} has ports from ${kept} on; take it down with --purge before giving it others`,
    );
  }
  return settingsFor(dir, asked ?? kept);
}

const reporter =
  (json: boolean): Report =>
  (stage, state, message) => {
    const at = new Date().toISOString();
    if (json) console.log(JSON.stringify({ at, stage, state, message }));
    if (state !== 'started')
      console.error(
        `${at.slice(11, 19)} ${stage.padEnd(18)} ${state}${message === '' ? '' : `: ${message}`}`,
      );
  };

async function alone<T>(settings: Settings, work: () => Promise<T>): Promise<T> {
  if (isAlive(remembered(settings.dir, 'command')))
    throw new Error('another up or down of this laboratory is at work');
  mkdirSync(settings.dir, { recursive: true });
  remember(settings.dir, 'command', process.pid);
  return work();
}

function status(settings: Settings, json: boolean): number {
  const paths = pathsIn(settings.dir);
  const processes = rememberedNames(paths.run).map((name) => {
    const identity = remembered(paths.run, name);
    return isAlive(identity)
      ? { name, up: true, pid: identity.pid, residentMiB: residentMiB(identity.pid) }
      : { name, up: false };
  });
  const servers = (existsSync(paths.servers) ? readdirSync(paths.servers) : [])
    .map((name) =>
      readJson<{ name: string; address: string; state: string }>(join(paths.servers, name, 'state.json')),
    )
    .filter((server) => server !== undefined);
  const isUp = processes.length > 0 && processes.every((known) => known.up);
  if (json) {
    console.log(
      JSON.stringify({ dir: settings.dir, portBase: settings.portBase, up: isUp, processes, servers }),
    );
  } else {
    for (const known of processes)
      console.log(
        `${known.name.padEnd(24)} ${known.up ? `up    pid ${known.pid}  ${known.residentMiB} MiB` : 'DOWN'}`,
      );
    for (const server of servers) console.log(`server ${server.name} at ${server.address}: ${server.state}`);
    if (processes.length === 0) console.log('nothing running');
  }
  return isUp ? 0 : 1;
}

function partsFrom(words: readonly string[]): Part[] {
  const at = words.indexOf('--only');
  if (at < 0) return [...PARTS];
  const named = (words[at + 1] ?? '').split(',');
  const unknown = named.filter((name) => !(PARTS as readonly string[]).includes(name));
  if (unknown.length > 0)
    throw new UsageError(`no such part: ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  return named as Part[];
}

/** Only this needs the project's packages: imported late, so that everything else runs without them. */
async function printPlan(env: LabEnv): Promise<void> {
  const [{ stringify }, { labPlan }] = await Promise.all([import('yaml'), import('./plan.ts')]);
  process.stdout.write(stringify(labPlan(env)));
}

async function main([command, ...words]: string[]): Promise<number> {
  const json = words.includes('--json');
  const settings = findSettings();
  if ((command === 'up' || command === 'down') && process.getuid?.() !== 0) {
    throw new UsageError('the laboratory makes accounts and network namespaces: run it as root');
  }
  switch (command) {
    case 'up': {
      const parts = partsFrom(words);
      const failed = await alone(settings, () => up(settings, parts, reporter(json)));
      return failed.length === 0 ? 0 : 1;
    }
    case 'down':
      if (existsSync(settings.dir))
        await alone(settings, () => down(settings, words.includes('--purge'), reporter(json)));
      return 0;
    case 'status':
      return status(settings, json);
    case 'env':
    case 'plan': {
      const secrets = readSecrets(pathsIn(settings.dir).secrets);
      if (secrets === undefined || !isComplete(settings))
        throw new Error(`no laboratory in ${settings.dir}: bring it up first`);
      if (command === 'plan') await printPlan(labEnv(settings, secrets));
      else if (json) console.log(JSON.stringify(labEnv(settings, secrets), null, 2));
      else process.stdout.write(shellExports(settings, secrets));
      return 0;
    }
    default:
      throw new UsageError(USAGE);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
