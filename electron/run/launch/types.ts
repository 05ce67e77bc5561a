// What is known before a launch, gathered from cloud and workstation. Types only.
import type { ServerSpec } from '../../../shared/plan-server.ts';
import type { FlavorView, ImageView, KeypairView, NetworkView } from '../../../shared/views.ts';
import type { CloudLimits, SecurityGroupView } from '../../../shared/views-launch.ts';

/** The private key file beside the key pair: its facts, why it is of no use, or null while that cannot be told. */
export type KeyFile =
  | { readonly type: string; readonly fingerprint: string }
  | { readonly problem: string }
  | null;

/** Everything that the checks before a launch look at. */
export interface LaunchFacts {
  readonly spec: ServerSpec;
  readonly names: readonly string[];
  /** How many of them a launch that was interrupted made already. */
  readonly launched: number;
  /** Names of other servers of the project. */
  readonly taken: readonly string[];
  /** null before it was published. */
  readonly image: Pick<ImageView, 'status' | 'properties'> | null;
  /** Disk (GiB) and memory (MiB) that Windows in the image needs. */
  readonly need: { readonly minDiskGB: number; readonly minRamMB: number };
  readonly flavors: readonly FlavorView[];
  readonly networks: readonly NetworkView[];
  readonly groups: readonly SecurityGroupView[];
  /** Floating IPs of the project that hang on nothing, as ids of their pools. */
  readonly freeFloatingIps: readonly string[];
  readonly zones: readonly string[];
  readonly limits: CloudLimits;
  readonly keypairs: readonly KeypairView[];
  readonly keyFile: KeyFile;
  /** The chosen password; null when Windows makes one, or while it is not typed. */
  readonly password: string | null;
  readonly account: string;
  /** The text of the user data; `problem` when its file cannot be read, null when there is none. */
  readonly userData: string | { readonly problem: string } | null;
  /** This computer's address as CIDR; null where none was found. */
  readonly ownAddress: string | null;
}
