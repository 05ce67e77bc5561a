// npm test: installs what is missing, checks the house, brings up the laboratory, runs unit, integration and journey
// tests, takes everything down by pid and prints one closing line with the counts.
//   --unit          only what needs no laboratory
//   --keep          leave the laboratory up afterwards
//   --journey       only the journey tests
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDependencies, ensurePage, ownEnv, ownNode, root, run, tool } from './bootstrap.mjs';

const wanted = (name) => process.argv.includes(`--${name}`);
const started = Date.now();
const results = join(root, 'test-results');
const counts = { passed: 0, failed: 0, skipped: 0 };
const skips = new Set();
let broken = false;
/** Something the tests stand on is missing: going on would only repeat it. */
let stopped = false;

if (process.platform !== 'linux' || process.getuid?.() !== 0) {
  console.error(
    'The tests bring up a real laboratory (accounts, network namespaces): run them as root on Debian 12 or newer.',
  );
  process.exit(2);
}
ensureDependencies();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
// Socket paths on the host must stay below 108 bytes, hence a short folder.
const home = mkdtempSync(join(tmpdir(), 'casement-'));
const keep = wanted('keep') || process.env.CASEMENT_LAB_DIR !== undefined;
const env = {
  ...ownEnv(),
  CASEMENT_HOME: join(home, 'home'),
  CASEMENT_LAB_DIR: process.env.CASEMENT_LAB_DIR ?? join(home, 'lab'),
  CASEMENT_LAB_PORT: process.env.CASEMENT_LAB_PORT ?? '27000',
};

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    broken = true;
    stopped = true;
  });
try {
  await step('check', [join(root, 'build/check.mjs')]);
  await step('Electron bundle', [
    tool('electron-vite', 'bin/electron-vite.js'),
    'build',
    '--config',
    'build/electron.vite.config.ts',
    '--logLevel',
    'warn',
  ]);
  // The unit tests run real programs too: QEMU, ntfs-3g, PuTTY's key tool.
  if (await step('packages', [join(root, 'test/system.ts'), join(results, 'apt.log')])) {
    if (!wanted('journey')) await vitest('unit');
    if (!wanted('unit') && !stopped) await withLaboratory();
  }
} finally {
  if (!keep && !wanted('unit')) await step('laboratory down', [lab(), 'down', '--purge']);
  if (!keep) rmSync(home, { recursive: true, force: true });
}
const minutes = ((Date.now() - started) / 60_000).toFixed(1);
for (const reason of skips) console.log(`skipped: ${reason}`);
const good = !broken && counts.failed === 0 && counts.passed > 0;
console.log(
  `Casement: ${good ? 'all passed' : 'FAILED'}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${minutes} minutes`,
);
process.exit(good ? 0 : 1);

function lab() {
  return join(root, 'test/lab/lab.ts');
}

async function withLaboratory() {
  if (!(await step('laboratory up', [lab(), 'up']))) return;
  if (!wanted('journey')) {
    await vitest('integration');
    if (stopped) return;
    // The README's own promise: the whole way unattended, against the laboratory that is up.
    await step('practice', [join(root, 'test/lab/practice.ts'), '--keep']);
  }
  if (stopped) return;
  if (!(await ensurePage())) broken = true;
  else await journey();
}

async function step(name, words) {
  const began = Date.now();
  console.log(`\n== ${name}`);
  const code = await run(ownNode(), words, { env });
  console.log(
    `== ${name}: ${code === 0 ? 'done' : `failed (${code})`} in ${((Date.now() - began) / 1000).toFixed(0)} s`,
  );
  if (code !== 0) broken = true;
  return code === 0;
}

async function vitest(project) {
  const report = join(results, `${project}.json`);
  console.log(`\n== ${project} tests`);
  await run(
    ownNode(),
    [
      tool('vitest', 'vitest.mjs'),
      'run',
      '--config',
      'build/vitest.config.ts',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { env },
  );
  if (!existsSync(report)) {
    broken = true;
    return;
  }
  const told = JSON.parse(readFileSync(report, 'utf8'));
  counts.passed += told.numPassedTests;
  counts.failed += told.numFailedTests;
  counts.skipped += told.numPendingTests + told.numTodoTests;
  for (const file of told.testResults)
    for (const test of file.assertionResults)
      if (test.status === 'pending' || test.status === 'skipped') skips.add(test.fullName);
  if (!told.success) broken = true;
}

async function journey() {
  console.log('\n== journey tests');
  const report = join(results, 'journey.json');
  await run(
    ownNode(),
    [tool('@playwright/test', 'cli.js'), 'test', '--config', 'build/playwright.config.ts'],
    {
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    },
  );
  if (!existsSync(report)) {
    broken = true;
    return;
  }
  const { stats, suites } = JSON.parse(readFileSync(report, 'utf8'));
  counts.passed += stats.expected + stats.flaky;
  counts.failed += stats.unexpected;
  counts.skipped += stats.skipped;
  if (stats.unexpected > 0) broken = true;
  for (const spec of suites.flatMap(specs))
    for (const test of spec.tests)
      for (const note of test.annotations)
        if (test.status === 'skipped' && note.type === 'skip')
          skips.add(`${spec.title}: ${note.description ?? 'no reason given'}`);
}

function specs(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
}
