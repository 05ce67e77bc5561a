// Commands about clouds: cloud list, cloud check.
import type { Command } from 'commander';
import { abilityWords } from '../../shared/cloud-words.ts';
import type { CloudView } from '../../shared/views.ts';
import { withBackend } from './backend.ts';
import { type CloudOptions, cloudFrom, withCloud, withJson } from './options.ts';
import { print, printJson, table } from './output.ts';

interface Flags extends CloudOptions {
  readonly json?: boolean;
  readonly tryImages?: boolean;
}

/** Adds `cloud list` and `cloud check`. */
export function addCloudCommands(program: Command): void {
  const cloud = program.command('cloud').summary('find the clouds of this computer, or sign in to one');
  withJson(cloud.command('list'))
    .summary('list the clouds that OpenStack’s own tools would find here')
    .description(
      'Looks into clouds.yaml (OS_CLIENT_CONFIG_FILE, this folder, the folders of the user and of the computer) and at the\nOS_ variables. The cloud marked with * is taken when none is named (OS_CLOUD, or the only one).',
    )
    .action(async ({ json }: { readonly json?: boolean }) => {
      const found = await withBackend((backend) => backend.call('cloud.choices', {}));
      if (json) printJson(found);
      else if (found.length === 0) print('No clouds.yaml was found.');
      else
        print(
          table([
            ['', 'CLOUD', 'PROJECT', 'REGION', 'ADDRESS', 'FROM'],
            ...found.map((choice) => [
              choice.chosen ? '*' : '',
              choice.cloud,
              choice.project ?? '',
              choice.region ?? '',
              choice.authUrl,
              choice.file || 'OS_ variables',
            ]),
          ]),
        );
    });

  withJson(withCloud(cloud.command('check')))
    .option(
      '--try-images',
      'where nothing else tells, find out which images may be published by making an empty one (deleted at once)',
    )
    .summary('sign in and say what the account may do')
    .addHelpText(
      'after',
      '\nExamples:\n  casement cloud check --cloud demo\n  casement cloud check --openrc demo-openrc.sh --json',
    )
    .action(async (flags: Flags) => {
      await withBackend(async (backend) => {
        const source = cloudFrom(flags);
        const view = await backend.call('cloud.check', { cloud: source });
        const found = await backend.call('cloud.abilities', { cloud: source, try: flags.tryImages ?? false });
        const publicAllowed = found.publicImages;
        if (flags.json) printJson({ ...view, publicAllowed, abilities: found });
        else
          print(
            table([...signedIn(view), ...abilityWords(found), ...(found.tied ? [['', found.tied]] : [])]),
          );
      });
    });
}

function signedIn(view: CloudView): string[][] {
  const renewal = {
    yes: 'renewed by itself',
    asks: 'then asked for again',
    no: 'cannot be renewed',
  }[view.renewal];
  return [
    ['Signed in to', view.authUrl],
    ['User', view.user],
    ['Project', view.project],
    [
      'Region',
      view.regions.length > 1
        ? `${view.region ?? 'the first'} (of ${view.regions.join(', ')})`
        : (view.regions[0] ?? ''),
    ],
    ['Roles', view.roles.join(', ')],
    ['Token', `until ${view.tokenExpires}, ${renewal}`],
    ...(view.certificateChecked ? [] : [['WARNING', 'the certificate of this cloud is not checked']]),
  ];
}
