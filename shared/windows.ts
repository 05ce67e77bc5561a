// The Windows catalogue: one row a product. Everything that depends on the Windows version asks this table.
// Sizes are GiB and MiB. Sources: Microsoft "Hardware requirements for Windows Server"; osinfo-db
// data/os/microsoft.com; virtio-win pkg-scripts util/filemap.py; Cloudbase-Init release notes.

type Firmware = 'bios' | 'uefi';

export interface WindowsProduct {
  readonly id: string;
  readonly title: string;
  /** Folder name on the virtio-win CD, `<driver>/<folder>/amd64`. */
  readonly virtioFolder: string;
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
  /** osinfo short id for the Glance property `os_distro`. */
  readonly osinfo: string;
  readonly osVersion: string;
  /** Glance `min_ram` in MiB. */
  readonly minRamMB: number;
  /** NT 6.2 and later know the three Remote Desktop firewall rules (Shadow, User Mode TCP, User Mode UDP). */
  readonly remoteDesktopRules: boolean;
  /** No xHCI driver in NT 6.1: such a guest gets a UHCI tablet. */
  readonly usb: 'uhci' | 'xhci';
  readonly cloudbaseInit: string;
  readonly virtioWin: string;
}

const CLASSIC_9 = 'Microsoft asks for 32 GB; 9 GB is the smallest known to work.';
const CLASSIC_17 = 'Microsoft asks for 32 GB; 17 GB is the smallest known to work.';
const SERVER = 'Microsoft calls 32 GB the absolute minimum; 40 GB leaves room for the page file and updates.';

/** What a row states; the rest of a product follows from it. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly folder: string;
  readonly family: WindowsProduct['family'];
  /** GiB proposed, GiB smallest known to work, and why. */
  readonly disk: readonly [number, number, string];
  /** MiB for the build VM, MiB that a flavor must have. */
  readonly memory: readonly [number, number];
  /** The proposed firmware first. */
  readonly firmware: readonly [Firmware, ...Firmware[]];
  readonly machine: WindowsProduct['machine'];
  /** osinfo short id and NT version. */
  readonly osinfo: readonly [string, string];
  readonly cloudbaseInit: string;
  readonly virtioWin: string;
}

const ROWS: readonly Row[] = [
  {
    id: '2008r2',
    title: 'Windows Server 2008 R2',
    folder: '2k8R2',
    family: 'server',
    disk: [32, 9, CLASSIC_9],
    memory: [2048, 2048],
    firmware: ['bios'],
    machine: 'pc',
    osinfo: ['win2k8r2', '6.1'],
    cloudbaseInit: '1.1.2',
    virtioWin: '0.1.173, or the 2k8R2 folder of 0.1.189 and later',
  },
  {
    id: '2012',
    title: 'Windows Server 2012',
    folder: '2k12',
    family: 'server',
    disk: [40, 17, CLASSIC_17],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'pc',
    osinfo: ['win2k12', '6.2'],
    cloudbaseInit: '1.1.2',
    virtioWin: '0.1.215 or older',
  },
  {
    id: '2012r2',
    title: 'Windows Server 2012 R2',
    folder: '2k12R2',
    family: 'server',
    disk: [40, 17, CLASSIC_17],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'pc',
    osinfo: ['win2k12r2', '6.3'],
    cloudbaseInit: '1.1.6',
    virtioWin: '0.1.215 or older',
  },
  {
    id: '2016',
    title: 'Windows Server 2016',
    folder: '2k16',
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
    folder: '2k19',
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
    folder: '2k22',
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
    folder: '2k25',
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
    folder: 'w7',
    family: 'client',
    disk: [32, 20, 'Microsoft asks for 20 GB.'],
    memory: [4096, 2048],
    firmware: ['bios'],
    machine: 'pc',
    osinfo: ['win7', '6.1'],
    cloudbaseInit: '1.1.2',
    virtioWin: '0.1.173',
  },
  {
    id: '8.1',
    title: 'Windows 8.1',
    folder: 'w8.1',
    family: 'client',
    disk: [40, 20, 'Microsoft asks for 20 GB.'],
    memory: [4096, 2048],
    firmware: ['bios', 'uefi'],
    machine: 'pc',
    osinfo: ['win8.1', '6.3'],
    cloudbaseInit: '1.1.6',
    virtioWin: '0.1.215 or older',
  },
  {
    id: '10',
    title: 'Windows 10',
    folder: 'w10',
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
    folder: 'w11',
    family: 'client',
    disk: [64, 64, 'Microsoft asks for 64 GB.'],
    memory: [6144, 4096],
    firmware: ['uefi'],
    machine: 'q35',
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

function product(row: Row): WindowsProduct {
  const [diskGB, smallestDiskGB, diskReason] = row.disk;
  const [memoryMB, minRamMB] = row.memory;
  const [osinfo, osVersion] = row.osinfo;
  const old = osVersion === '6.1';
  return {
    id: row.id,
    title: row.title,
    virtioFolder: row.folder,
    family: row.family,
    diskGB,
    smallestDiskGB,
    diskReason,
    memoryMB,
    cores: 2,
    firmware: row.firmware[0],
    firmwares: row.firmware,
    machine: row.machine,
    osinfo,
    osVersion,
    minRamMB,
    remoteDesktopRules: !old,
    usb: old ? 'uhci' : 'xhci',
    cloudbaseInit: row.cloudbaseInit,
    virtioWin: row.virtioWin,
  };
}
