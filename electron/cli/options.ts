// Options that several commands share, and what they mean.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type CloudSource, type HostSpec, hostSpec } from '../../shared/plan.ts';
import { STAGES, type StageId } from '../../shared/stages.ts';
import { usageError } from './output.ts';

export interface HostOptions {
  readonly host: string;
  readonly identity?: string;
  readonly knownHosts?: string;
  readonly jump?: readonly string[];
  readonly hostPassword?: string;
}

/** Adds `--host` and its companions. */
export function withHost(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
  return command
    .option(
      '--host <address>',
      'KVM host: ssh://user@host:port, an alias of ~/.ssh/config, or local',
      'local',
    )
    .option('--identity <file>', 'private key file (OpenSSH, PEM or PPK)')
    .option('--known-hosts <file>', 'known_hosts file to use and to write')
    .option('--jump <address>', 'jump host; repeat it in the order in which they are passed', collect)
    .option('--host-password <ref>', 'where the SSH password lies: env:NAME or ask:LABEL');
}

/** The host that the options name. */
export function hostFrom(options: HostOptions): HostSpec {
  if (options.host === 'local') return { kind: 'local' };
  const parsed = hostSpec.safeParse({
    kind: 'ssh',
    address: options.host,
    ...(options.identity === undefined ? {} : { identity: resolve(options.identity) }),
    ...(options.knownHosts === undefined ? {} : { knownHosts: resolve(options.knownHosts) }),
    ...(options.jump === undefined ? {} : { jump: options.jump }),
    ...(options.hostPassword === undefined ? {} : { password: options.hostPassword }),
  });
  if (parsed.success) return parsed.data;
  throw usageError(
    `The host cannot be used: ${parsed.error.issues[0]?.message ?? ''}.`,
    'Write ssh://user@host:port or local.',
  );
}

export interface CloudOptions {
  readonly cloud?: string;
  readonly cloudsFile?: string;
  readonly openrc?: string;
  readonly project?: string;
  readonly region?: string;
}

/** Adds `--cloud`, `--clouds-file` and `--openrc`. */
export function withCloud(command: Command): Command {
  return command
    .option('--cloud <name>', 'cloud of clouds.yaml (default: OS_CLOUD, else the OS_ variables)')
    .option('--clouds-file <file>', 'clouds.yaml to read instead of the usual search path')
    .option('--openrc <file>', 'openrc file instead of clouds.yaml')
    .option('--project <project>', 'another project than the file names')
    .option('--region <region>', 'another region than the file names');
}

/** The cloud that the options name. */
export function cloudFrom(options: CloudOptions): CloudSource {
  const { project, region } = options;
  const other = { ...(project ? { project } : {}), ...(region ? { region } : {}) };
  if (options.openrc !== undefined) return { kind: 'openrc', file: resolve(options.openrc), ...other };
  // An openrc file that was sourced before leaves its variables, which openstacksdk calls envvars.
  const cloud = options.cloud ?? process.env.OS_CLOUD ?? (process.env.OS_AUTH_URL ? 'envvars' : undefined);
  if (!cloud)
    throw usageError(
      'No cloud is named.',
      'Add --cloud NAME, or set OS_CLOUD ("casement cloud list" shows them).',
    );
  const file = options.cloudsFile === undefined ? {} : { file: resolve(options.cloudsFile) };
  return { kind: 'clouds.yaml', cloud, ...file, ...other };
}

/** `--json`, on every command that prints anything. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON only; errors come as {"error":{…}}');
}

/** `--until STAGE`. */
export function untilOption(): Option {
  return new Option(
    '--until <stage>',
    'last stage to walk to (default: the last one the plan has parts for)',
  ).choices(STAGES);
}

/** A stage id from the command line, or the default. */
export function stageFrom(until: string | undefined, otherwise: StageId): StageId {
  return STAGES.find((stage) => stage === until) ?? otherwise;
}
