// The calls about launching servers and looking at their consoles.
import { z } from 'zod';
import { gives } from './contract-call.ts';
import { cloudSource } from './plan.ts';
import { serverSpec } from './plan-server.ts';
import { CONSOLE_KINDS, type ConsoleView, type LaunchFinding, type LaunchOptions } from './views-launch.ts';

const oneServer = { cloud: cloudSource, server: z.string().min(1) };

export const launchCalls = {
  /** What there is to choose from besides flavors, networks and key pairs. */
  'launch.options': gives<LaunchOptions>()(z.strictObject({ cloud: cloudSource })),
  /** What speaks for and against a launch. `image` is its id, null before it was published; nothing is launched. */
  'launch.check': gives<LaunchFinding[]>()(
    z.strictObject({
      cloud: cloudSource,
      server: serverSpec,
      image: z.string().min(1).nullable(),
      minDiskGB: z.number(),
      minRamMB: z.number(),
      /** The account that will get the password, as long as no image says which. */
      account: z.string().min(1).optional(),
      /** A chosen password that is not kept yet, and the passphrase of the private key. */
      password: z.string().optional(),
      passphrase: z.string().optional(),
      /** The run that may have launched some of the servers already. */
      run: z.string().optional(),
    }),
  ),
  /** How many servers of a run still carry the chosen password in their metadata. */
  'launch.passwords': gives<{ readonly standing: number }>()(z.strictObject({ run: z.string().min(1) })),
  /** Takes it out of the metadata of all of them. */
  'launch.forgetPasswords': gives<{ readonly removed: number }>()(z.strictObject({ run: z.string().min(1) })),
  'console.log': gives<{ readonly text: string }>()(
    z.strictObject({ ...oneServer, lines: z.number().int().min(1).max(10_000) }),
  ),
  'console.url': gives<ConsoleView>()(
    z.strictObject({ ...oneServer, kind: z.enum(CONSOLE_KINDS).optional() }),
  ),
};

/** The VNC bytes of a server's console, through Nova's proxy. */
export const consoleStream = z.strictObject(oneServer);
