// How an integration test reaches the laboratory: `lab env --json`, parsed once a process.
import { execFileSync } from 'node:child_process';

/** What the laboratory tells about itself; see test/lab/README.md. Paths are absolute. */
export interface LabEnv {
  readonly dir: string;
  readonly portBase: number;
  readonly cloud: {
    readonly cloudsYaml: string;
    readonly cloud: string;
    readonly appCredCloud: string;
    readonly openrc: string;
    readonly authUrl: string;
    readonly username: string;
    readonly password: string;
    readonly project: string;
    readonly region: string;
    readonly userDomain: string;
    readonly projectDomain: string;
  };
  readonly admin: { readonly username: string; readonly password: string; readonly project: string };
  readonly hosts: Readonly<
    Record<
      'user' | 'sudo' | 'inner',
      {
        readonly address: string;
        readonly identity: string;
        readonly knownHosts: string;
        readonly password?: string;
        readonly jump?: readonly string[];
      }
    >
  >;
  readonly keys: {
    readonly ed25519: string;
    readonly rsaPem: string;
    readonly encrypted: string;
    readonly passphrase: string;
    readonly ppk?: string;
  };
  readonly media: {
    readonly windowsIso: string;
    readonly virtioIso: string;
    readonly cloudbaseInitMsi: string;
  };
  readonly network: string;
  readonly flavors: readonly string[];
}

let known: LabEnv | undefined;

/** The running laboratory. Throws with the laboratory's own words when it is not up. */
export function labEnv(): LabEnv {
  known ??= JSON.parse(
    execFileSync(process.execPath, ['test/lab/lab.ts', 'env', '--json'], { encoding: 'utf8' }),
  ) as LabEnv;
  return known;
}

/** Addresses of the inner host and of the jump host before it, without user and port. */
export function innerAddresses(): { innerAddress: string; jumpAddress: string } {
  const { address, jump } = labEnv().hosts.inner;
  return { innerAddress: new URL(address).hostname, jumpAddress: new URL(jump?.[0] ?? '').hostname };
}
