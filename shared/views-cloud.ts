// What is shown about clouds and sign-ins.
import type { CloudLimits } from './views-launch.ts';

/** A cloud found in the places where OpenStack looks. */
export interface CloudChoice {
  readonly cloud: string;
  /** Empty for the cloud of the OS_ variables. */
  readonly file: string;
  readonly authUrl: string;
  /** As the file names them; null when it leaves them open. */
  readonly project: string | null;
  readonly region: string | null;
  /** Whether it is taken when nobody chooses: OS_CLOUD, or the only one there is. */
  readonly chosen: boolean;
}

/** A project of Keystone. */
export interface ProjectView {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** What signing in found. */
export interface CloudView {
  readonly authUrl: string;
  readonly user: string;
  readonly project: string;
  readonly region: string | null;
  readonly regions: readonly string[];
  readonly roles: readonly string[];
  readonly tokenExpires: string;
  /** Whether the sign-in renews itself: `no` ends with its token, `asks` needs the person again. */
  readonly renewal: 'yes' | 'asks' | 'no';
  /** false while the certificates of this cloud are not checked. */
  readonly certificateChecked: boolean;
  readonly services: readonly { readonly type: string; readonly name: string; readonly url: string }[];
  /** Whether policy lets this account publish an image to everybody; null when that cannot be told beforehand. */
  readonly publicAllowed: boolean | null;
}

/** What an account may do in its project; null where the cloud does not tell. */
export interface CloudAbilities {
  readonly limits: CloudLimits;
  /** Whether Glance lets this account give an image that visibility. */
  readonly publicImages: boolean | null;
  readonly communityImages: boolean | null;
  readonly networks:
    | readonly { readonly name: string; readonly kind: 'own' | 'shared' | 'external' }[]
    | null;
  readonly keypairs: { readonly total: number; readonly canReceivePassword: number } | null;
  /** The projects this account may enter, the present one among them. */
  readonly projects: readonly ProjectView[];
  /** Id of the present project. */
  readonly project: string;
  /** Why this sign-in cannot be used for another project; null where it can. */
  readonly tied: string | null;
}

/** How a cloud's certificate is judged. */
export interface CloudTrust {
  /** Empty where the source names none. */
  readonly authUrl: string;
  /** false: anybody on the way may read and change what is sent. */
  readonly checked: boolean;
}
