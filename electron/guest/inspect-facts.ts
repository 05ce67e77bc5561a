// What an inspection asks a disk for, and what it knows afterwards: each thing with the place where it was looked for.
// Tables and types only. Source of the names: section by section as in Microsoft's "Windows Setup states" and "Sysprep process
// overview", the INF files of virtio-win, the installer of Cloudbase-Init, libguestfs' virt-v2v.
import type { RegistryData } from './hive.ts';
import type { Partition } from './partitions.ts';
import type { WindowsLocation } from './types.ts';

/** One thing that was looked for: there, not there, or hidden from us. `where` is a path or a registry value. */
export type Seen<T> =
  | { readonly state: 'found'; readonly value: T; readonly where: string }
  | { readonly state: 'absent'; readonly where: string }
  | { readonly state: 'unreadable'; readonly where: string; readonly why: string };

export type HiveName = 'SYSTEM' | 'SOFTWARE';

const SETUP_STATE = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const VERSION = 'Microsoft\\Windows NT\\CurrentVersion';
const UPDATES = 'Microsoft\\Windows\\CurrentVersion';
const SERVICES = 'CurrentControlSet\\Services';
const FIREWALL = `${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy`;
const TERMINAL = 'CurrentControlSet\\Control\\Terminal Server';

/** Registry values: hive, key, name. */
export const VALUES = {
  productName: ['SOFTWARE', VERSION, 'ProductName'],
  build: ['SOFTWARE', VERSION, 'CurrentBuild'],
  installationType: ['SOFTWARE', VERSION, 'InstallationType'],
  imageState: ['SOFTWARE', SETUP_STATE, 'ImageState'],
  generalization: ['SYSTEM', 'Setup\\Status\\SysprepStatus', 'GeneralizationState'],
  cleanup: ['SYSTEM', 'Setup\\Status\\SysprepStatus', 'CleanupState'],
  setupType: ['SYSTEM', 'Setup', 'SetupType'],
  viostorStart: ['SYSTEM', `${SERVICES}\\viostor`, 'Start'],
  viostorGroup: ['SYSTEM', `${SERVICES}\\viostor`, 'Group'],
  vioscsiStart: ['SYSTEM', `${SERVICES}\\vioscsi`, 'Start'],
  vioscsiGroup: ['SYSTEM', `${SERVICES}\\vioscsi`, 'Group'],
  netkvmStart: ['SYSTEM', `${SERVICES}\\netkvm`, 'Start'],
  denyRdp: ['SYSTEM', TERMINAL, 'fDenyTSConnections'],
  rdpPort: ['SYSTEM', `${TERMINAL}\\WinStations\\RDP-Tcp`, 'PortNumber'],
  nla: ['SYSTEM', `${TERMINAL}\\WinStations\\RDP-Tcp`, 'UserAuthentication'],
  rdpService: ['SYSTEM', `${SERVICES}\\TermService`, 'Start'],
  firewallDomain: ['SYSTEM', `${FIREWALL}\\DomainProfile`, 'EnableFirewall'],
  firewallPrivate: ['SYSTEM', `${FIREWALL}\\StandardProfile`, 'EnableFirewall'],
  firewallPublic: ['SYSTEM', `${FIREWALL}\\PublicProfile`, 'EnableFirewall'],
  cloudbaseStart: ['SYSTEM', `${SERVICES}\\cloudbase-init`, 'Start'],
  guestAgentStart: ['SYSTEM', `${SERVICES}\\QEMU-GA`, 'Start'],
  renames: ['SYSTEM', 'CurrentControlSet\\Control\\Session Manager', 'PendingFileRenameOperations'],
  fastStartup: ['SYSTEM', 'CurrentControlSet\\Control\\Session Manager\\Power', 'HiberbootEnabled'],
  clockIsUtc: ['SYSTEM', 'CurrentControlSet\\Control\\TimeZoneInformation', 'RealTimeIsUniversal'],
} as const satisfies Record<string, readonly [HiveName, string, string]>;

/** Registry keys whose subkeys are looked at: their presence alone says something. */
export const KEYS = {
  servicing: ['SOFTWARE', `${UPDATES}\\Component Based Servicing\\RebootPending`],
  updates: ['SOFTWARE', `${UPDATES}\\WindowsUpdate\\Auto Update\\RebootRequired`],
  cloudbaseRuns: ['SOFTWARE', 'Cloudbase Solutions\\Cloudbase-Init'],
} as const satisfies Record<string, readonly [HiveName, string]>;

/** The registry key whose values are the firewall's rules. */
export const FIREWALL_RULES = ['SYSTEM', `${FIREWALL}\\FirewallRules`] as const;

const CLOUDBASE = 'Program Files\\Cloudbase Solutions\\Cloudbase-Init\\conf';
const DRIVERS = 'Windows\\System32\\drivers';

/** Files whose presence counts. */
export const FILES = {
  sysprepTag: 'Windows\\System32\\Sysprep\\Sysprep_succeeded.tag',
  viostor: `${DRIVERS}\\viostor.sys`,
  vioscsi: `${DRIVERS}\\vioscsi.sys`,
  netkvm: `${DRIVERS}\\netkvm.sys`,
  vioser: `${DRIVERS}\\vioser.sys`,
  balloon: `${DRIVERS}\\balloon.sys`,
} as const;

/** Files whose text counts. */
export const TEXTS = {
  stateIni: 'Windows\\Setup\\State\\State.ini',
  sysprepErrors: 'Windows\\System32\\Sysprep\\Panther\\setuperr.log',
  setupComplete: 'Windows\\Setup\\Scripts\\SetupComplete.cmd',
  cloudbaseConf: `${CLOUDBASE}\\cloudbase-init.conf`,
  cloudbaseUnattendConf: `${CLOUDBASE}\\cloudbase-init-unattend.conf`,
} as const;

/** Where answer files stay behind, in the order in which Setup would take them. */
export const ANSWER_FILES = [
  'Windows\\Panther\\Unattend\\Unattend.xml',
  'Windows\\Panther\\Unattend\\Autounattend.xml',
  'Windows\\Panther\\unattend.xml',
  'Windows\\Panther\\Autounattend.xml',
  'Windows\\System32\\Sysprep\\Unattend.xml',
  'Unattend.xml',
  'Autounattend.xml',
] as const;

/** The store of drivers that wait for their device. */
export const DRIVER_STORE = 'Windows\\System32\\DriverStore\\FileRepository';

export interface DiskFacts {
  readonly location: WindowsLocation;
  readonly partitions: readonly Partition[];
  /** Whether the Windows partition begins as BitLocker's do. */
  readonly encrypted: Seen<boolean>;
  readonly dirty: Seen<boolean>;
  /** The first four letters of hiberfil.sys: `hibr` when Windows sleeps in it. */
  readonly hibernation: Seen<string>;
  readonly hives: Readonly<Record<HiveName, Seen<{ readonly clean: boolean }>>>;
  readonly values: Readonly<Record<keyof typeof VALUES, Seen<RegistryData>>>;
  /** Names of the subkeys. */
  readonly keys: Readonly<Record<keyof typeof KEYS, Seen<readonly string[]>>>;
  /** Rule name and definition. */
  readonly firewallRules: Seen<readonly { readonly name: string; readonly rule: string }[]>;
  readonly files: Readonly<Record<keyof typeof FILES, Seen<{ readonly bytes: number }>>>;
  readonly texts: Readonly<Record<keyof typeof TEXTS, Seen<string>>>;
  readonly answers: readonly Seen<string>[];
  /** Names of the driver folders. */
  readonly driverStore: Seen<readonly string[]>;
}
