// The command that launches servers from an image that is in Glance already: launch.
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ServerSpec, serverSpec } from '../../shared/plan-server.ts';
import type { LaunchedView, LaunchFinding } from '../../shared/views-launch.ts';
import type { Cloud } from '../cloud/types.ts';
import { gatewayWay } from '../connect/index.ts';
import type { Secrets } from '../desktop/port.ts';
import { checkLaunch } from '../run/launch/check.ts';
import { gatherLaunch } from '../run/launch/gather.ts';
import { launchServers } from '../run/launch/index.ts';
import { launchSentence, someFailed } from '../run/launch/words.ts';
import { passphraseOf } from '../run/password.ts';
import { withCloudService } from './backend.ts';
import { type GatewayFlags, gatewayFrom } from './desktop-options.ts';
import { findImage } from './find.ts';
import { type CloudOptions, cloudFrom, withCloud, withJson } from './options.ts';
import { EXIT, ExitError, print, printJson, usageError } from './output.ts';

interface Flags extends CloudOptions, Pick<GatewayFlags, 'gateway'> {
  readonly name: string;
  readonly count?: string;
  readonly flavor: string;
  readonly network?: readonly string[];
  readonly keypair?: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
  readonly securityGroup?: string;
  readonly allow?: string;
  readonly floatingIp?: string;
  readonly volume?: string;
  readonly keepVolume?: boolean;
  readonly zone?: string;
  readonly configDrive?: boolean;
  readonly meta?: readonly string[];
  readonly userData?: string;
  readonly tag?: readonly string[];
  readonly check?: boolean;
  readonly again?: string;
  readonly json?: boolean;
}

/** Smallest disk (GiB) and memory (MiB) of any Windows, for images that do not say what they need. */
const LEAST = { minDiskGB: 1, minRamMB: 512 };

/** Adds `launch`. */
export function addLaunchCommand(program: Command): void {
  const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
  withJson(withCloud(program.command('launch')))
    .argument('<image>', 'name or id of an image in Glance')
    .requiredOption('--name <name>', 'name of the server; of several: the name and a number, as in web-1')
    .option('--count <number>', 'how many servers, up to 50', '1')
    .requiredOption('--flavor <name>', 'flavor by name or id')
    .option('--network <name>', 'network by name or id; repeat it for several', collect)
    .option('--keypair <name>', 'RSA key pair known to Nova; Windows encrypts its password to it')
    .option('--private-key <file>', 'private key of that pair; it decrypts the password')
    .option('--passphrase <ref>', 'where the passphrase of that key lies: env:NAME or ask:LABEL')
    .option('--password <ref>', 'choose the password instead; where it lies: env:NAME or ask:LABEL')
    .option('--security-group <name>', 'security group by name or id (default: "default")')
    .option('--allow <cidr>', 'make a security group that lets Remote Desktop in from this range')
    .option('--floating-ip <which>', 'auto, none, or the external network to take it from', 'auto')
    .option('--volume <GB>', 'boot from a volume of this size')
    .option('--keep-volume', 'keep the volume when the server is deleted')
    .option('--zone <name>', 'availability zone')
    .option('--config-drive', 'attach the metadata as a CD too; only with a chosen password')
    .option('--meta <key=value>', 'metadata; repeat it', collect)
    .option('--user-data <file>', 'what Cloudbase-Init runs at the first start')
    .option('--tag <tag>', 'tag of the servers; repeat it', collect)
    .option(
      '--gateway <name>',
      'Remote Desktop Gateway that alone sees the desktops: a server is ready then without a look at its own',
    )
    .option('--check', 'check only and launch nothing')
    .option('--again <launch>', 'go on with a launch that was interrupted: nothing is launched twice')
    .summary('launch servers from an image and follow them to their desktops')
    .description(
      'Everything is checked first. Exit code 1 when a server does not get ready; the others go on.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  casement launch "Windows 2022" --cloud demo --name web --count 3 --flavor m1.medium --keypair me --private-key ~/.ssh/me.pem\n  casement launch win2022 --name test --flavor m1.medium --password ask:Administrator --allow 198.51.100.7/32',
    )
    .action(async (image: string, flags: Flags) => {
      await withCloudService(cloudFrom(flags), (cloud, secrets) => launch(cloud, secrets, image, flags));
    });
}

async function launch(cloud: Cloud, secrets: Secrets, name: string, flags: Flags): Promise<void> {
  const spec = specOf(flags);
  const gateway = gatewayFrom(flags)?.address;
  const image = await findImage(cloud, name);
  const tag = flags.again ?? newTag();
  if (!/^casement:[\w.-]+$/.test(tag))
    throw usageError(`"${tag}" is no launch.`, 'Write casement:… as it was printed.');
  const wish = {
    spec,
    image,
    need: LEAST,
    tag,
    password:
      spec.adminPass === undefined ? null : await secrets.get(spec.adminPass, 'the Administrator password'),
    passphrase: await passphraseOf(spec, secrets),
  };
  if (flags.check) return showCheck(checkLaunch(await gatherLaunch(cloud, wish)), flags.json ?? false);
  if (!flags.json) process.stderr.write(`Launch ${tag}\n`);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      if (!flags.json) process.stderr.write(`\nStopped following. Go on with: --again ${tag}\n`);
      stop.abort();
    });
  let told = '';
  const { servers } = await launchServers(cloud, wish, {
    signal: stop.signal,
    ...(gateway === undefined ? {} : { findWay: async (addresses) => gatewayWay(addresses, gateway) }),
    onFindings: (findings) => {
      if (flags.json) printJson({ launch: tag, findings });
      else
        for (const { text, status } of findings)
          if (status === 'warned') process.stderr.write(`Note: ${text}\n`);
    },
    onChange: async (now) => {
      if (flags.json) printJson({ launch: tag, servers: now });
      const sentence = launchSentence(now);
      if (!flags.json && sentence !== told) process.stderr.write(`${sentence}\n`);
      told = sentence;
    },
  });
  if (!flags.json) for (const server of servers) print(line(server));
  const failed = someFailed(servers);
  if (failed) throw failed;
}

function line({ name, id, state, address, error }: LaunchedView): string {
  return `${name}  ${id || '-'}  ${state}  ${error?.whatHappened ?? address ?? ''}`.trimEnd();
}

/** Prints the findings; ends with 1 when one failed. */
function showCheck(findings: readonly LaunchFinding[], json: boolean): void {
  if (json) printJson({ findings });
  else
    for (const { status, title, text, fix } of findings)
      print(`${status.padEnd(6)}  ${title}: ${text}${fix === null ? '' : ` ${fix}`}`);
  if (findings.some(({ status }) => status === 'failed')) throw new ExitError(EXIT.failed);
}

/** Marks the servers of this call, as a run marks its own. */
function newTag(now = new Date()): string {
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `casement:${time}-${randomBytes(2).toString('hex')}`;
}

/** What the flags ask for. Throws `usage`. */
export function specOf(flags: Flags): ServerSpec {
  const { allow, securityGroup, floatingIp = 'auto' } = flags;
  if (allow !== undefined && securityGroup !== undefined)
    throw usageError('Both --allow and --security-group are given.', 'Give one of them.');
  const number = (value: string | undefined): number | undefined =>
    value === undefined ? undefined : Number(value);
  const sizeGB = number(flags.volume);
  const parsed = serverSpec.safeParse({
    name: flags.name,
    count: number(flags.count),
    flavor: flags.flavor,
    networks: flags.network,
    keypair: flags.keypair,
    privateKey: flags.privateKey === undefined ? undefined : resolve(flags.privateKey),
    privateKeyPassphrase: flags.passphrase,
    adminPass: flags.password,
    securityGroup: allow === undefined ? securityGroup : { create: { from: allow } },
    floatingIp: floatingIp === 'auto' || floatingIp === 'none' ? floatingIp : { pool: floatingIp },
    volume: sizeGB === undefined ? undefined : { sizeGB, keep: flags.keepVolume },
    zone: flags.zone,
    configDrive: flags.configDrive,
    metadata: flags.meta === undefined ? undefined : Object.fromEntries(flags.meta.map(pair)),
    userData: flags.userData === undefined ? undefined : { file: resolve(flags.userData) },
    tags: flags.tag,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw usageError(
    `The launch cannot be used: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}.`,
    'Add --help to see what fits.',
  );
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usageError(`"${text}" is no metadata.`, 'Write --meta key=value.');
  return [text.slice(0, at), text.slice(at + 1)];
}
