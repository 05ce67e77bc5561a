// The command that deletes servers with what Casement made for them, or an image: delete.
import type { Command } from 'commander';
import { removeServers } from '../cloud/index.ts';
import { withCloudService } from './backend.ts';
import { findImage, findServer } from './find.ts';
import { type CloudOptions, cloudFrom, withCloud, withJson } from './options.ts';
import { print, printJson, usageError } from './output.ts';
import { terminalAsk } from './terminal.ts';

interface Flags extends CloudOptions {
  readonly image?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds `delete`. */
export function addDeleteCommand(program: Command): void {
  withJson(withCloud(program.command('delete')))
    .argument('[servers...]', 'names or ids of servers')
    .option('--image <image>', 'name or id of an image to delete too')
    .option('--yes', 'do not ask')
    .summary('delete servers with the floating IPs and security groups that Casement made for them')
    .description(
      'What others made stays: it is known by the tag of the launch. Volumes go with their server, unless kept.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  casement delete web-1 web-2 --cloud demo\n  casement delete --image "Windows 2022" --yes',
    )
    .action(async (names: readonly string[], flags: Flags) => {
      if (names.length === 0 && flags.image === undefined)
        throw usageError('Nothing is named that could be deleted.', 'Name servers, or --image IMAGE.');
      const said = await withCloudService(cloudFrom(flags), async (cloud) => {
        const servers = [];
        for (const name of new Set(names)) servers.push(await findServer(cloud, name));
        const image = flags.image === undefined ? null : await findImage(cloud, flags.image);
        if (!flags.yes)
          await confirm([
            ...servers.map(({ name }) => `server ${name}`),
            ...(image ? [`image ${image.name}`] : []),
          ]);
        const cleaned = servers.length > 0 ? await removeServers(cloud, servers) : [];
        if (image) {
          await cloud.deleteImage(image.id);
          cleaned.push(`The image "${image.name}" was deleted.`);
        }
        return cleaned;
      });
      if (flags.json) printJson({ cleaned: said });
      else print(said.join('\n'));
    });
}

async function confirm(what: readonly string[]): Promise<void> {
  const answer = await terminalAsk().ask({
    kind: 'confirm',
    title: 'Delete for ever?',
    text: what.join('\n'),
    fingerprint: null,
    fields: [],
  });
  if (answer === null)
    throw usageError(
      'Nothing was deleted: nobody said yes.',
      'Answer yes, or add --yes where nobody can be asked.',
    );
}
