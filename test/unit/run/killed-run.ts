// A process that works on a fake run and dies by SIGKILL at one moment: home, id, world folder, stage, moment.

import { startEngine } from '../../../electron/run/engine.ts';
import { loadPlan, runFolder } from '../../../electron/run/folder.ts';
import { fakeStages, noPorts } from './fake-stages.ts';

const [home = '', id = '', world = '', stage = '', moment = ''] = process.argv.slice(2);
const folder = runFolder(home, id);
const running = await startEngine({
  folder,
  plan: await loadPlan(folder),
  stages: fakeStages({
    folder: world,
    at: (at, when) => {
      if (at === stage && when === moment) process.kill(process.pid, 'SIGKILL');
    },
  }),
  ports: noPorts,
  until: 'connect',
});
process.stdout.write((await running.finished).state);
