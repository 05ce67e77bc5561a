// The coach beside the embedded screen: the steps of the manual way, as pure data by Windows product. The admin
// ticks them; texts under `type` go behind a "type it for me" button. Source: virtio-win layout, OpenStack image guide.
import type { MachinePlan } from './plan.ts';
import { type WindowsProduct, windowsProduct } from './windows.ts';

export interface CoachStep {
  /** Stable within its phase; what the admin ticked is kept under it. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Texts the admin may have typed into the guest; one that ends with a line feed also presses Enter. */
  readonly type?: readonly { readonly label: string; readonly text: string }[];
}

export interface CoachPhase {
  readonly phase: 'install' | 'cloudbase-init';
  readonly steps: readonly CoachStep[];
}

/** File name under which the Cloudbase-Init installer lies on the desktop of the guest. */
export const INSTALLER = 'CloudbaseInitSetup_x64.msi';

const SHUT_DOWN = { label: 'Shut down', text: 'shutdown /s /t 0\n' };

/** The steps of both phases for one Windows; D: is the Windows CD and E: the virtio CD, as Setup names them. */
export function coachSteps(
  windows: string,
  diskBus: MachinePlan['diskBus'],
  { network }: { readonly network: boolean },
): CoachPhase[] {
  const product = windowsProduct(windows);
  return [
    { phase: 'install', steps: installSteps(product, diskBus, network) },
    { phase: 'cloudbase-init', steps: cloudbaseSteps(product) },
  ];
}

/** Folder of the storage driver on the virtio CD, e.g. `E:\viostor\2k22\amd64`. */
export function driverFolder(windows: string, diskBus: MachinePlan['diskBus']): string {
  const driver = diskBus === 'virtio-blk' ? 'viostor' : 'vioscsi';
  return `E:\\${driver}\\${windowsProduct(windows).virtioFolder}\\amd64`;
}

function installSteps(
  product: WindowsProduct,
  diskBus: MachinePlan['diskBus'],
  network: boolean,
): CoachStep[] {
  const driver = diskBus === 'virtio-blk' ? 'viostor' : 'vioscsi';
  const folder = driverFolder(product.id, diskBus);
  const netkvm = `E:\\NetKVM\\${product.virtioFolder}\\amd64\\netkvm.inf`;
  return [
    {
      id: 'boot',
      title: 'Start from the CD',
      text: 'If the screen says "Press any key to boot from CD or DVD", click into it and press a key within five seconds. When it asks again after a restart, press nothing.',
    },
    ...(product.id === '11' ? [windows11Checks()] : []),
    {
      id: 'edition',
      title: 'Choose language and edition',
      text:
        product.family === 'server'
          ? 'Choose language and keyboard, then the edition. "Desktop Experience" (or "Server with a GUI") has a desktop; this coach assumes it.'
          : 'Choose language, keyboard and edition, and "Custom: Install Windows only" when asked for the kind of installation.',
    },
    {
      id: 'storage-driver',
      title: 'Load the disk driver',
      text: `The list of disks is empty, because Windows does not know this kind of disk yet. Choose "Load driver", then "Browse", and pick the folder ${folder} on the virtio CD. If the virtio CD has another letter than E:, use that one. Instead of browsing, you may press Shift+F10, load the driver with the command below and choose "Refresh". This needs a virtio-win CD of version ${product.virtioWin}.`,
      type: [
        { label: 'Folder', text: folder },
        { label: 'Load it in a Shift+F10 prompt', text: `drvload ${folder}\\${driver}.inf\n` },
      ],
    },
    {
      id: 'partition',
      title: 'Install onto the disk',
      text: 'Choose the unallocated space of disk 0 and go on. Let Setup make the partitions itself. It copies for a while and restarts by itself.',
    },
    firstSignIn(product),
    {
      id: 'prompt',
      title: 'Open a command prompt as administrator',
      text:
        product.osVersion === '6.1'
          ? 'Start, type cmd, then Ctrl+Shift+Enter. The steps below are typed into this window.'
          : 'Press the Windows key, type cmd, then Ctrl+Shift+Enter. The steps below are typed into this window.',
    },
    {
      id: 'network-driver',
      title: 'Install the network driver',
      text: `The cloud gives the server a virtio network card; without this driver it stays unreachable. ${
        network
          ? 'In Device Manager it is the "Ethernet Controller" with the yellow mark: the command below does the same as "Update driver".'
          : 'This build VM has no network card, so the driver is only put into the driver store; Windows takes it from there in the cloud.'
      } If Windows asks whether it may trust the publisher, answer yes.`,
      type: [{ label: 'Install NetKVM', text: `pnputil -i -a ${netkvm}\n` }],
    },
    {
      id: 'rdp',
      title: 'Allow Remote Desktop',
      text: 'This is the switch "Allow remote connections to this computer" of the system settings.',
      type: [
        {
          label: 'Allow Remote Desktop',
          text: 'reg add "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server" /v fDenyTSConnections /t REG_DWORD /d 0 /f\n',
        },
      ],
    },
    firewall(product),
    {
      id: 'shutdown',
      title: 'Shut down',
      text: 'Shut Windows down, do not restart it. Casement sees the end by itself and goes on.',
      type: [SHUT_DOWN],
    },
  ];
}

function windows11Checks(): CoachStep {
  const key = 'HKLM\\SYSTEM\\Setup\\LabConfig';
  return {
    id: 'requirements',
    title: 'Let Setup accept this VM',
    text: 'Windows 11 Setup refuses a computer without a TPM. On its first page press Shift+F10 and set these two values.',
    type: ['BypassTPMCheck', 'BypassSecureBootCheck'].map((value) => ({
      label: value,
      text: `reg add ${key} /v ${value} /t REG_DWORD /d 1 /f\n`,
    })),
  };
}

function firstSignIn(product: WindowsProduct): CoachStep {
  if (product.family === 'server')
    return {
      id: 'sign-in',
      title: 'Set the Administrator password and sign in',
      text: 'Any password that Windows accepts will do: Cloudbase-Init replaces it in every server made from this image. Sign in with Ctrl+Alt+Del from the toolbar, so that the desktop of Administrator is made.',
    };
  return {
    id: 'sign-in',
    title: 'Make a local account and sign in',
    text:
      product.id === '11'
        ? 'Windows 11 asks for a network. Press Shift+F10, type the command below, and after the restart choose "I don\'t have internet". Then make a local account.'
        : 'Make a local account ("Domain join instead" or "Offline account" where Windows asks) and sign in.',
    ...(product.id === '11' ? { type: [{ label: 'Skip the network', text: 'OOBE\\BYPASSNRO\n' }] } : {}),
  };
}

function firewall(product: WindowsProduct): CoachStep {
  if (!product.remoteDesktopRules)
    return {
      id: 'firewall',
      title: 'Open the firewall for Remote Desktop',
      text: 'The firewall keeps Remote Desktop out until its rule group is switched on. This works in every language of Windows.',
      type: [
        {
          label: 'Switch the rules on',
          text: 'netsh advfirewall firewall set rule group="@FirewallAPI.dll,-28752" new enable=yes\n',
        },
      ],
    };
  return {
    id: 'firewall',
    title: 'Open the firewall for Remote Desktop',
    text: `Three inbound rules must be on: Remote Desktop - Shadow (TCP-In), User Mode (TCP-In) and User Mode (UDP-In). The command uses their internal names and so works in every language of Windows.${
      product.id === '2012' ? ' Server 2012 may say that it has no Shadow rule; that does no harm.' : ''
    }`,
    type: [
      {
        label: 'Switch the three rules on',
        text: 'powershell -Command "Enable-NetFirewallRule -Name RemoteDesktop-Shadow-In-TCP,RemoteDesktop-UserMode-In-TCP,RemoteDesktop-UserMode-In-UDP"\n',
      },
    ],
  };
}

function cloudbaseSteps(product: WindowsProduct): CoachStep[] {
  const owner = product.family === 'server' ? 'Administrator' : 'Public';
  return [
    {
      id: 'sign-in',
      title: 'Sign in again',
      text: `Press Ctrl+Alt+Del from the toolbar if Windows asks for it, and sign in ${
        product.family === 'server' ? 'as Administrator' : 'with the account you made'
      }. Do not press a key when the screen speaks of booting from a CD.`,
    },
    {
      id: 'run',
      title: 'Run the Cloudbase-Init installer',
      text: `${INSTALLER} lies on the desktop. Open it and accept the licence. On the page with the options, leave "Use metadata password" checked, choose COM1 as the serial port for logging, and check "Run Cloudbase-Init service as LocalSystem".`,
      type: [{ label: 'User name', text: 'Administrator' }],
    },
    {
      id: 'sysprep',
      title: 'Check "Run Sysprep", leave "Shutdown" unchecked',
      text: 'On the last page check "Run Sysprep to create a generalized image". Do NOT check "Shutdown when Sysprep terminates": there is something left to tidy up. Then choose "Finish" and wait until the Sysprep window is gone.',
    },
    {
      id: 'clean-up',
      title: 'Delete the installer',
      text: 'Open a command prompt as administrator and delete the installer, so that no server made from this image has it on its desktop.',
      type: [{ label: 'Delete the installer', text: `del C:\\Users\\${owner}\\Desktop\\${INSTALLER}\n` }],
    },
    {
      id: 'shutdown',
      title: 'Shut down',
      text: 'Shut Windows down and do not start it again: its next start belongs to the first server. Casement sees the end by itself and goes on.',
      type: [SHUT_DOWN],
    },
  ];
}
