// How desktops are opened, as fields of the draft, and the parts of a plan that come of them. Pure.
import { z } from 'zod';
import type { HostSpec, Plan } from '../../shared/plan.ts';
import { connectPlan, type DesktopOptions, desktopOptions, RDP_CLIENTS } from '../../shared/plan-connect.ts';
import { sshHost } from '../../shared/plan-host.ts';
import { part, text } from './draft-parts.ts';

const flag = (fallback: boolean) => z.boolean().catch(fallback);

/** The fields with their defaults. */
export const connectDraft = part({
  user: z.string().min(1).catch('Administrator'),
  client: z.enum(RDP_CLIENTS).catch('auto'),
  /** Whether the desktop is opened by itself at the end of a launch. */
  open: flag(true),
  size: text,
  fullScreen: flag(false),
  allMonitors: flag(false),
  clipboard: flag(true),
  drive: text,
  sound: z.enum(['here', 'server', 'off']).catch('off'),
  gateway: text,
  gatewayUser: text,
  gatewayPassword: text.describe('secret reference'),
  /** SSH host on the way to servers that cannot be reached directly, and its key file. */
  via: text,
  viaIdentity: text,
  /** What only a plan says of that host. */
  viaMore: z.record(z.string(), z.json()).catch({}),
});

export type ConnectDraft = z.output<typeof connectDraft>;

const given = (value: string): string | undefined => value.trim() || undefined;

/** The options of a desktop; fields that do not fit are left out. */
export function desktopOf({ connect }: { readonly connect: ConnectDraft }): DesktopOptions {
  const { fullScreen, allMonitors, clipboard, sound } = connect;
  const gateway = given(connect.gateway);
  const user = given(connect.gatewayUser);
  const password = given(connect.gatewayPassword);
  const plain = { fullScreen, allMonitors, clipboard, sound };
  const all = [
    ['size', given(connect.size)],
    ['drive', given(connect.drive)],
    [
      'gateway',
      gateway && { address: gateway, ...(user ? { user } : {}), ...(password ? { password } : {}) },
    ],
  ] as const;
  const fitting = all.filter(
    ([key, value]) => value !== undefined && desktopOptions.safeParse({ [key]: value }).success,
  );
  return desktopOptions.parse({ ...plain, ...Object.fromEntries(fitting) });
}

/** The SSH host on the way; null where none is named. */
export function viaOf({
  connect,
}: {
  readonly connect: ConnectDraft;
}): Extract<HostSpec, { kind: 'ssh' }> | null {
  const address = given(connect.via);
  if (address === undefined) return null;
  const identity = given(connect.viaIdentity);
  const read = sshHost.safeParse({
    ...connect.viaMore,
    ...{ kind: 'ssh', address },
    ...(identity ? { identity } : {}),
  });
  return read.success ? read.data : null;
}

/** What a plan says about opening desktops; undefined where it is the usual, as the account that gets the password. */
export function connectPlanOf(draft: { readonly connect: ConnectDraft }, account: string): Plan['connect'] {
  const { open, client, user } = draft.connect;
  const via = viaOf(draft);
  const desktop = desktopOf(draft);
  const plan = {
    ...{ open, client, user },
    ...(via ? { via } : {}),
    ...(same(desktop, desktopOptions.parse({})) ? {} : { desktop }),
  };
  return same(plan, connectPlan.parse({ user: account })) ? undefined : plan;
}

/** Keys come in the order of the schema. */
const same = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The fields that show a plan's part. */
export function connectFields(plan: NonNullable<Plan['connect']>): ConnectDraft {
  const { user, client, open, desktop, via } = plan;
  const { kind: _, address, identity, ...viaMore } = via ?? { kind: 'ssh', address: '' };
  const { gateway, ...looks } = desktop ?? {};
  return connectDraft.parse({
    ...{ user, client, open, ...looks },
    ...{ via: address, viaIdentity: identity ?? '', viaMore },
    gateway: gateway?.address ?? '',
    gatewayUser: gateway?.user ?? '',
    gatewayPassword: gateway?.password ?? '',
  });
}
