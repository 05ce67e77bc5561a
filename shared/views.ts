// What the backend shows to a front: plain data without behaviour, the results and payloads of the contract.

import type { ErrorData } from './errors.ts';
import type { Inspection } from './inspection.ts';
import type { HostSpec, Plan } from './plan.ts';
import type { Progress, StageId, StageState } from './stages.ts';
import type { ImageView } from './views-image.ts';
import type { LaunchedView } from './views-launch.ts';

/** Where Casement runs and what it can offer there. */
export interface AppInfo {
  readonly version: string;
  readonly platform: string;
  readonly front: 'electron' | 'served' | 'cli';
  /** Why Electron did not start, when the served front stands in for it. */
  readonly frontReason: string | null;
  readonly practice: PracticeInfo;
}

/** Whether the practice laboratory can run here; `needs` says in one sentence what is missing. */
export interface PracticeInfo {
  readonly available: boolean;
  readonly running: boolean;
  readonly needs: string | null;
}

/** One finding of the host check. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'warned' | 'unknown';
  /** What was found, e.g. `QEMU 7.2.15`. */
  readonly value: string;
  /** What it means for the admin. */
  readonly meaning: string;
  /** The exact command that fixes it on this distribution, null when nothing needs or knows a fix. */
  readonly fix: string | null;
  /** Whether a build can go on without it. */
  readonly required: boolean;
}

/** Firmware files of the host for UEFI guests; null where a variant is not installed. */
export interface Ovmf {
  readonly code: string;
  readonly vars: string;
}

export type InjectionMethod = 'fuse' | 'guestfish' | 'nbd';

/** Everything one probe of a KVM host found; `durationMs` is wall time on the workstation. */
export interface ProbeReport {
  readonly at: string;
  readonly os: { readonly id: string; readonly version: string; readonly name: string };
  readonly hostname: string;
  readonly user: string;
  readonly home: string;
  readonly root: boolean;
  readonly sudo: boolean;
  readonly qemu: { readonly binary: string; readonly version: string } | null;
  /** `tcg` when KVM is missing or does not really run a guest. */
  readonly accel: 'kvm' | 'tcg';
  readonly cores: number;
  readonly memoryMB: number;
  /** Folder that holds the work folders of all builds, e.g. `/home/me/.casement/builds`. */
  readonly workRoot: string;
  readonly freeBytes: number;
  readonly ovmf: Ovmf | null;
  readonly ovmfSecure: Ovmf | null;
  readonly swtpm: string | null;
  readonly isoTool: string | null;
  readonly injection: InjectionMethod | null;
  readonly curl: boolean;
  /** null when no cloud address was asked about. */
  readonly cloudReachable: boolean | null;
  readonly findings: readonly Finding[];
  readonly durationMs: number;
}

export type HostState = 'disconnected' | 'connecting' | 'connected' | 'reconnecting';

/** A host the admin saved, and how its connection is. */
export interface HostView {
  readonly key: string;
  readonly label: string;
  readonly spec: HostSpec;
  readonly state: HostState;
  readonly error: ErrorData | null;
}

/** One entry of a directory; `name` may hold any character but `/` and NUL and is only ever data. */
export interface DirEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
  readonly link: boolean;
  readonly bytes: number;
  /** ISO time of the last change. */
  readonly modified: string;
}

/** A directory as the file browser shows it; `parent` is null at the root. */
export interface DirListing {
  readonly path: string;
  readonly parent: string | null;
  readonly entries: readonly DirEntry[];
}

/** A question the backend asks the person in front: answered with `question.answer`. */
export interface Question {
  readonly id: string;
  readonly kind: 'host-key' | 'secret' | 'answers' | 'confirm' | 'browser';
  readonly title: string;
  readonly text: string;
  /** For `host-key`: SHA-256 fingerprint as `ssh-keygen -l` prints it. */
  readonly fingerprint: string | null;
  /** For `browser`: the page to sign in on. The question is withdrawn once that is done. */
  readonly url?: string;
  /** One field a prompt; `echo` false means a password field. */
  readonly fields: readonly { readonly label: string; readonly echo: boolean }[];
}

export interface StageView {
  readonly id: StageId;
  readonly state: StageState;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly progress: Progress | null;
  readonly error: ErrorData | null;
  /** In state `waiting`: what it waits for, as a sentence. */
  readonly waitingFor: string | null;
  /** What the stage gave, in words for the admin: label → value. */
  readonly outcome: Readonly<Record<string, string>>;
}

export type RunState = 'ready' | 'running' | 'waiting' | 'failed' | 'cancelled' | 'done';

export interface RunView {
  readonly id: string;
  readonly plan: Plan;
  readonly createdAt: string;
  readonly state: RunState;
  /** Whether this process works on it now; false after a restart until somebody continues it. */
  readonly active: boolean;
  readonly until: StageId;
  readonly stages: readonly StageView[];
  /** Whether a build VM with a screen is running. */
  readonly machine: boolean;
  /** Steps that a hands-free build has told so far, oldest first, in words. */
  readonly told: readonly string[];
  /** What the look at the finished disk found; null until then. */
  readonly inspection: Inspection | null;
  /** What later steps need; null until known. */
  readonly imageId: string | null;
  /** Every server of the launch; `serverId` and `address` are those of the first good one. */
  readonly servers: readonly LaunchedView[];
  readonly serverId: string | null;
  readonly address: string | null;
}

/** One picture of the build VM's screen that was kept; `at` is its ISO time. */
export interface Picture {
  readonly name: string;
  readonly at: string;
}

/** One line of a run's journal, as `casement run --json` prints it too. */
export interface JournalLine {
  readonly at: string;
  readonly run: string;
  readonly stage: StageId | null;
  readonly state: 'started' | 'progress' | 'done' | 'failed' | 'skipped' | 'waiting' | 'note' | 'cancelled';
  readonly done?: number;
  readonly total?: number | null;
  readonly unit?: Progress['unit'];
  readonly message?: string;
  readonly error?: ErrorData;
  /** What the stage found out, merged over earlier facts: a continued run works on from these. Never a secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** With `done`: the stage's outcome in words, label → value. */
  readonly outcome?: Readonly<Record<string, string>>;
}

/** A file that was recognised or put on the host. */
export interface MediaFile {
  /** Absolute path on the host. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type { CloudAbilities, CloudChoice, CloudTrust, CloudView, ProjectView } from './views-cloud.ts';
export type { ImageView } from './views-image.ts';

export interface FlavorView {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMB: number;
  readonly diskGB: number;
  /** Why it cannot carry the image, null when it can. */
  readonly unfit: string | null;
}

export interface NetworkView {
  readonly id: string;
  readonly name: string;
  readonly external: boolean;
  /** Made by the operator for several projects; its addresses are usually reached directly. */
  readonly shared: boolean;
  readonly subnets: readonly string[];
  /** Whether it hands out addresses, without which Windows reaches no metadata service. */
  readonly dhcp: boolean;
  /** Id of the external network that a router joins it to, where its floating IPs come from; null without a router. */
  readonly gateway: string | null;
}

export interface KeypairView {
  readonly name: string;
  readonly type: string;
  readonly fingerprint: string;
  /** Only ssh-rsa keys can receive a Windows password. */
  readonly canReceivePassword: boolean;
}

/** The images of a cloud, and the ways of import its Glance offers. */
export interface GlanceView {
  readonly images: readonly ImageView[];
  readonly importMethods: readonly string[];
  /** Id of the project that is signed in to: the owner of the images that may be replaced. */
  readonly project: string;
}

export interface ServerView {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly addresses: readonly {
    readonly network: string;
    readonly address: string;
    readonly floating: boolean;
  }[];
  readonly image: string | null;
  readonly flavor: string;
  readonly keypair: string | null;
  /** Nova's own words when `status` is ERROR. */
  readonly fault: string | null;
}

/** `not-yet`: Windows has not posted it so far; `never`: it will not come, `reason` says why. */
export type ServerPassword =
  | { readonly state: 'known'; readonly password: string }
  | { readonly state: 'not-yet'; readonly reason: string }
  | { readonly state: 'never'; readonly reason: string };

/** An RDP client found on this workstation. */
export interface RdpClientView {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly version: string;
}

/** An opened desktop session; `state` follows the client's process. */
export interface SessionView {
  readonly id: string;
  readonly server: string;
  /** The server's own address. */
  readonly address: string;
  /** The SSH host of the tunnel to it; null for a direct way. */
  readonly via: string | null;
  readonly state: 'opening' | 'open' | 'closed' | 'failed';
  /** Whether it is on a screen nobody sees: the login was proven, no window opened. */
  readonly hidden: boolean;
  readonly error: ErrorData | null;
}
