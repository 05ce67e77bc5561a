// Commands about images in the cloud: publish a finished disk, list what is there.
import { type Command, Option } from 'commander';
import { type ImagePlan, imageSchema } from '../../shared/plan-image.ts';
import { WINDOWS_IDS } from '../../shared/windows.ts';
import { proofOutcome } from '../run/prove-login.ts';
import { type Published, publishDisk } from '../run/publish-disk.ts';
import { withCloudService, withOpenHost } from './backend.ts';
import { gatewayFrom } from './desktop-options.ts';
import {
  type CloudOptions,
  cloudFrom,
  type HostOptions,
  hostFrom,
  withCloud,
  withHost,
  withJson,
} from './options.ts';
import { print, printJson, usageError } from './output.ts';
import { onHost } from './paths.ts';
import { progressText } from './progress.ts';
import { type ProofFlags, proveImage, withProof } from './prove.ts';

interface Flags extends CloudOptions, HostOptions, ProofFlags {
  readonly login: boolean;
  readonly name: string;
  readonly windows?: string;
  readonly visibility: ImagePlan['visibility'];
  readonly member?: string[];
  readonly property?: string[];
  readonly without?: string[];
  readonly tag?: string[];
  readonly protected?: boolean;
  readonly replace?: boolean;
  readonly tpm?: boolean;
  readonly via: ImagePlan['upload'];
  readonly method?: NonNullable<ImagePlan['method']>;
  readonly url?: string;
  readonly format?: 'qcow2' | 'raw';
  readonly firmware?: 'bios' | 'uefi';
  readonly machine?: 'pc' | 'q35';
  readonly diskBus?: 'virtio-blk' | 'virtio-scsi';
  readonly secureBoot?: boolean;
  readonly inspect: boolean;
  readonly acceptDisk?: string;
  readonly json?: boolean;
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** Adds `publish`. */
export function addPublishCommand(program: Command): void {
  const command = program
    .command('publish')
    .argument('<disk>', 'finished disk on the host: qcow2 or raw')
    .requiredOption('--name <name>', 'name of the image')
    .addOption(
      new Option('--windows <id>', 'which Windows it holds (default: read from the disk)').choices([
        ...WINDOWS_IDS,
      ]),
    )
    .addOption(
      new Option('--visibility <who>', 'who sees it')
        .choices(['private', 'shared', 'community', 'public'])
        .default('private'),
    )
    .option('--member <project>', 'id of a project to share it with (visibility shared); repeatable', collect)
    .option('--property <name=value>', 'property to add or replace; repeatable', collect)
    .option('--without <name>', 'derived property to leave out; repeatable', collect)
    .option('--tag <tag>', 'tag to set; repeatable', collect)
    .option('--protected', 'nobody can delete it until this is taken back')
    .option('--replace', 'take the name from an older image, which is renamed with its date and hidden')
    .option('--tpm', 'every server gets a TPM 2.0; only for clouds that have them')
    .addOption(
      new Option('--via <way>', 'who sends it: the host where it reaches Glance, else this computer')
        .choices(['auto', 'host', 'workstation'])
        .default('auto'),
    )
    .addOption(
      new Option('--method <method>', 'how Glance takes it (default: direct)').choices([
        'direct',
        'glance-direct',
        'web-download',
      ]),
    )
    .option('--url <address>', 'web-download: where Glance itself finds the file')
    .addOption(new Option('--format <format>', 'format the disk must have').choices(['qcow2', 'raw']))
    .addOption(
      new Option('--firmware <kind>', 'firmware it starts with (default: read from the disk)').choices([
        'bios',
        'uefi',
      ]),
    )
    .addOption(new Option('--machine <type>', 'machine type it was installed on').choices(['pc', 'q35']))
    .addOption(new Option('--disk-bus <bus>', 'bus its disk hangs on').choices(['virtio-blk', 'virtio-scsi']))
    .option('--secure-boot', 'start with Secure Boot where the cloud can')
    .option('--no-inspect', 'do not look through the Windows first; then --windows is needed')
    .option('--accept-disk <why>', 'publish a disk that failed its proof; the words go into the passport')
    .option('--no-login', 'do not launch a throw-away server of the image to sign in to it')
    .summary('make an image of a finished disk, without a plan; prove it by its hash and by signing in')
    .addHelpText(
      'after',
      '\nCalled again after an interruption, it goes on with the same image.\n\nExamples:\n  casement publish win2022.qcow2 --name "Windows Server 2022" --cloud demo\n  casement publish /vm/a.qcow2 --host ssh://admin@kvm1 --name Win --visibility shared --member PROJECT-ID --replace --cloud demo --json',
    );
  withJson(withProof(withCloud(withHost(command)))).action(async (disk: string, flags: Flags) => {
    const image = imageOf(flags);
    // What does not fit is said before the disk is sent.
    gatewayFrom(flags);
    const source = cloudFrom(flags);
    const told = teller(flags.json === true);
    const signal = interrupted();
    const published = await withOpenHost(hostFrom(flags), (host) =>
      withCloudService(source, async (cloud, secrets, home) =>
        publishDisk({
          host,
          cloud,
          home,
          image,
          disk: onHost(disk, host.local),
          ...(flags.windows === undefined ? {} : { windows: flags.windows }),
          machine: {
            ...(flags.firmware === undefined ? {} : { firmware: flags.firmware }),
            ...(flags.machine === undefined ? {} : { type: flags.machine }),
            ...(flags.diskBus === undefined ? {} : { diskBus: flags.diskBus }),
            ...(flags.secureBoot === undefined ? {} : { secureBoot: flags.secureBoot }),
          },
          inspect: flags.inspect,
          ...(flags.acceptDisk === undefined ? {} : { acceptDisk: accepted(flags.acceptDisk) }),
          ...told,
          signal,
          prove: flags.login
            ? async (made) => {
                told.say('Signing in to a throw-away server of the image');
                const { onProgress } = told;
                const proving = { cloud, secrets, home, flags, host: hostFrom(flags), onProgress, signal };
                const proof = await proveImage({ ...proving, image: made });
                return 'missing' in proof
                  ? { proven: false, told: { 'Not proven': proof.missing } }
                  : { proven: true, told: proofOutcome(proof) };
              }
            : null,
        }),
      ),
    );
    if (flags.json) printJson(published);
    else print(inWords(published));
  });
}

/** The image the options describe. Throws `usage` with the sentence of the plan's own check. */
function imageOf(flags: Flags): ImagePlan {
  const { member, tag, without, via, method, url, format, tpm, replace } = flags;
  const parsed = imageSchema.safeParse({
    name: flags.name,
    visibility: flags.visibility,
    upload: via,
    properties: Object.fromEntries((flags.property ?? []).map(pair)),
    ...Object.fromEntries(
      Object.entries({ members: member, tags: tag, without, method, url, format, tpm, replace }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
    ...(flags.protected ? { protected: true } : {}),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usageError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`, 'Correct it and call again.');
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageError(`"${text}" is no property.`, 'Write --property NAME=VALUE.');
}

function accepted(why: string): string {
  if (why.trim().length >= 10) return why.trim();
  throw usageError(
    '--accept-disk is too short.',
    'Say in at least ten characters why the disk shall be used.',
  );
}

/** Shows what goes on: a line that redraws itself on a terminal, sentences else; nothing with --json. */
function teller(json: boolean) {
  const { stderr } = process;
  const living = stderr.isTTY && !json;
  return {
    say: (message: string) => {
      if (!json) stderr.write(`${living ? '\r\x1b[K' : ''}${message}\n`);
    },
    onProgress: (progress: Parameters<typeof progressText>[0]) => {
      if (living) stderr.write(`\r\x1b[K${progressText(progress)}`);
    },
  };
}

/** Aborts at Ctrl+C: what was begun ends, and the image stays for the next call. */
function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

function inWords({ id, name, sha512, inspection, passport, told, visibility }: Published): string {
  return [
    `Published: ${name}`,
    `  id          ${id}`,
    `  visibility  ${visibility}`,
    `  SHA-512     ${sha512}`,
    ...(inspection ? [`  Windows     ${inspection.title ?? 'unknown'}, ${inspection.verdict} image`] : []),
    `  passport    ${passport}`,
    ...Object.entries(told).map(([label, value]) => `${label}: ${value}`),
    ...(told['Signed in'] === undefined
      ? [`Nobody has signed in to a server of it yet: "casement verify ${id}" does that.`]
      : []),
  ].join('\n');
}
