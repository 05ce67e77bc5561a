// Stages whose effects are files of a "world" folder: enough to see what an engine does, kill after kill.
import { existsSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Facts, Ports, Stage } from '../../../electron/run/types.ts';
import { STAGES, type StageId } from '../../../shared/stages.ts';

const GIVES: Readonly<Record<StageId, keyof Facts>> = {
  host: 'dir',
  media: 'media',
  disk: 'disk',
  install: 'installed',
  inject: 'injected',
  'cloudbase-init': 'generalized',
  inspect: 'inspectedStamp',
  finish: 'imageFile',
  publish: 'imageId',
  verify: 'loginProof',
  launch: 'serverId',
  connect: 'opened',
};

type Moment = 'before' | 'between' | 'after';

export interface World {
  readonly folder: string;
  /** Called at every moment of every stage; a test kills, fails or waits here. */
  readonly at: (stage: StageId, moment: Moment, signal: AbortSignal) => Promise<void> | void;
}

/** All stages; each needs the one before it and leaves one file in the world. */
export function fakeStages(world: World): Stage[] {
  return STAGES.map((id, index) => {
    const before = STAGES[index - 1];
    const effect = join(world.folder, id);
    const result = () => ({ facts: { [GIVES[id]]: id } as Facts, outcome: { Stage: id } });
    return {
      id,
      needs: before ? [GIVES[before]] : [],
      gives: [GIVES[id]],
      skip: () => null,
      check: async () => (existsSync(effect) ? result() : null),
      async run(context, signal) {
        await world.at(id, 'before', signal);
        context.progress({
          done: 1,
          total: 2,
          unit: 'steps',
          rate: null,
          etaSeconds: null,
          message: id,
          lastActivity: '',
        });
        if (before && context.facts[GIVES[before]] === undefined)
          throw new Error(`${id} began without ${before}`);
        await appendFile(join(world.folder, 'log'), `${id}\n`);
        await writeFile(effect, id);
        await world.at(id, 'between', signal);
        await context.note({}, 'noted');
        await world.at(id, 'after', signal);
        return result();
      },
      async undo(_context, done) {
        if (done || !existsSync(effect)) return [];
        await rm(effect);
        return [`${id} was cleaned.`];
      },
    };
  });
}

/** What was made, by name: the "image" of a fake run. */
export async function made(folder: string): Promise<string[]> {
  return await Promise.all(STAGES.map((id) => readFile(join(folder, id), 'utf8').catch(() => 'missing')));
}

/** Resolves only by the signal, as a stage that waits for a person does. */
export const untilStopped = (signal: AbortSignal): Promise<void> => pause(60_000, undefined, { signal });

/** Ports of a fake run: its stages never use them. */
export const noPorts: Ports = {
  host: () => Promise.reject(new Error('no host')),
  cloud: () => Promise.reject(new Error('no cloud')),
  secrets: {
    get: () => Promise.reject(new Error('no secrets')),
    put: () => Promise.reject(new Error('none')),
  },
  way: () => Promise.reject(new Error('no way')),
  home: '/nowhere',
  trial: { missing: () => Promise.resolve('no trial'), signIn: () => Promise.reject(new Error('no trial')) },
  openDesktop: () => Promise.reject(new Error('no desktop')),
};
