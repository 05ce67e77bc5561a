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
  readonly offered?: boolean;
  readonly accept?: string;
  readonly reject?: string;
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
    .option('--offered', 'the images that other projects share with yours, and what was answered')
    .addOption(
      new Option('--accept <id>', 'take an offered image among those of your project').conflicts('reject'),
    )
    .option('--reject <id>', 'refuse an offered image, or one that was accepted before')
    .summary('list the images of a cloud, newest first; accept those of other projects')
    .description(
      'When only one image is left, its properties and the projects it is shared with are shown too.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  casement images --windows --cloud demo\n  casement images "Server 2022" --cloud demo --json\n  casement images --offered --cloud demo\n  casement images --accept 0d6c2a5e-7f4f-4b7e-9c55-6f5b8f8f2b11 --cloud demo',
    )
    .action(async (text: string | undefined, flags: Flags) => {
      await withCloudService(cloudFrom(flags), async (cloud) => {
        if (flags.accept !== undefined || flags.reject !== undefined || flags.offered)
          return await offers(cloud, text, flags);
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

/** Answers an offer where one is named, then lists what is offered. */
async function offers(cloud: Cloud, text: string | undefined, flags: Flags): Promise<void> {
  const { accept, reject } = flags;
  if (accept !== undefined) await cloud.answerOffer(accept, 'accepted');
  if (reject !== undefined) await cloud.answerOffer(reject, 'rejected');
  const answered = accept ?? reject;
  const found = (await cloud.imageOffers()).filter(
    (image) => fits(image, text, flags) && (answered === undefined || image.id === answered),
  );
  if (flags.json) printJson(found);
  else if (found.length === 0) print('No other project shares such an image with yours.');
  else
    print(
      table([
        ['ID', 'ANSWER', 'GB', 'DISK', 'CREATED', 'FROM PROJECT', 'NAME'],
        ...found.map((image) => {
          const [id = '', , , size = '', disk = '', created = '', name = ''] = row(image);
          return [id, image.offer, size, disk, created, image.owner ?? '', name];
        }),
      ]),
    );
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
      ? [`  To accept it, somebody in that project calls: casement images --accept ${image.id}`]
      : []),
  ].join('\n');
}
