// The command that shows what Windows Setup would be told: answer.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { handsFree, setupDefaults } from '../../shared/plan.ts';
import { createSecrets } from '../backend/secrets.ts';
import { noDesktop } from '../desktop/none.ts';
import type { CdFile } from '../guest/build-cd.ts';
import { buildPassword, installFiles, readSetupMedia, sealFiles } from '../run/setup.ts';
import { withOpenHost } from './backend.ts';
import { withJson } from './options.ts';
import { print, printJson, usageError } from './output.ts';
import { loadPlanFile } from './plan-file.ts';
import { terminalAsk } from './terminal.ts';

interface Flags {
  readonly out: string;
  readonly secrets?: boolean;
  readonly json?: boolean;
}

/** Adds `answer`. */
export function addAnswerCommand(program: Command): void {
  withJson(program.command('answer'))
    .argument('<plan>', 'plan file; its media must lie on the host')
    .requiredOption('--out <folder>', 'folder to write, new or empty')
    .option(
      '--secrets',
      'write passwords and product key instead of ***; the folder is then as secret as they are',
    )
    .summary('write what Windows Setup would be told, without building anything')
    .description(
      'Writes the texts of both build CDs: the answer files, the build script, the configuration of Cloudbase-Init and your\n' +
        'own scripts. Drivers and installers are listed in contents.txt with the place they would come from.',
    )
    .addHelpText('after', '\nExample:\n  casement answer server2022.casement.yaml --out answers')
    .action(async (file: string, flags: Flags) => {
      const read = await loadPlanFile(file);
      // A plan for a build by hand may be asked what Setup would be told as well.
      const plan = handsFree(read) ? read : { ...read, setup: { ...setupDefaults(), ...read.setup } };
      const paths = {
        windows: onHost(plan.media.windows, 'Windows ISO'),
        virtio: onHost(plan.media.virtio, 'virtio-win ISO'),
        cloudbaseInit: onHost(plan.media.cloudbaseInit, 'Cloudbase-Init installer'),
      };
      const out = resolve(flags.out);
      if ((await readdir(out).catch(() => [])).length > 0)
        throw usageError(`${out} is not empty.`, 'Name a new folder: nothing is overwritten.');
      const secrets = flags.secrets ? createSecrets(noDesktop, terminalAsk()) : null;
      const cds = await withOpenHost(plan.host, async (host) => {
        const media = await readSetupMedia(host, plan, paths);
        const password = secrets ? buildPassword() : null;
        return {
          install: await installFiles(host, plan, paths, media, secrets, password),
          seal: await sealFiles(host, plan, paths, media),
        };
      });
      const written: string[] = [];
      for (const [phase, files] of Object.entries(cds))
        written.push(...(await writeCd(join(out, phase), files)));
      if (flags.json) printJson({ out, files: written });
      else
        print(
          [...written, `Windows Setup would read ${join(out, 'install', 'Autounattend.xml')}.`].join('\n'),
        );
    });
}

function onHost(source: object, title: string): string {
  if ('path' in source && typeof source.path === 'string') return source.path;
  throw usageError(
    `The plan does not name the ${title} by a path on the host.`,
    'Write path: /where/it/lies for all three media; nothing is brought to the host by this command.',
  );
}

/** Writes the texts and a list of all files; gives the paths. */
async function writeCd(folder: string, files: readonly CdFile[]): Promise<string[]> {
  const written: string[] = [];
  const contents: string[] = [];
  const put = async (path: string, bytes: Buffer | string): Promise<void> => {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, bytes, { mode: 0o600 });
    written.push(target);
  };
  for (const file of files) {
    if ('bytes' in file) {
      await put(file.path, file.bytes);
      contents.push(`${file.path}\t${file.bytes.length} bytes`);
    } else if ('link' in file) contents.push(`${file.path}\tfrom ${file.link}`);
    else {
      const bytes = file.parts.reduce((sum, { length }) => sum + length, 0);
      contents.push(`${file.path}\t${bytes} bytes from ${file.from}`);
    }
  }
  await put('contents.txt', `${contents.toSorted().join('\n')}\n`);
  return written;
}
