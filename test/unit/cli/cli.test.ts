import { spawn, spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { examplePlan } from '../run/example.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-cli-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** The real program, as a shell would call it. */
function casement(...words: string[]) {
  return casementWith({}, ...words);
}
function casementWith(env: NodeJS.ProcessEnv, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['electron/cli.ts', ...words], {
    encoding: 'utf8',
    env: { ...process.env, CASEMENT_HOME: home, CASEMENT_LAB_DIR: join(home, 'lab'), ...env },
  });
  return { status, stdout, stderr };
}
const plan = async (change: object = {}): Promise<string> => {
  const file = join(home, 'plan.yaml');
  await writeFile(file, stringify({ ...examplePlan, ...change }));
  return file;
};

describe('the command line', { timeout: 60_000 }, () => {
  it('explains itself and every command, with examples', () => {
    const { status, stdout } = casement('--help');
    expect(status).toBe(0);
    for (const command of [
      'run',
      'resume',
      'cancel',
      'runs',
      'screen',
      'keys',
      'plan',
      'host',
      'image',
      'password',
      'connect',
      'lab',
    ])
      expect(stdout, command).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(casement('image', 'inject', '--help').stdout).toContain('Example');
  });

  it('ends like one that was interrupted, without a word, when nobody reads what it prints', async () => {
    const child = spawn(process.execPath, ['electron/cli.ts', '--help'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect({ status, said }).toEqual({ status: 130, said: '' });
  });

  it('ends with 2 for bad usage, and says so as JSON when asked', () => {
    expect(casement('run').status).toBe(2);
    expect(casement('no-such-command').status).toBe(2);
    const { status, stdout } = casement('run', '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'usage' });
    expect(Object.keys(JSON.parse(stdout).error)).toEqual([
      'code',
      'title',
      'whatHappened',
      'whatToDo',
      'detail',
    ]);
  });

  it('checks a plan: 0 when it is complete, 2 and every problem when not', async () => {
    expect(casement('plan', 'check', await plan())).toMatchObject({ status: 0 });
    const { status, stdout } = casement('plan', 'check', await plan({ disk: { sizeGB: 'big' } }), '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: [{ path: 'disk.sizeGB' }] });
    expect(casement('run', join(home, 'plan.yaml')).status).toBe(2);
  });

  it('prints nothing but JSON on standard output while a run fails, and ends with 1', async () => {
    const { status, stdout } = casement('run', await plan(), '--until', 'media', '--json');
    expect(status).toBe(1);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ stage: null, state: 'started' });
    expect(lines.find(({ state }) => state === 'failed').error.whatToDo).not.toBe('');
    expect(lines.every((line) => !('facts' in line) && line.at && line.run)).toBe(true);
    const runs = JSON.parse(casement('runs', '--json').stdout);
    expect(runs).toHaveLength(1);
    expect(casement('cancel', runs[0].id, '--remove').status).toBe(0);
    expect(casement('runs').stdout).toContain('no runs');
  });

  it('begins nothing while a variable that holds a secret is not set, and names it', async () => {
    const file = await plan();
    const { status, stdout } = casementWith({ EXAMPLE_PASS: '' }, 'run', file, '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error.whatHappened).toContain('variable EXAMPLE_PASS,');
    expect(JSON.parse(casement('runs', '--json').stdout)).toEqual([]);
    const set = casementWith({ EXAMPLE_PASS: 'x' }, 'run', file, '--json');
    const [begun] = set.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(begun).toMatchObject({ state: 'started' });
    expect(casementWith({ EXAMPLE_PASS: '' }, 'resume', begun.run, '--json').status).toBe(2);
    casement('cancel', begun.run, '--remove');
  });

  it('wants the product key of a hands-free build beforehand as well', async () => {
    const file = await plan();
    await appendFile(file, 'setup:\n  mode: hands-free\n  productKey: env:EXAMPLE_KEY\n');
    const { status, stdout } = casementWith({ EXAMPLE_PASS: 'x', EXAMPLE_KEY: '' }, 'run', file, '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error.whatHappened).toContain('variable EXAMPLE_KEY,');
  });

  it('explains the laboratory, and passes on its failure as JSON', () => {
    const help = casement('lab', '--help');
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('CASEMENT_PRACTICE_PASSWORD');
    const { status, stdout } = casement('lab', 'env', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'lab.failed',
      whatHappened: expect.stringContaining('no laboratory'),
    });
    expect(casement('lab', 'env').stdout).toBe('');
  });

  it('says that a run is unknown', () => {
    const { status, stdout } = casement('resume', '20260101-000000-0000', '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout).error.code).toBe('run.unknown');
  });
});
