// What launching and looking at servers shows to a front: plain data, the results of the contract.
import type { ErrorData } from './errors.ts';

/** The ways in which Nova shows a server's own screen or serial port. */
export const CONSOLE_KINDS = ['novnc', 'spice', 'serial'] as const;
export type ConsoleKind = (typeof CONSOLE_KINDS)[number];

/** Where a console is shown; the address holds a token, so it is a secret for as long as the token lives. */
export interface ConsoleView {
  readonly kind: ConsoleKind;
  readonly url: string;
}

/** How much of something the project uses; `limit` null where there is none. */
export interface Quota {
  readonly used: number;
  readonly limit: number | null;
}

/** What the project may still use; null where the service does not tell. */
export interface CloudLimits {
  readonly instances: Quota | null;
  readonly cores: Quota | null;
  readonly memoryMB: Quota | null;
  /** Metadata items that one server may have. */
  readonly metadataItems: number | null;
  readonly ports: Quota | null;
  readonly floatingIps: Quota | null;
  readonly securityGroups: Quota | null;
  readonly volumes: Quota | null;
  readonly volumeGB: Quota | null;
  /** Whether the catalogue has a block storage service at all. */
  readonly volumesOffered: boolean;
}

/** A security group; `rdpFrom` are the CIDRs that it lets in to TCP port 3389, none when it keeps it closed. */
export interface SecurityGroupView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly rdpFrom: readonly string[];
  /** Whether members of some group (not an address) are let in to it. */
  readonly rdpFromGroups: boolean;
}

/** A floating IP of the project; `port` null while it is free. */
export interface FloatingIpView {
  readonly id: string;
  readonly address: string;
  /** Id of the external network it comes from. */
  readonly network: string;
  readonly port: string | null;
  readonly description: string;
}

/** A port of a server: its place in a network, where a floating IP can be hung. */
export interface PortView {
  readonly id: string;
  readonly network: string;
  readonly addresses: readonly string[];
}

/** What the page "Launch" offers besides flavors, networks and key pairs. */
export interface LaunchOptions {
  readonly limits: CloudLimits;
  readonly securityGroups: readonly SecurityGroupView[];
  /** Floating IPs that hang on nothing. */
  readonly freeFloatingIps: readonly FloatingIpView[];
  readonly zones: readonly string[];
  /** This computer's address as CIDR, proposed as the source that may reach Remote Desktop; null where none was found. */
  readonly ownAddress: string | null;
}

/** One thing that was looked at before a launch; a failed one keeps the launch from beginning. */
export interface LaunchFinding {
  readonly id: string;
  readonly title: string;
  readonly status: 'passed' | 'warned' | 'failed';
  readonly text: string;
  /** What to do about it; null when it passed. */
  readonly fix: string | null;
}

/** How far a server of a launch is; `failed` says why in `error`. */
export type LaunchState = 'ordered' | 'building' | 'starting' | 'password' | 'ready' | 'failed';

/** One server of a launch on its way. */
export interface LaunchedView {
  /** Empty until Nova has taken the order. */
  readonly id: string;
  readonly name: string;
  readonly state: LaunchState;
  readonly address: string | null;
  readonly error: ErrorData | null;
  /** The gateway behind which a server counts as ready without a look at its desktop. */
  readonly gateway?: string;
}

/** What is said of each state. */
export const LAUNCH_WORDS: Readonly<Record<LaunchState, string>> = {
  ordered: 'Nova takes the order',
  building: 'Nova is starting the server',
  starting: 'Windows is starting',
  password: 'Password received; waiting for Remote Desktop',
  ready: 'Remote Desktop answers',
  failed: 'failed',
};

/** How far one server is. Behind a gateway nobody saw its desktop answer. */
export function launchWords({ state, gateway }: Pick<LaunchedView, 'state' | 'gateway'>): string {
  return state === 'ready' && gateway !== undefined
    ? 'Running; only the gateway sees its desktop'
    : LAUNCH_WORDS[state];
}
