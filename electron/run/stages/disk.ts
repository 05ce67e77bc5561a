// Creates the empty qcow2 that becomes the image.
import { posix } from 'node:path';
import { CasementError } from '../../../shared/errors.ts';
import type { Host } from '../../host/types.ts';
import { createDisk, diskInfo } from '../../machine/index.ts';
import type { Stage, StageContext, StageResult } from '../types.ts';
import { fact } from './facts.ts';

const GIB = 1024 ** 3;

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
    const path = diskPath(context);
    if (await host.files.stat(path)) await host.files.remove(path);
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
