import { afterEach, describe, expect, it } from 'vitest';
import { STAGES, type StageId } from '../../../shared/stages.ts';
import type { JournalLine } from '../../../shared/views.ts';
import { RealRun } from './real-run.ts';

/** The moment of each stage at which the app dies: as deep in it as a journal line can tell. */
const MOMENTS: Readonly<Record<StageId, (line: JournalLine) => boolean>> = {
  host: ({ state }) => state === 'started',
  media: ({ state }) => state === 'started',
  disk: ({ state }) => state === 'started',
  install: ({ state }) => state === 'waiting',
  inject: ({ state }) => state === 'started',
  'cloudbase-init': ({ state }) => state === 'waiting',
  inspect: ({ state }) => state === 'started',
  finish: ({ state }) => state === 'started',
  publish: ({ message }) => message === 'The image is registered with Glance.',
  launch: ({ message }) => message === 'Nova takes the order.',
  verify: ({ message }) => message === 'A throw-away server is starting.',
  connect: ({ state }) => state === 'started',
};

let run: RealRun | undefined;
afterEach(async () => {
  await run?.clean();
  run = undefined;
});

describe('a build whose app is killed', () => {
  it('goes on after a SIGKILL in every stage, and makes one image that is the disk', {
    timeout: 600_000,
  }, async () => {
    run = await RealRun.create('Killed in every stage');
    for (const stage of STAGES) {
      const { signal, lines } = await run.go((line) => line.stage === stage && MOMENTS[stage](line));
      expect(signal, `killed in ${stage}: ${JSON.stringify(lines.at(-1))}`).toBe('SIGKILL');
    }
    const last = await run.go();
    expect(last.code, JSON.stringify(last.lines.at(-1))).toBe(0);

    const view = run.view();
    expect(view.state).toBe('done');
    expect(view.stages.map(({ id, state }) => `${id} ${state}`)).toEqual(STAGES.map((id) => `${id} done`));

    const cloud = await run.cloud();
    const tagged = (await cloud.images()).filter(({ name }) => name === run?.plan.image?.name);
    const details = await Promise.all(tagged.map(({ id }) => cloud.image(id)));
    const ours = details.filter((image) => image?.tags.includes(`casement:${run?.id}`));
    expect(ours).toHaveLength(1);
    expect(ours[0]).toMatchObject({ status: 'active', hashAlgo: 'sha512', hash: await run.diskHash() });
    expect(await cloud.servers(`casement:${run.id}`)).toHaveLength(1);
    await cloud.close();
  });
});
