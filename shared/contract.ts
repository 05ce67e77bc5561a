// The contract between every front and the one backend: calls, events and byte streams. Both sides infer their
// types from these maps; arguments are parsed with their schema where they enter the backend.
import { z } from 'zod';
import { gives } from './contract-call.ts';
import { consoleStream, launchCalls } from './contract-launch.ts';
import { serverCalls } from './contract-servers.ts';
import type { MediaFacts } from './media-facts.ts';
import { cloudSource, hostSpec, mediaSource, planSchema } from './plan.ts';
import { STAGES } from './stages.ts';
import type * as view from './views.ts';
import type { ConnectProgress, ServerPage } from './views-servers.ts';

const none = z.strictObject({});
const run = z.strictObject({ run: z.string().min(1) });
const host = z.strictObject({ host: hostSpec });
const stage = z.enum(STAGES);
const cloud = z.strictObject({ cloud: cloudSource });
const path = z.string().min(1);

export const calls = {
  'app.info': gives<view.AppInfo>()(none),
  /** What was typed and not yet run; kept across restarts, secrets excluded by the caller. Free-form JSON. */
  'draft.load': gives<unknown>()(none),
  'draft.save': gives<void>()(z.strictObject({ draft: z.json() })),

  'question.answer': gives<void>()(
    z.strictObject({ id: z.string(), answer: z.union([z.null(), z.array(z.string())]) }),
  ),
  /** Keeps a secret under a name for `keyring:` references; `kept` says where, or that it lasts until quitting only. */
  'secret.put': gives<{ ref: string; kept: 'keyring' | 'memory' }>()(
    z.strictObject({ name: z.string().min(1), value: z.string() }),
  ),

  'host.connect': gives<view.HostView>()(host),
  'host.disconnect': gives<void>()(host),
  'host.probe': gives<view.ProbeReport>()(
    z.strictObject({ host: hostSpec, cloudUrl: z.string().optional(), fresh: z.boolean().optional() }),
  ),
  /** Runs the fix of a finding; its output arrives as `host.output` events. */
  'host.fix': gives<{ exitCode: number }>()(
    z.strictObject({ host: hostSpec, finding: z.string(), sudoPassword: z.string().optional() }),
  ),
  /** Ends a running fix; its call rejects as aborted. Nothing happens when none runs. */
  'host.fix.cancel': gives<void>()(z.strictObject({ host: hostSpec, finding: z.string() })),
  'host.browse': gives<view.DirListing>()(z.strictObject({ host: hostSpec, path: z.string() })),

  /** What a file really is, read from its own structures where it lies. */
  'media.identify': gives<MediaFacts>()(z.strictObject({ host: hostSpec, source: mediaSource })),

  'plan.export': gives<{ yaml: string }>()(z.strictObject({ plan: planSchema })),

  'run.start': gives<view.RunView>()(z.strictObject({ plan: planSchema, until: stage })),
  /** Goes on with a run; a plan given here replaces the parts whose stages have not begun. */
  'run.continue': gives<view.RunView>()(
    z.strictObject({ run: z.string(), plan: planSchema.optional(), until: stage }),
  ),
  'run.cancel': gives<{ cleaned: string[] }>()(run),
  'run.remove': gives<{ cleaned: string[] }>()(run),
  'run.list': gives<view.RunView[]>()(none),
  'run.get': gives<view.RunView>()(run),
  'run.journal': gives<view.JournalLine[]>()(run),

  'machine.command': gives<{ words: string[]; shell: string }>()(
    z.strictObject({ plan: planSchema, run: z.string().optional() }),
  ),
  /** Key combination by QEMU key names, pressed together: `['ctrl','alt','delete']`. */
  'machine.keys': gives<void>()(z.strictObject({ run: z.string(), keys: z.array(z.string()).min(1) })),
  'machine.type': gives<void>()(z.strictObject({ run: z.string(), text: z.string(), layout: z.string() })),
  'machine.screenshot': gives<{ png: string }>()(run),
  /** The film strip of a hands-free build: pictures of the screen, oldest first. */
  'machine.film': gives<view.Picture[]>()(run),
  'machine.picture': gives<{ png: string }>()(z.strictObject({ run: z.string(), name: z.string() })),
  'machine.media': gives<{ drives: { id: string; title: string; file: string | null }[] }>()(run),
  'machine.eject': gives<void>()(z.strictObject({ run: z.string(), drive: z.string() })),
  'machine.insert': gives<void>()(z.strictObject({ run: z.string(), drive: z.string(), path })),
  'machine.reset': gives<void>()(run),
  'machine.powerdown': gives<void>()(run),
  'machine.stop': gives<void>()(run),

  'cloud.choices': gives<view.CloudChoice[]>()(none),
  /** Told without a secret and without signing in. */
  'cloud.trust': gives<view.CloudTrust>()(cloud),
  /** What Glance has and offers: for the page "Publish". */
  'cloud.images': gives<view.GlanceView>()(cloud),
  /** Signs in now; `again` also where a passcode or a browser has let this person in a moment ago. */
  'cloud.check': gives<view.CloudView>()(
    z.strictObject({ cloud: cloudSource, again: z.boolean().optional() }),
  ),
  /** What the account may do; `try` also makes (and deletes) an empty image where nothing else tells. */
  'cloud.abilities': gives<view.CloudAbilities>()(
    z.strictObject({ cloud: cloudSource, try: z.boolean().optional() }),
  ),
  /** The projects of an account, for a sign-in that does not know yet which one. */
  'cloud.projects': gives<view.ProjectView[]>()(cloud),
  'cloud.flavors': gives<view.FlavorView[]>()(
    z.strictObject({ cloud: cloudSource, minDiskGB: z.number(), minRamMB: z.number() }),
  ),
  'cloud.networks': gives<view.NetworkView[]>()(cloud),
  'cloud.keypairs': gives<view.KeypairView[]>()(cloud),
  /** Imports a public key file, or makes an RSA pair and writes the private key (0600) to `privateKey`. */
  'cloud.keypair.import': gives<view.KeypairView>()(
    z.strictObject({ cloud: cloudSource, name: z.string().min(1), publicKeyFile: path }),
  ),
  'cloud.keypair.create': gives<view.KeypairView & { privateKey: string }>()(
    z.strictObject({ cloud: cloudSource, name: z.string().min(1), privateKey: path.optional() }),
  ),
  'cloud.password': gives<view.ServerPassword>()(
    z.strictObject({
      cloud: cloudSource,
      server: z.string(),
      privateKey: path,
      passphrase: z.string().optional(),
    }),
  ),

  'connect.clients': gives<view.RdpClientView[]>()(none),
  'connect.open': gives<view.SessionView>()(run),
  'connect.sessions': gives<view.SessionView[]>()(none),

  ...launchCalls,
  ...serverCalls,

  'practice.start': gives<{ host: z.output<typeof hostSpec>; plan: z.output<typeof planSchema> }>()(none),
  /** Ends bringing the laboratory up; the call that started it rejects as aborted. */
  'practice.cancel': gives<void>()(none),
  'practice.stop': gives<void>()(none),

  /** A native file dialog where the front has one; null when cancelled, `available` false when there is none. */
  'desktop.pickFile': gives<{ available: boolean; path: string | null }>()(
    z.strictObject({ title: z.string(), extensions: z.array(z.string()) }),
  ),
  /** Puts a password on the clipboard for `PASSWORD_STAYS` seconds; false where the page has to do it itself. */
  'desktop.copyPassword': gives<{ copied: boolean }>()(z.strictObject({ password: z.string().min(1) })),
  'desktop.openExternal': gives<void>()(z.strictObject({ url: z.url({ protocol: /^https$/ }) })),
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallArgs<N extends CallName> = z.input<Calls[N]['args']>;
export type CallParsed<N extends CallName> = z.output<Calls[N]['args']>;
export type CallResult<N extends CallName> = Exclude<Calls[N]['result'], undefined>;

/** Event name → payload. */
export interface Events {
  'host.changed': view.HostView;
  'host.output': { readonly key: string; readonly finding: string; readonly text: string };
  question: view.Question;
  /** The question was answered elsewhere or is void. */
  'question.gone': { readonly id: string };
  'run.changed': view.RunView;
  'run.journal': view.JournalLine;
  'session.changed': view.SessionView;
  'servers.page': ServerPage;
  'servers.progress': ConnectProgress;
  'practice.progress': { readonly stage: string; readonly state: string; readonly message: string };
}
export type EventName = keyof Events;

/** Stream name → opening arguments. A stream is a two-way byte channel with credits (see wire.ts). */
export const streams = {
  /** The VNC bytes of a run's build VM. */
  screen: z.strictObject({ run: z.string().min(1) }),
  console: consoleStream,
} as const;
export type StreamName = keyof typeof streams;
export type StreamArgs<N extends StreamName> = z.input<(typeof streams)[N]>;
