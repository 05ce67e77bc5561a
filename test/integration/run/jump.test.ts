import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { STAGES } from '../../../shared/stages.ts';
import { labEnv } from '../lab.ts';
import { RealRun } from './real-run.ts';

let run: RealRun | undefined;
afterEach(async () => {
  await run?.clean();
  run = undefined;
});

describe('a build on a host behind a jump host', () => {
  it('walks the whole way; this computer relays the image, because that host does not reach Glance', {
    timeout: 600_000,
  }, async () => {
    const { address, identity, knownHosts, jump } = labEnv().hosts.inner;
    run = await RealRun.create('Behind a jump host', (plan) => ({
      ...plan,
      host: { kind: 'ssh', address, identity, knownHosts, jump: [...(jump ?? [])] },
    }));
    const { code, lines } = await run.go();
    expect(code, JSON.stringify(lines.at(-1))).toBe(0);
    expect(run.view().stages.map(({ state }) => state)).toEqual(STAGES.map(() => 'done'));

    const cloud = await run.cloud();
    const image = await cloud.image(run.view().imageId ?? '');
    expect(image?.hash).toBe(await run.diskHash());
    await cloud.close();
    // No job on the host sent it.
    const jobs = await readdir(`${await run.dir()}/jobs`);
    expect(jobs.filter((name) => name.startsWith('upload'))).toEqual([]);
  });
});
