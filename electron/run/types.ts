// What a stage is, and what it works with. Types only.
import type { Inspection } from '../../shared/inspection.ts';
import type { LoginProof } from '../../shared/login-proof.ts';
import type { Plan } from '../../shared/plan.ts';
import type { DesktopOptions } from '../../shared/plan-connect.ts';
import type { StageId } from '../../shared/stages.ts';
import type { MediaFile, ProbeReport } from '../../shared/views.ts';
import type { LaunchedView } from '../../shared/views-launch.ts';
import type { Cloud } from '../cloud/types.ts';
import type { Way, WayOptions } from '../connect/index.ts';
import type { Secrets } from '../desktop/port.ts';
import type { Injected } from '../guest/types.ts';
import type { Host, OnProgress } from '../host/types.ts';

/** A desktop to sign in to; `server` is Nova's id. */
export interface SignInWish {
  readonly server: string;
  readonly address: string;
  readonly port: number;
  /** The server's own address, where `address` is this end of a tunnel to it. */
  readonly tunnelTo?: string | undefined;
  readonly user: string;
  /** The gateway that leads to it, with the account there. */
  readonly gateway?: ProofGateway | undefined;
}

/** A Remote Desktop Gateway, and the password there where it is another than the server's. */
export interface ProofGateway {
  readonly options: NonNullable<DesktopOptions['gateway']>;
  readonly password: string | null;
}

/**
 * Signs in to a desktop and leaves it. Gives the client's name; throws `verify.no-client` where there is none for it, and
 * the sentence of a refused login.
 */
export type SignIn = (
  wish: SignInWish,
  password: string,
  signal: AbortSignal,
) => Promise<{ readonly client: string }>;

/** Everything a run knows, by the stage that found it out; kept in the journal, never a secret. */
export interface RunFacts {
  readonly until: StageId;
  readonly probe: ProbeReport;
  /** Work folder of this build on the host. */
  readonly dir: string;
  readonly media: Readonly<Record<keyof Plan['media'], MediaFile>>;
  readonly disk: string;
  /** The phase whose build VM is running; null when there is none. */
  readonly machine: StageId | null;
  readonly installed: boolean;
  /** Hands-free: the edition that Setup was told to install; `bytes` unpacked. */
  readonly edition: { readonly index: number; readonly name: string; readonly bytes: number };
  /** Hands-free: the last step of the build script that was noted, as phase and number. */
  readonly buildStep: string;
  readonly injected: Injected;
  readonly generalized: boolean;
  readonly inspection: Inspection;
  /** Size and time of the disk that `inspection` looked at. */
  readonly inspectedStamp: string;
  /** The file that is uploaded, and size and time of the disk that it was made of. */
  readonly imageFile: string;
  readonly imageOf: string;
  readonly sha512: string;
  /** Size and time of the file that `sha512` belongs to. */
  readonly diskStamp: string;
  readonly diskBytes: number;
  readonly imageId: string;
  /** Every server of the launch; `serverId` and `address` are those of the first good one. */
  readonly servers: readonly LaunchedView[];
  /** What the login proof found; its image is `imageId`. */
  readonly loginProof: LoginProof;
  readonly serverId: string;
  readonly address: string;
  readonly opened: string;
}
export type Facts = Partial<RunFacts>;

/** What a stage found out (`facts`) and how to say it (`outcome`: label → value). */
export interface StageResult {
  readonly facts: Facts;
  readonly outcome: Readonly<Record<string, string>>;
  /** Set when it turned out that this stage cannot be done here; the sentence says why. */
  readonly skipped?: string;
}

/** A desktop to open: `opened` resolves once somebody is logged in. */
export interface DesktopWish {
  readonly run: string;
  readonly plan: Plan;
  readonly server: string;
  readonly address: string;
}

/** What the stages get from the backend: connections that are shared with other runs and with the wizard. */
export interface Ports {
  host(plan: Plan, signal: AbortSignal): Promise<Host>;
  cloud(plan: Plan): Promise<Cloud>;
  readonly secrets: Secrets;
  /** Where the desktop of a server answers, directly or through a tunnel that the caller closes. */
  way(plan: Plan, addresses: readonly string[], signal: AbortSignal, options?: WayOptions): Promise<Way>;
  /** State folder of Casement on this workstation. */
  readonly home: string;
  /** Signing in on a screen that nobody sees. `missing` says what this computer lacks for it, null when it lacks nothing. */
  readonly trial: { missing(): Promise<string | null>; readonly signIn: SignIn };
  /** Opens the desktop; resolves with the client once logged in, or with why nothing can be opened here. */
  openDesktop(
    wish: DesktopWish,
    signal: AbortSignal,
  ): Promise<{ readonly client: string } | { readonly skipped: string }>;
}

export interface StageContext {
  readonly run: string;
  readonly plan: Plan;
  readonly facts: Facts;
  /** Marks this run's image and server, so that a second start finds what the first one made. */
  readonly tag: string;
  readonly ports: Ports;
  readonly progress: OnProgress;
  /** Writes facts to the journal before the stage has ended, so that a kill does not lose them. */
  note(facts: Facts, message: string): Promise<void>;
  /** Says that a person must act now; `sentence` is what it waits for. */
  waiting(sentence: string): Promise<void>;
  /** Says that the work of an earlier stage counts no more: it is shown as to be done again. */
  undone(stage: StageId, message: string): Promise<void>;
}

/** One step of a run. Everything it does on host or cloud may be done twice without harm. */
export interface Stage {
  readonly id: StageId;
  readonly needs: readonly (keyof RunFacts)[];
  readonly gives: readonly (keyof RunFacts)[];
  /** Why the plan does without this stage; null when it wants it. */
  readonly skip: (plan: Plan) => string | null;
  /** Whether it is already done, asked on the real host or cloud; null when it is not. */
  readonly check: (context: StageContext, signal: AbortSignal) => Promise<StageResult | null>;
  readonly run: (context: StageContext, signal: AbortSignal) => Promise<StageResult>;
  /** Cleans what a cancel would leave behind; says what it cleaned. Knows nothing done needs to go. */
  readonly undo: (context: StageContext, done: boolean) => Promise<readonly string[]>;
}
