import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createKeypair } from '../../../electron/cloud/index.ts';
import { localHost } from '../../../electron/host/index.ts';
import { createRun } from '../../../electron/run/folder.ts';
import { openJournal } from '../../../electron/run/journal.ts';
import { diskStamp } from '../../../electron/run/stages/facts.ts';
import { STAGES } from '../../../shared/stages.ts';
import { removeKeypair } from '../cloud/lab-cloud.ts';
import { RealRun } from './real-run.ts';

const KEYPAIR = `casement-${randomBytes(4).toString('hex')}`;
const BUILT = STAGES.slice(0, STAGES.indexOf('publish'));

let run: RealRun | undefined;
let keypairMade = false;
afterEach(async () => {
  await run?.clean();
  run = undefined;
  if (keypairMade) await removeKeypair(KEYPAIR);
  keypairMade = false;
});

/** A run on this computer whose disk is finished: what a build leaves that has come as far as Sysprep. */
async function finishedDisk(made: RealRun): Promise<void> {
  const folder = await createRun(made.home, made.plan);
  made.id = folder.id;
  const dir = join(homedir(), '.casement', 'builds', folder.id);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const disk = join(dir, 'disk.qcow2');
  const imageFile = join(dir, 'image.qcow2');
  for (const file of [disk, imageFile])
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', file, `${made.plan.disk.sizeGB}G`]);
  await writeFile(join(dir, 'ended-cloudbase-init'), '{}\n');
  const journal = await openJournal(folder.journal);
  const at = new Date().toISOString();
  const stamp = await diskStamp(localHost(), disk);
  const inspection = { verdict: 'good', product: '2022', title: 'Windows', build: 20348, checks: [] };
  const facts = {
    ...{ dir, disk, generalized: true, inspection, inspectedStamp: stamp },
    ...{ imageFile, imageOf: stamp },
  };
  for (const stage of BUILT) await journal.append({ at, run: folder.id, stage, state: 'done', facts });
  await journal.close();
}

describe('a server whose password Windows makes', { timeout: 240_000 }, () => {
  it('is launched with a key pair; the password is received, decrypted, printed, and opens the desktop', async () => {
    run = await RealRun.create('Generated password');
    const cloud = await run.cloud();
    const { privateKey } = await createKeypair(cloud, KEYPAIR, join(run.home, 'server.pem'));
    keypairMade = true;
    await cloud.close();
    const server = {
      name: `made-${randomBytes(3).toString('hex')}`,
      flavor: 'm1.medium',
      keypair: KEYPAIR,
      privateKey,
    };
    run = new RealRun(
      { ...run.plan, host: { kind: 'local' }, server: { ...server, network: 'practice' } },
      run.home,
    );
    await finishedDisk(run);

    const { code, lines } = await run.go();
    expect(code, JSON.stringify(lines.at(-1))).toBe(0);
    expect(run.view().stages.map(({ id, state }) => `${id} ${state}`)).toEqual(
      STAGES.map((id) => `${id} done`),
    );

    const source = run.plan.cloud?.kind === 'clouds.yaml' ? run.plan.cloud : undefined;
    const flags = [
      '--cloud',
      source?.cloud ?? '',
      '--clouds-file',
      source?.file ?? '',
      '--private-key',
      privateKey,
    ];
    const printed = await run.casement('password', server.name, ...flags, '--json');
    const { password } = JSON.parse(printed.stdout) as { password: string };
    expect(password).toMatch(/^\S{12,}$/);
    expect(await run.casement('connect', server.name, ...flags)).toMatchObject({ code: 0 });
    // Neither journal nor plan may hold what opens the server.
    for (const file of ['journal.jsonl', 'plan.yaml'])
      expect(await readFile(join(run.home, 'runs', run.id, file), 'utf8')).not.toContain(password);
  });
});

describe('a finished disk that is gone when it should be published', { timeout: 120_000 }, () => {
  it('is never replaced by an empty one: Windows is installed again', async () => {
    run = await RealRun.create('Lost disk');
    run = new RealRun({ ...run.plan, host: { kind: 'local' } }, run.home);
    run.nobodyAtTheScreen();
    await finishedDisk(run);
    await rm(join(await run.dir(), 'disk.qcow2'));
    const { signal, lines } = await run.go(({ state }) => state === 'waiting');
    expect(signal, JSON.stringify(lines.at(-1))).toBe('SIGKILL');
    expect(lines.at(-1)).toMatchObject({ stage: 'install', state: 'waiting' });
    expect(lines.some(({ stage }) => stage === 'publish')).toBe(false);
  });
});
