// npm run check: types, format and lint, layers, unused code. All are run even when one fails; in parallel.
import { spawn } from 'node:child_process';
import { ensureDependencies, ownEnv, ownNode, root, tool } from './bootstrap.mjs';

ensureDependencies();
const checks = [
  ['types', [tool('typescript', 'bin/tsc'), '--noEmit']],
  ['format and lint', [tool('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']],
  [
    'layers',
    [
      tool('dependency-cruiser', 'bin/dependency-cruiser.mjs'),
      '--config',
      'build/layers.cjs',
      'electron',
      'renderer',
      'shared',
    ],
  ],
  ['unused code', [tool('knip', 'bin/knip.js'), '--config', 'build/knip.json']],
];
const results = await Promise.all(checks.map(([name, words]) => one(name, words)));
for (const { name, code, output, seconds } of results) {
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(output);
}
process.exit(results.every(({ code }) => code === 0) ? 0 : 1);

function one(name, words) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(ownNode(), words, { cwd: root, env: ownEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (bytes) => {
      output += bytes;
    });
    child.stderr.on('data', (bytes) => {
      output += bytes;
    });
    child.once('close', (code) =>
      resolve({ name, code, output, seconds: ((Date.now() - started) / 1000).toFixed(1) }),
    );
  });
}
