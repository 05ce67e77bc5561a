// Creates the empty qcow2 that becomes the image.
import { posix } from 'node:path';
import { CasementError } from '../../../shared/errors.ts';
import type { Host } from '../../host/types.ts';
import { createDisk, diskInfo, machineFiles } from '../../machine/index.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { fact, injectionProof } from './facts.ts';

const GIB = 1024 ** 3;
const PHASES = ['install', 'cloudbase-init'];

export const diskStage: Stage = {
  id: 'disk',
  needs: ['probe', 'dir'],
  gives: ['disk'],
  skip: () => null,
  async check(context, signal) {
    if (context.facts.dir === undefined) return null;
    const host = await context.ports.host(context.plan, signal);
    const path = diskPath(context);
    if ((await host.files.stat(path)) === null) return null;
    const size = await virtualSize(host, path);
    return size === context.plan.disk.sizeGB * GIB ? result(context, path) : null;
  },
  async run(context, signal) {
    const host = await context.ports.host(context.plan, signal);
    const dir = fact(context, 'dir');
    const path = diskPath(context);
    const leftovers = [...PHASES.map((phase) => machineFiles(dir).ended(phase)), injectionProof(dir)];
    const present = await Promise.all(leftovers.map((file) => host.files.stat(file)));
    if (await host.files.stat(path)) {
      // An empty disk may be made again; one that Windows was installed on is never thrown away.
      if (present.some((stat) => stat !== null)) throw strangeDisk(path);
      await host.files.remove(path);
    }
    // What was proven of a disk that is gone must not be believed of a new one.
    for (const [index, file] of leftovers.entries()) if (present[index]) await host.files.remove(file);
    await createDisk(host, fact(context, 'probe'), path, context.plan.disk.sizeGB);
    return result(context, path);
  },
  undo: async () => [],
};

// A kill while qemu-img was writing leaves a file that is no disk: that one may be made again.
async function virtualSize(host: Host, path: string): Promise<number | null> {
  try {
    return (await diskInfo(host, path)).virtualSize;
  } catch (thrown) {
    if (thrown instanceof CasementError && thrown.code === 'machine.bad-disk') return null;
    throw thrown;
  }
}

const diskPath = (context: StageContext): string => posix.join(fact(context, 'dir'), 'disk.qcow2');

const result = (context: StageContext, path: string): StageResult => ({
  facts: { disk: path },
  outcome: { Disk: path, Size: `${context.plan.disk.sizeGB} GB, grows as it fills` },
});

const strangeDisk = (path: string): CasementError =>
  new CasementError({
    code: 'run.disk-changed',
    title: 'The disk of this build was changed from outside',
    whatHappened: `${path} is not the disk that Casement made, although Windows was installed on that one. It was left alone.`,
    whatToDo: 'Put the disk back in its place and continue, or start a new build with the same plan.',
  });
