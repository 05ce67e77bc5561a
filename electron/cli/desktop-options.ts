// How a desktop is opened, as options of the command line.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type DesktopOptions, desktopOptions, RDP_CLIENTS } from '../../shared/plan-connect.ts';
import { sshHost } from '../../shared/plan-host.ts';
import { usageError } from './output.ts';

export interface DesktopFlags extends GatewayFlags {
  readonly user: string;
  readonly client: (typeof RDP_CLIENTS)[number];
  readonly via?: string;
  readonly viaIdentity?: string;
  readonly viaKnownHosts?: string;
  readonly viaJump?: readonly string[];
  readonly size?: string;
  readonly fullScreen?: boolean;
  readonly multiMonitor?: boolean;
  readonly clipboard: boolean;
  readonly drive?: string;
  readonly sound?: DesktopOptions['sound'];
}

/** The options of a Remote Desktop Gateway. */
export interface GatewayFlags {
  readonly gateway?: string;
  readonly gatewayUser?: string;
  readonly gatewayPassword?: string;
}

/** Adds the options of the way to a desktop and of how it looks. */
export function withDesktop(command: Command): Command {
  const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
  const described = command
    .option('--user <name>', 'account to sign in with', 'Administrator')
    .addOption(new Option('--client <id>', 'RDP client').choices(RDP_CLIENTS).default('auto'))
    .option('--via <address>', 'SSH host that reaches the server where this computer does not')
    .option('--via-identity <file>', 'private key file for it')
    .option('--via-known-hosts <file>', 'known_hosts file to use and to write')
    .option('--via-jump <address>', 'jump host before it; repeat it in order', collect)
    .option('--size <WxH>', 'size of the window in pixels')
    .option('--full-screen', 'fill the screen')
    .option('--multi-monitor', 'fill all monitors')
    .option('--no-clipboard', 'do not share the clipboard')
    .option('--drive <folder>', 'folder of this computer that Windows shows as a drive')
    .addOption(new Option('--sound <where>', 'where sound is played').choices(['here', 'server', 'off']));
  return withGateway(described);
}

/** Adds the options of a Remote Desktop Gateway. */
export function withGateway(command: Command): Command {
  return command
    .option('--gateway <name>', 'Remote Desktop Gateway, name or name:port')
    .option('--gateway-user <name>', "account there (default: the server's)")
    .option('--gateway-password <ref>', 'where its password lies: env:NAME or ask:LABEL');
}

/** What the options say. Throws a usage error for values that do not fit. */
export function desktopFrom(flags: DesktopFlags) {
  const { user, client } = flags;
  const via =
    flags.via === undefined
      ? undefined
      : parsed('--via', sshHost, {
          kind: 'ssh',
          address: flags.via,
          ...(flags.viaIdentity === undefined ? {} : { identity: resolve(flags.viaIdentity) }),
          ...(flags.viaKnownHosts === undefined ? {} : { knownHosts: resolve(flags.viaKnownHosts) }),
          ...(flags.viaJump === undefined ? {} : { jump: [...flags.viaJump] }),
        });
  const desktop = parsed('an option of the desktop', desktopOptions, {
    ...(flags.size === undefined ? {} : { size: flags.size }),
    fullScreen: flags.fullScreen ?? false,
    allMonitors: flags.multiMonitor ?? false,
    clipboard: flags.clipboard,
    ...(flags.drive === undefined ? {} : { drive: resolve(flags.drive) }),
    ...(flags.sound === undefined ? {} : { sound: flags.sound }),
    ...gatewayOf(flags),
  });
  return { user, client, via, desktop };
}

/** The gateway that the options name. Throws a usage error for values that do not fit. */
export function gatewayFrom(flags: GatewayFlags): DesktopOptions['gateway'] {
  return parsed('an option of the gateway', desktopOptions, gatewayOf(flags)).gateway;
}

function gatewayOf({ gateway: address, gatewayUser: user, gatewayPassword: password }: GatewayFlags) {
  if (address === undefined) return {};
  const account = {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
  return { gateway: { address, ...account } };
}

function parsed<T>(
  what: string,
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: ZodLike } },
  value: unknown,
): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw usageError(
    `${what} does not fit: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}.`,
    'Add --help to see what fits.',
  );
}

interface ZodLike {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}
