// OpenStack as the run and the fronts see it. Types only. May touch: host, shared.
import type { Duplex } from 'node:stream';
import type {
  CloudAbilities,
  CloudView,
  FlavorView,
  ImageView,
  KeypairView,
  NetworkView,
  ServerView,
} from '../../shared/views.ts';
import type { ImageOffer, OfferState } from '../../shared/views-image.ts';
import type {
  CloudLimits,
  ConsoleKind,
  ConsoleView,
  FloatingIpView,
  PortView,
  SecurityGroupView,
} from '../../shared/views-launch.ts';
import type { ServerRow } from '../../shared/views-servers.ts';
import type { Host, OnProgress } from '../host/types.ts';
import type { ImageDetail } from './image-view.ts';

export interface ImageRequest {
  readonly name: string;
  readonly visibility: 'private' | 'shared' | 'community' | 'public';
  readonly format: 'qcow2' | 'raw';
  readonly minDiskGB: number;
  readonly minRamMB: number;
  /** Tags beside the one that marks the run. */
  readonly tags?: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

/** What to change of an image; what is not named stays. */
export interface ImageChanges {
  readonly name?: string;
  readonly visibility?: ImageRequest['visibility'];
  readonly protected?: boolean;
  /** Hidden images do not appear in lists, but servers can still be launched from them by id (`os_hidden`). */
  readonly hidden?: boolean;
  /** All tags, not only new ones. */
  readonly tags?: readonly string[];
  readonly minDiskGB?: number;
  readonly minRamMB?: number;
  /** Properties to add or to replace. */
  readonly set?: Readonly<Record<string, string>>;
  /** Properties to remove; ones that are not there are fine. */
  readonly remove?: readonly string[];
}

/** A project that a shared image is offered to; it sees the image in its lists once it has accepted. */
export interface ImageMember {
  readonly project: string;
  readonly status: OfferState;
}

export interface UploadRequest {
  readonly host: Host;
  /** Work folder of the build on the host (the upload runs there as a detached job). */
  readonly dir: string;
  readonly disk: string;
  readonly bytes: number;
  readonly sha512: string;
  readonly image: string;
  readonly via: 'auto' | 'host' | 'workstation';
  /** Default: direct, one PUT. The others are imports, see `importMethods`. */
  readonly method?: 'direct' | 'glance-direct' | 'web-download';
  /** With `web-download`: where Glance finds the image file. */
  readonly url?: string;
  /** Size of the disk inside; compared where Glance tells its own. */
  readonly virtualBytes?: number;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** What may be asked of a server besides flavor, network and password; nothing is asked where a field is missing. */
export interface ServerWishes {
  /** Ids. */
  readonly securityGroups?: readonly string[];
  /** Boots from a volume made of the image; `keep`: it stays when the server is deleted. */
  readonly volume?: { readonly sizeGB: number; readonly keep: boolean };
  readonly zone?: string;
  readonly configDrive?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Plain text; it is sent as base64. */
  readonly userData?: string;
  readonly tags?: readonly string[];
}

interface ServerBasics extends ServerWishes {
  readonly name: string;
  readonly image: string;
  readonly keypair: string | null;
  /** Sent as `admin_pass` metadata; never logged. */
  readonly adminPass: string | null;
  /** Tag that makes a launch idempotent after a crash. */
  readonly tag: string;
}

/** One server; flavor and network by name or id, null takes the only network there is. */
export interface ServerRequest extends ServerBasics {
  readonly flavor: string;
  readonly network: string | null;
}

/** One of several servers of a launch; flavor and networks by id, no networks leaves the choice to Nova. */
export interface ServerOrder extends ServerBasics {
  readonly flavor: string;
  readonly networks: readonly string[];
  /** Which of the servers of this tag, from 1. */
  readonly index?: number;
}

/** A server of a launch, with what decides about its password. */
export interface LaunchedServer {
  readonly view: ServerView;
  readonly index: number;
  /** ISO time. */
  readonly createdAt: string;
  readonly launchedAt: string | null;
  readonly adminPassGiven: boolean;
  /** Being deleted. */
  readonly leaving: boolean;
}

/** What decides whether a server's password is known, still to come, or will never come. */
export interface PasswordFacts {
  /** Base64; null while Nova answers with an empty one. */
  readonly encrypted: string | null;
  readonly keypair: string | null;
  /** `ssh-rsa`, `ssh-ed25519`, `x509`…; null when the pair is gone or another account's. */
  readonly keyType: string | null;
  /** Nova's status of the server. */
  readonly status: string;
  /** When Nova started it, as it says so (UTC without a zone). */
  readonly launchedAt: string | null;
  /** `admin_pass` stands in its metadata. */
  readonly adminPassGiven: boolean;
}

export type ServerAction = 'start' | 'stop' | 'reboot';

/** A signed-in project; tokens renew themselves before they end and on 401. Errors carry the service's own words. */
export interface Cloud {
  readonly authUrl: string;
  /** false when the settings switch certificate checking off: to be shown as a warning. */
  readonly certificateChecked: boolean;
  view(): Promise<CloudView>;
  /** What the account may do; `mayTry` lets an empty image be made and deleted where nothing else tells. */
  abilities(mayTry: boolean): Promise<CloudAbilities>;
  /** Id of the project that is signed in to. */
  projectId(): Promise<string>;
  /** Public URL of a service type (`image`, `compute`, `network`) from the catalogue. */
  endpoint(type: string): Promise<string>;
  /** Images this project may use, newest first; `hidden` lists the hidden ones instead. */
  images(query?: { readonly hidden?: boolean }): Promise<ImageView[]>;
  image(id: string): Promise<ImageDetail | null>;
  /** Finds the queued or active image of a tag, so that a killed upload continues instead of doubling. */
  imageByTag(tag: string): Promise<ImageView | null>;
  /** Throws `cloud.public-refused` before anything is made when policy forbids the visibility. */
  createImage(request: ImageRequest, tag: string): Promise<ImageView>;
  /**
   * Sends the disk, then compares `os_hash_value`; a mismatch deletes the image and throws `cloud.hash-mismatch`.
   * `cloud.upload-broken` may be tried again with this image, `cloud.upload-stuck` only with a new one.
   */
  uploadImage(request: UploadRequest): Promise<void>;
  /** Changes name, visibility, protection, tags, properties…; may be asked twice. Throws `cloud.image-gone`. */
  updateImage(id: string, changes: ImageChanges): Promise<ImageDetail>;
  /** Import methods that Glance offers; none on clouds without import. */
  importMethods(): Promise<readonly string[]>;
  /** Throws `cloud.no-import` when Glance does not offer this way of sending. */
  checkMethod(method: UploadRequest['method']): Promise<void>;
  /** Projects that a shared image is offered to, and whether each has accepted it. */
  imageMembers(id: string): Promise<readonly ImageMember[]>;
  /** Offers a shared image to further projects; those it is offered to already are fine. */
  shareImage(id: string, projects: readonly string[]): Promise<readonly ImageMember[]>;
  /** Images that other projects share with this one, whatever was answered. */
  imageOffers(): Promise<ImageOffer[]>;
  /** Accepts or rejects one of them for the whole project. Throws `cloud.not-offered`. */
  answerOffer(id: string, answer: Exclude<OfferState, 'pending'>): Promise<void>;
  deleteImage(id: string): Promise<void>;
  flavors(need: { minDiskGB: number; minRamMB: number }): Promise<FlavorView[]>;
  networks(): Promise<NetworkView[]>;
  keypairs(): Promise<KeypairView[]>;
  importKeypair(name: string, publicKey: string): Promise<KeypairView>;
  deleteKeypair(name: string): Promise<void>;
  /** Servers with their flavor, addresses and fault; `tag` limits to those of one launch. */
  servers(tag?: string): Promise<ServerView[]>;
  /** Every server for a long list, page after page; `onPage` hears each as it arrives. */
  serverRows(onPage: (rows: readonly ServerRow[]) => void, signal?: AbortSignal): Promise<void>;
  server(id: string): Promise<ServerView | null>;
  launch(request: ServerRequest): Promise<ServerView>;
  /** Orders one of several servers, whatever exists already; gives its id. */
  createServer(order: ServerOrder): Promise<string>;
  /** The servers of one launch, in one request. */
  launched(tag: string): Promise<LaunchedServer[]>;
  /** The tag of the launch by which Casement made a server; null when it was not Casement, or there is none. */
  launchTag(id: string): Promise<string | null>;
  /** Id of a flavor given by name or id; throws `cloud.no-flavor`. */
  flavorId(nameOrId: string): Promise<string>;
  limits(): Promise<CloudLimits>;
  zones(): Promise<string[]>;
  securityGroups(): Promise<SecurityGroupView[]>;
  /** Makes a group that lets Remote Desktop in from `from` (CIDR) and nothing else. */
  createSecurityGroup(wanted: {
    name: string;
    description: string;
    from: string;
  }): Promise<SecurityGroupView>;
  /** false when a server still uses it. */
  deleteSecurityGroup(id: string): Promise<boolean>;
  floatingIps(): Promise<FloatingIpView[]>;
  serverPorts(id: string): Promise<PortView[]>;
  /** Takes one from a pool (an external network) and hangs it on a port. */
  allocateFloatingIp(wanted: { pool: string; port: string; description: string }): Promise<FloatingIpView>;
  /** Throws `cloud.floating-ip-taken` when the port has one already. */
  assignFloatingIp(id: string, port: string): Promise<FloatingIpView>;
  releaseFloatingIp(id: string): Promise<void>;
  deleteServer(id: string): Promise<void>;
  /** Resolves when Nova has taken the order, not when it is carried out. */
  serverAction(id: string, action: ServerAction): Promise<void>;
  /** The last lines of the serial console, where Cloudbase-Init writes; empty while nothing was written. */
  consoleLog(id: string, lines: number): Promise<string>;
  /** A console of this kind, or the first that the cloud offers; throws `cloud.no-console`. */
  consoleUrl(id: string, kind?: ConsoleKind): Promise<ConsoleView>;
  /** The VNC bytes of a server's noVNC console; throws `cloud.no-console` or `console.unreachable`. */
  consoleStream(id: string): Promise<Duplex>;
  /** Takes one key out of a server's metadata; an absent one is fine too. */
  deleteMetadata(id: string, key: string): Promise<void>;
  /** Base64 of the encrypted password; null while Nova answers with an empty one. */
  encryptedPassword(id: string): Promise<string | null>;
  /** null when there is no such server. */
  passwordFacts(id: string): Promise<PasswordFacts | null>;
  close(): Promise<void>;
}
