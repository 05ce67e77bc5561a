// The installation media: stand-ins built by the folder next door, where the lab's accounts can read them.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './settings.ts';
import { pathsIn } from './settings.ts';
import type { Stage } from './stages.ts';
import { run } from './system/command.ts';

const BUILD = join(import.meta.dirname, 'standin', 'build.sh');

/** Paths of the media. */
export function mediaFiles(settings: Settings) {
  const dir = join(settings.sharedDir, 'media');
  return {
    windowsIso: join(dir, 'windows-server-2022-standin.iso'),
    virtioIso: join(dir, 'virtio-win-0.1.285.iso'),
    cloudbaseInitMsi: join(dir, 'CloudbaseInitSetup_x64.msi'),
  };
}

/** The stages of the media. */
export function mediaStages(settings: Settings): Stage[] {
  const dir = join(settings.sharedDir, 'media');
  return [
    {
      name: 'media',
      needs: ['packages'],
      run: async () => {
        mkdirSync(dir, { recursive: true, mode: 0o755 });
        const shortcut = join(settings.dir, 'media');
        rmSync(shortcut, { force: true });
        symlinkSync(dir, shortcut);
        await run('bash', [BUILD, dir], { log: join(pathsIn(settings.dir).log, 'media.log') });
        for (const file of readdirSync(dir, { withFileTypes: true }))
          if (file.isFile()) chmodSync(join(dir, file.name), 0o644);
        const missing = Object.values(mediaFiles(settings)).filter((file) => !existsSync(file));
        if (missing.length > 0) throw new Error(`test/lab/standin/build.sh made no ${missing.join(', ')}`);
      },
    },
  ];
}
