// The calls and events of the page "Servers".
import { z } from 'zod';
import { type Call, gives } from './contract-call.ts';
import { cloudSource, hostSpec } from './plan.ts';
import { desktopOptions, RDP_CLIENTS } from './plan-connect.ts';
import { sshHost } from './plan-host.ts';
import type * as view from './views.ts';
import type { ImageOffer } from './views-image.ts';
import { EXPORT_FORMATS, type ExportedFile } from './views-servers.ts';

const server = z.string().min(1);
const one = { cloud: cloudSource, server };
const key = { privateKey: z.string().min(1).optional(), passphrase: z.string().optional() };

export const serverCalls = {
  /** Reads all servers; they arrive as `servers.page` events with this `list`. A later call ends an earlier one. */
  'servers.list': gives<{ count: number }>()(z.strictObject({ cloud: cloudSource, list: z.number().int() })),
  'servers.images': gives<view.ImageView[]>()(z.strictObject({ cloud: cloudSource })),
  /** Images that other projects share with this one. */
  'servers.offers': gives<ImageOffer[]>()(z.strictObject({ cloud: cloudSource })),
  'servers.answerOffer': gives<void>()(
    z.strictObject({
      cloud: cloudSource,
      image: z.string().min(1),
      answer: z.enum(['accepted', 'rejected']),
    }),
  ),
  /** Decrypts here what Windows reported; without `privateKey` with the file remembered for the key pair. */
  'servers.password': gives<view.ServerPassword>()(z.strictObject({ ...one, ...key })),
  /** Finds the way, waits for the desktop and opens it; `servers.progress` tells how far it is. */
  'servers.connect': gives<view.SessionView>()(
    z.strictObject({
      ...one,
      ...key,
      /** A typed password; without it the generated one is decrypted. */
      password: z.string().min(1).optional(),
      user: z.string().min(1),
      client: z.enum(RDP_CLIENTS),
      desktop: desktopOptions.optional(),
      via: sshHost.optional(),
      /** SSH hosts to try before the others that are known. */
      hosts: z.array(hostSpec),
    }),
  ),
  'servers.connect.cancel': gives<void>()(z.strictObject({ server })),
  /** Forgets the certificate that was trusted for a server. */
  'servers.forget': gives<void>()(z.strictObject({ server })),
  'servers.action': gives<view.ServerView>()(
    z.strictObject({ ...one, action: z.enum(['start', 'stop', 'reboot']) }),
  ),
  /** Takes a chosen password out of the metadata, where the whole project can read it; false where none stands. */
  'servers.forgetPassword': gives<{ removed: boolean }>()(z.strictObject(one)),
  'servers.delete': gives<void>()(z.strictObject(one)),
  /** Files for other programs; none holds a password. */
  'servers.export': gives<ExportedFile[]>()(
    z.strictObject({
      format: z.enum(EXPORT_FORMATS),
      servers: z.array(z.strictObject({ id: z.string(), name: z.string(), address: z.string().min(1) })),
      user: z.string().min(1),
      group: z.string(),
      desktop: desktopOptions.optional(),
      via: sshHost.optional(),
    }),
  ),
} as const satisfies Record<string, Call<z.ZodType, unknown>>;
