// Starts the stand-in for booted servers.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../settings.ts';
import { pathsIn } from '../settings.ts';
import type { Stage } from '../stages.ts';
import { readJson } from '../system/files.ts';
import { ensurePracticeBridge } from '../system/network.ts';
import { start } from '../system/processes.ts';

/** Written by the daemon with its pid once it watches. */
export const watchingFile = (settings: Settings): string =>
  join(pathsIn(settings.dir).servers, 'watching.json');

/** The stages of the booted servers. */
export function serversStages(settings: Settings): Stage[] {
  const paths = pathsIn(settings.dir);
  return [
    {
      name: 'servers',
      needs: ['packages', 'identity', 'nova'],
      run: async () => {
        mkdirSync(paths.servers, { recursive: true });
        await ensurePracticeBridge(settings);
        await start(paths.run, {
          name: 'servers',
          command: process.execPath,
          args: [join(import.meta.dirname, '..', 'servers.ts')],
          env: { ...process.env, CASEMENT_LAB_DIR: settings.dir, CASEMENT_LAB_PORT: `${settings.portBase}` },
          log: join(paths.log, 'servers.log'),
          ready: async (pid) => readJson<{ pid: number }>(watchingFile(settings))?.pid === pid,
          timeoutMs: 20_000,
        });
      },
    },
  ];
}
