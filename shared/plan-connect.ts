// How a desktop is opened, as part of a Plan: which client, which way, how it looks.
import { z } from 'zod';
import { secretRef, sshHost } from './plan-host.ts';

/** The RDP clients that are known, and `auto` for the best one found. */
export const RDP_CLIENTS = [
  'auto',
  'xfreerdp3',
  'xfreerdp',
  'sdl-freerdp',
  'wlfreerdp',
  'wfreerdp',
  'mstsc',
  'windows-app',
] as const;

const oneLine = (text: z.ZodString) => text.regex(/^[^\p{Cc}]*$/u, 'no control characters');

/** How a desktop looks and what of this computer it may use; every client is told in its own words. */
export const desktopOptions = z
  .strictObject({
    size: z
      .string()
      .regex(/^[1-9]\d{2,4}x[1-9]\d{2,4}$/, 'write width and height such as 1600x900')
      .optional()
      .describe('Size of the window in pixels; default: what the client chooses'),
    fullScreen: z.boolean().default(false),
    allMonitors: z.boolean().default(false).describe('Full screen over all monitors'),
    clipboard: z.boolean().default(true).describe('Share the clipboard with the desktop'),
    drive: oneLine(z.string().min(1))
      .optional()
      .describe('Folder of this computer that Windows shows as a drive'),
    sound: z
      .enum(['here', 'server', 'off'])
      .default('off')
      .describe('Where sound is played: on this computer, on the server, or nowhere'),
    gateway: z
      .strictObject({
        address: z
          .string()
          .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/, 'write a name, or name:port')
          .describe('Remote Desktop Gateway (default port 443)'),
        user: oneLine(z.string().min(1)).optional().describe('Account there (DOMAIN\\name or name@domain)'),
        password: secretRef.optional().describe("Without it the server's account is used there too"),
      })
      .optional()
      .describe('A gateway that Windows admins run; not needed for a tunnel over SSH'),
  })
  .describe('How the desktop looks and what of this computer it may use');

export const connectPlan = z.strictObject({
  open: z.boolean().default(true).describe('Open the RDP client when the desktop answers'),
  client: z.enum(RDP_CLIENTS).default('auto'),
  user: z.string().min(1).default('Administrator'),
  via: sshHost
    .optional()
    .describe(
      'SSH host through which the server is reached where its address is not; the KVM host and hosts of earlier builds are tried too',
    ),
  desktop: desktopOptions.optional(),
});

export type DesktopOptions = z.output<typeof desktopOptions>;
