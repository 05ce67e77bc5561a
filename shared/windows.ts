// The Windows catalogue: one row a product. Everything that depends on the Windows version asks this table.
// Sizes are GiB and MiB. Sources, by field: `builds`: build numbers of released media, ranges as
// cloudbase/windows-imaging-tools draws them. `folders`: virtio-win-pkg-scripts util/filemap.py and its issues 61, 65, 116.
// `disk`, `memory`: Microsoft "Hardware requirements for Windows Server", osinfo-db data/os/microsoft.com. `firmware`,
// `tpm`: Microsoft "Windows 11 requirements", osinfo-db. `osinfo`: osinfo-db short ids. `cloudbaseInit`: its releases and
// the Windows that the Python in each of them needs (3.9 ended Windows 7, 3.13 ended 8.1). `virtioWin`: see media-fit.ts.

type Firmware = 'bios' | 'uefi';

export interface WindowsProduct {
  readonly id: string;
  readonly title: string;
  /** First and last build number; server and client share some, and so do several releases of Windows 10. */
  readonly builds: readonly [first: number, last: number];
  /** Folder name on the virtio-win CD, `<driver>/<folder>/amd64`. */
  readonly virtioFolder: string;
  /** An older folder whose drivers this Windows takes too, where newer CDs have none that it accepts. */
  readonly virtioSubstitute: string | null;
  readonly family: 'server' | 'client';
  /** Proposed virtual disk in GiB. */
  readonly diskGB: number;
  /** Smallest disk known to work in GiB, and why that number. */
  readonly smallestDiskGB: number;
  readonly diskReason: string;
  /** Proposed memory of the build VM in MiB. */
  readonly memoryMB: number;
  readonly cores: number;
  readonly firmware: Firmware;
  /** Firmware kinds this Windows can boot with. */
  readonly firmwares: readonly Firmware[];
  readonly machine: 'pc' | 'q35';
  /** Setup asks for a TPM 2.0 and Secure Boot, unless it is told to do without. */
  readonly wantsTpm: boolean;
  /** osinfo short id for the Glance property `os_distro`. */
  readonly osinfo: string;
  readonly osVersion: string;
  /** Glance `min_ram` in MiB. */
  readonly minRamMB: number;
  /** NT 6.2 and later know the three Remote Desktop firewall rules (Shadow, User Mode TCP, User Mode UDP). */
  readonly remoteDesktopRules: boolean;
  /** No xHCI driver in NT 6.1: such a guest gets a UHCI tablet. */
  readonly usb: 'uhci' | 'xhci';
  /** OOBE knows the settings that hide its account pages since NT 6.2; before, they are errors in an answer file. */
  readonly hidesAccountPages: boolean;
  /** OOBE asks for the kind of network up to NT 6.3; later the setting is deprecated. */
  readonly asksNetworkLocation: boolean;
  /** Windows encrypts its drive by itself once it sees a TPM: 24H2 and Server 2025; Sysprep then refuses. */
  readonly encryptsItself: boolean;
  /** The release of Cloudbase-Init to take. */
  readonly cloudbaseInit: string;
  /** The newest one that starts on this Windows; null when the newest of all does. */
  readonly newestCloudbaseInit: string | null;
  readonly virtioWin: string;
}

const CLASSIC_9 = 'Microsoft asks for 32 GB; 9 GB is the smallest known to work.';
const CLASSIC_17 = 'Microsoft asks for 32 GB; 17 GB is the smallest known to work.';
const SERVER = 'Microsoft calls 32 GB the absolute minimum; 40 GB leaves room for the page file and updates.';

/** What a row states; the rest of a product follows from it. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly builds: WindowsProduct['builds'];
  /** The folder of its own drivers, and the older one that it takes too. */
  readonly folders: readonly [string, string?];
  readonly family: WindowsProduct['family'];
  /** GiB proposed, GiB smallest known to work, and why. */
  readonly disk: readonly [number, number, string];
  /** MiB for the build VM, MiB that a flavor must have. */
  readonly memory: readonly [number, number];
  /** The proposed firmware first. */
  readonly firmware: readonly [Firmware, ...Firmware[]];
  readonly machine: WindowsProduct['machine'];
  readonly tpm?: true;
  /** osinfo short id and NT version. */
  readonly osinfo: readonly [string, string];
  readonly cloudbaseInit: string;
  readonly newestCloudbaseInit?: string;
  readonly virtioWin: string;
}

const ROWS: readonly Row[] = [
  {
    id: '2008r2',
    title: 'Windows Server 2008 R2',
    builds: [7601, 7601],
    folders: ['2k8R2', 'w7'],
    family: 'server',
    disk: [32, 9, CLASSIC_9],
    memory: [2048, 2048],
    firmware: ['bios'],
    machine: 'pc',
    osinfo: ['win2k8r2', '6.1'],
    cloudbaseInit: '1.1.2',
    newestCloudbaseInit: '1.1.2',
    virtioWin: '0.1.173, or the 2k8R2 folder of 0.1.189 and later',
  },
  {
    id: '2012',
    title: 'Windows Server 2012',
    builds: [9200, 9200],
    folders: ['2k12', '2k8R2'],
    family: 'server',
    disk: [40, 17, CLASSIC_17],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'pc',
    osinfo: ['win2k12', '6.2'],
    cloudbaseInit: '1.1.2',
    newestCloudbaseInit: '1.1.2',
    virtioWin: '0.1.215 or older',
  },
  {
    id: '2012r2',
    title: 'Windows Server 2012 R2',
    builds: [9600, 9600],
    folders: ['2k12R2', '2k8R2'],
    family: 'server',
    disk: [40, 17, CLASSIC_17],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'pc',
    osinfo: ['win2k12r2', '6.3'],
    cloudbaseInit: '1.1.6',
    newestCloudbaseInit: '1.1.6',
    virtioWin: '0.1.215 or older',
  },
  {
    id: '2016',
    title: 'Windows Server 2016',
    builds: [14393, 16299],
    folders: ['2k16'],
    family: 'server',
    disk: [40, 32, SERVER],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'q35',
    osinfo: ['win2k16', '10.0'],
    cloudbaseInit: '1.1.8',
    virtioWin: '0.1.285',
  },
  {
    id: '2019',
    title: 'Windows Server 2019',
    builds: [17763, 19999],
    folders: ['2k19'],
    family: 'server',
    disk: [40, 32, SERVER],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'q35',
    osinfo: ['win2k19', '10.0'],
    cloudbaseInit: '1.1.8',
    virtioWin: '0.1.285',
  },
  {
    id: '2022',
    title: 'Windows Server 2022',
    builds: [20348, 25999],
    folders: ['2k22'],
    family: 'server',
    disk: [40, 32, SERVER],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'q35',
    osinfo: ['win2k22', '10.0'],
    cloudbaseInit: '1.1.8',
    virtioWin: '0.1.285',
  },
  {
    id: '2025',
    title: 'Windows Server 2025',
    builds: [26100, 26999],
    folders: ['2k25'],
    family: 'server',
    disk: [40, 32, SERVER],
    memory: [6144, 4096],
    firmware: ['uefi', 'bios'],
    machine: 'q35',
    osinfo: ['win2k25', '10.0'],
    cloudbaseInit: '1.1.8',
    virtioWin: '0.1.285',
  },
  {
    id: '7',
    title: 'Windows 7',
    builds: [7601, 7601],
    folders: ['w7', '2k8R2'],
    family: 'client',
    disk: [32, 20, 'Microsoft asks for 20 GB.'],
    memory: [4096, 2048],
    firmware: ['bios'],
    machine: 'pc',
    osinfo: ['win7', '6.1'],
    cloudbaseInit: '1.1.2',
    newestCloudbaseInit: '1.1.2',
    virtioWin: '0.1.173',
  },
  {
    id: '8.1',
    title: 'Windows 8.1',
    builds: [9600, 9600],
    folders: ['w8.1', 'w7'],
    family: 'client',
    disk: [40, 20, 'Microsoft asks for 20 GB.'],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'pc',
    osinfo: ['win8.1', '6.3'],
    cloudbaseInit: '1.1.6',
    newestCloudbaseInit: '1.1.6',
    virtioWin: '0.1.215 or older',
  },
  {
    id: '10',
    title: 'Windows 10',
    builds: [10240, 21999],
    folders: ['w10'],
    family: 'client',
    disk: [40, 32, 'Microsoft asks for 32 GB since version 1903.'],
    memory: [4096, 4096],
    firmware: ['bios', 'uefi'],
    machine: 'q35',
    osinfo: ['win10', '10.0'],
    cloudbaseInit: '1.1.8',
    virtioWin: '0.1.285',
  },
  {
    id: '11',
    title: 'Windows 11',
    builds: [22000, 27999],
    folders: ['w11'],
    family: 'client',
    disk: [64, 64, 'Microsoft asks for 64 GB.'],
    memory: [6144, 4096],
    firmware: ['uefi'],
    machine: 'q35',
    tpm: true,
    osinfo: ['win11', '10.0'],
    cloudbaseInit: '1.1.8',
    virtioWin: '0.1.285',
  },
];

export const WINDOWS: readonly WindowsProduct[] = ROWS.map(product);

/** Ids of all products, for schemas. */
export const WINDOWS_IDS = WINDOWS.map(({ id }) => id) as [string, ...string[]];

/** The row of a product id; throws a plain Error for an id that no schema should have let through. */
export function windowsProduct(id: string): WindowsProduct {
  const found = WINDOWS.find((one) => one.id === id);
  if (!found) throw new Error(`unknown Windows product ${id}`);
  return found;
}

/** Id of the product with this build, null when the catalogue has none. */
export function productOfBuild(build: number, family: WindowsProduct['family']): string | null {
  const found = WINDOWS.find(
    ({ builds: [first, last], family: one }) => first <= build && build <= last && one === family,
  );
  return found?.id ?? null;
}

/** What the build is called in words, where one build stands for several releases. */
export function titleOfBuild(product: string, build: number): string {
  const { title } = windowsProduct(product);
  // Versions 20H2 to 22H2 are switched on in the files of 2004 and keep its number on the media.
  if (product === '10' && build >= 19041 && build <= 19045) return `${title} (version 2004 to 22H2)`;
  if (product === '11' && build >= 26100) return `${title} (version 24H2 or later)`;
  return title;
}

function product(row: Row): WindowsProduct {
  const [diskGB, smallestDiskGB, diskReason] = row.disk;
  const [memoryMB, minRamMB] = row.memory;
  const [osinfo, osVersion] = row.osinfo;
  const old = osVersion === '6.1';
  return {
    id: row.id,
    title: row.title,
    builds: row.builds,
    virtioFolder: row.folders[0],
    virtioSubstitute: row.folders[1] ?? null,
    family: row.family,
    diskGB,
    smallestDiskGB,
    diskReason,
    memoryMB,
    cores: 2,
    firmware: row.firmware[0],
    firmwares: row.firmware,
    machine: row.machine,
    wantsTpm: row.tpm === true,
    osinfo,
    osVersion,
    minRamMB,
    remoteDesktopRules: !old,
    usb: old ? 'uhci' : 'xhci',
    hidesAccountPages: !old,
    asksNetworkLocation: osVersion !== '10.0',
    encryptsItself: row.id === '11' || row.id === '2025',
    cloudbaseInit: row.cloudbaseInit,
    newestCloudbaseInit: row.newestCloudbaseInit ?? null,
    virtioWin: row.virtioWin,
  };
}
