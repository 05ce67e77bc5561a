// The Windows catalogue: one row a product. Everything that depends on the Windows version asks this table.
// Sizes are GiB and MiB. Sources: Microsoft "Hardware requirements for Windows Server"; osinfo-db
// data/os/microsoft.com; virtio-win pkg-scripts util/filemap.py; Cloudbase-Init release notes.

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
  readonly firmware: 'bios' | 'uefi';
  /** Firmware kinds this Windows can boot with. */
  readonly firmwares: readonly ('bios' | 'uefi')[];
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

export const WINDOWS: readonly WindowsProduct[] = [
  row(
    '2008r2',
    'Windows Server 2008 R2',
    '2k8R2',
    'server',
    32,
    9,
    CLASSIC_9,
    2048,
    'bios',
    ['bios'],
    'pc',
    'win2k8r2',
    '6.1',
    2048,
    '1.1.2',
    '0.1.173, or the 2k8R2 folder of 0.1.189 and later',
  ),
  row(
    '2012',
    'Windows Server 2012',
    '2k12',
    'server',
    40,
    17,
    CLASSIC_17,
    4096,
    'bios',
    ['bios', 'uefi'],
    'pc',
    'win2k12',
    '6.2',
    2048,
    '1.1.2',
    '0.1.215 or older',
  ),
  row(
    '2012r2',
    'Windows Server 2012 R2',
    '2k12R2',
    'server',
    40,
    17,
    CLASSIC_17,
    4096,
    'bios',
    ['bios', 'uefi'],
    'pc',
    'win2k12r2',
    '6.3',
    2048,
    '1.1.6',
    '0.1.215 or older',
  ),
  row(
    '2016',
    'Windows Server 2016',
    '2k16',
    'server',
    40,
    32,
    SERVER,
    4096,
    'bios',
    ['bios', 'uefi'],
    'q35',
    'win2k16',
    '10.0',
    2048,
    '1.1.8',
    '0.1.285',
  ),
  row(
    '2019',
    'Windows Server 2019',
    '2k19',
    'server',
    40,
    32,
    SERVER,
    4096,
    'bios',
    ['bios', 'uefi'],
    'q35',
    'win2k19',
    '10.0',
    2048,
    '1.1.8',
    '0.1.285',
  ),
  row(
    '2022',
    'Windows Server 2022',
    '2k22',
    'server',
    40,
    32,
    SERVER,
    4096,
    'bios',
    ['bios', 'uefi'],
    'q35',
    'win2k22',
    '10.0',
    2048,
    '1.1.8',
    '0.1.285',
  ),
  row(
    '2025',
    'Windows Server 2025',
    '2k25',
    'server',
    40,
    32,
    SERVER,
    6144,
    'uefi',
    ['uefi', 'bios'],
    'q35',
    'win2k25',
    '10.0',
    4096,
    '1.1.8',
    '0.1.285',
  ),
  row(
    '7',
    'Windows 7',
    'w7',
    'client',
    32,
    20,
    'Microsoft asks for 20 GB.',
    4096,
    'bios',
    ['bios'],
    'pc',
    'win7',
    '6.1',
    2048,
    '1.1.2',
    '0.1.173',
  ),
  row(
    '8.1',
    'Windows 8.1',
    'w8.1',
    'client',
    40,
    20,
    'Microsoft asks for 20 GB.',
    4096,
    'bios',
    ['bios', 'uefi'],
    'pc',
    'win8.1',
    '6.3',
    2048,
    '1.1.6',
    '0.1.215 or older',
  ),
  row(
    '10',
    'Windows 10',
    'w10',
    'client',
    40,
    32,
    'Microsoft asks for 32 GB since version 1903.',
    4096,
    'bios',
    ['bios', 'uefi'],
    'q35',
    'win10',
    '10.0',
    4096,
    '1.1.8',
    '0.1.285',
  ),
  row(
    '11',
    'Windows 11',
    'w11',
    'client',
    64,
    64,
    'Microsoft asks for 64 GB.',
    6144,
    'uefi',
    ['uefi'],
    'q35',
    'win11',
    '10.0',
    4096,
    '1.1.8',
    '0.1.285',
  ),
];

/** Ids of all products, for schemas. */
export const WINDOWS_IDS = WINDOWS.map((product) => product.id) as [string, ...string[]];

/** The row of a product id; throws a plain Error for an id that no schema should have let through. */
export function windowsProduct(id: string): WindowsProduct {
  const found = WINDOWS.find((product) => product.id === id);
  if (!found) throw new Error(`unknown Windows product ${id}`);
  return found;
}

function row(
  id: string,
  title: string,
  virtioFolder: string,
  family: 'server' | 'client',
  diskGB: number,
  smallestDiskGB: number,
  diskReason: string,
  memoryMB: number,
  firmware: 'bios' | 'uefi',
  firmwares: readonly ('bios' | 'uefi')[],
  machine: 'pc' | 'q35',
  osinfo: string,
  osVersion: string,
  minRamMB: number,
  cloudbaseInit: string,
  virtioWin: string,
): WindowsProduct {
  const old = osVersion === '6.1';
  return {
    id,
    title,
    virtioFolder,
    family,
    diskGB,
    smallestDiskGB,
    diskReason,
    memoryMB,
    cores: 2,
    firmware,
    firmwares,
    machine,
    osinfo,
    osVersion,
    minRamMB,
    remoteDesktopRules: !old,
    usb: old ? 'uhci' : 'xhci',
    cloudbaseInit,
    virtioWin,
  };
}
