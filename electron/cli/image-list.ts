// The command that lists the images of a cloud: images.
import { type Command, Option } from 'commander';
import type { ImageView } from '../../shared/views.ts';
import type { Cloud } from '../cloud/types.ts';
import { withCloudService } from './backend.ts';
import { type CloudOptions, cloudFrom, withCloud, withJson } from './options.ts';
import { print, printJson, table } from './output.ts';

interface Flags extends CloudOptions {
  readonly visibility?: string;
  readonly windows?: boolean;
  readonly casement?: boolean;
  readonly hidden?: boolean;
  readonly json?: boolean;
}

/** Adds `images`. */
export function addImageListCommand(program: Command): void {
  withJson(withCloud(program.command('images')))
    .argument('[text]', 'only images with this in their name, or the one with this id')
    .addOption(
      new Option('--visibility <who>', 'only these').choices(['private', 'shared', 'community', 'public']),
    )
    .option('--windows', 'only images of Windows')
    .option('--casement', 'only images that Casement made')
    .option('--hidden', 'the hidden ones instead: those that a newer image has replaced')
    .summary('list the images of a cloud, newest first')
    .description(
      'When only one image is left, its properties and the projects it is shared with are shown too.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  casement images --windows --cloud demo\n  casement images "Server 2022" --cloud demo --json',
    )
    .action(async (text: string | undefined, flags: Flags) => {
      await withCloudService(cloudFrom(flags), async (cloud) => {
        const all = await cloud.images({ hidden: flags.hidden === true });
        const found = all.filter((image) => fits(image, text, flags));
        if (flags.json) printJson(found);
        else if (found.length === 0) print('There is no such image.');
        else {
          print(table([['ID', 'STATUS', 'VISIBILITY', 'GB', 'DISK', 'CREATED', 'NAME'], ...found.map(row)]));
          const [only] = found;
          if (only && found.length === 1) print(await details(cloud, only));
        }
      });
    });
}

function fits(image: ImageView, text: string | undefined, flags: Flags): boolean {
  const { name, id, visibility, properties } = image;
  if (text !== undefined && id !== text && !name.toLowerCase().includes(text.toLowerCase())) return false;
  if (flags.visibility !== undefined && visibility !== flags.visibility) return false;
  if (flags.windows && properties.os_type?.toLowerCase() !== 'windows') return false;
  return !flags.casement || properties.casement_build !== undefined;
}

function row({ id, name, status, visibility, bytes, minDiskGB, createdAt }: ImageView): string[] {
  const size = bytes === null ? '' : (bytes / 1e9).toFixed(1);
  return [id, status, visibility, size, String(minDiskGB), createdAt.slice(0, 10), name];
}

async function details(cloud: Cloud, image: ImageView): Promise<string> {
  const members = image.visibility === 'shared' ? await cloud.imageMembers(image.id).catch(() => []) : [];
  return [
    ...Object.entries(image.properties)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => `  ${name} = ${value}`),
    ...(image.protected ? ['  Protected: nobody can delete it until this is taken back.'] : []),
    ...members.map(({ project, status }) => `  Shared with ${project}: ${status}`),
    ...(members.some(({ status }) => status === 'pending')
      ? [`  To accept it, somebody in that project calls: openstack image set --accept ${image.id}`]
      : []),
  ].join('\n');
}
