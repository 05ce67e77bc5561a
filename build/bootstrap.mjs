// What every npm script does first, under whatever Node is on PATH: bring the dependencies that the lockfile names,
// and with them the project's own Node. Plain JavaScript without dependencies, because nothing is installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.casement-lock');

/** Path of the project's own Node (24), or the running one where the package has no binary. */
export function ownNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(root, 'node_modules', 'node', 'bin', name);
  return existsSync(path) ? path : process.execPath;
}

/** Environment for children: the project's tools first on PATH. */
export function ownEnv() {
  const separator = process.platform === 'win32' ? ';' : ':';
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [
    join(root, 'node_modules', 'node', 'bin'),
    join(root, 'node_modules', '.bin'),
    process.env[key] ?? '',
  ];
  return { ...process.env, [key]: path.join(separator) };
}

/** Installs the locked dependencies when they are missing or the lockfile has changed. Says so on stderr. */
export function ensureDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing what Casement needs (npm ci, about a minute) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error(
      'npm ci failed (see above). Check that this computer reaches the npm registry, then try again.',
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

/** Runs a program to its end, output shown; resolves with its exit code. Ctrl-C reaches the child, whose code counts. */
export function run(command, words, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd: root, env: ownEnv(), stdio: 'inherit', ...options });
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Path of a tool of node_modules, to be run with `ownNode()`. */
export function tool(pkg, file) {
  return join(root, 'node_modules', pkg, file);
}

/** Builds the page when any of its sources is newer than the last build; returns whether it may be shown. */
export async function ensurePage() {
  const built = join(root, 'out', 'renderer', 'index.html');
  const sources = ['renderer', 'shared', 'build/vite.config.ts', 'package-lock.json'].map((name) =>
    join(root, name),
  );
  if (existsSync(built) && Math.max(...sources.map(newest)) < statSync(built).mtimeMs) return true;
  console.error('Building the page …');
  const words = [
    tool('vite', 'bin/vite.js'),
    'build',
    '--config',
    'build/vite.config.ts',
    '--logLevel',
    'warn',
  ];
  return (await run(ownNode(), words, { stdio: ['ignore', 2, 2] })) === 0;
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}
