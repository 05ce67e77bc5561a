// Autounattend.xml: what Windows Setup is told, so that nobody has to answer it. Pure.
// Sources: Microsoft "Unattended Windows Setup Reference"; working builders (rgl/windows-vagrant, cloudbase/windows-imaging-tools,
// pbatard/rufus for the checks of Windows 11).
import type { MachinePlan } from '../../shared/plan.ts';
import type { WindowsProduct } from '../../shared/windows.ts';
import { added, answerFile, type Content, hiddenPassword, keyed } from './answer-xml.ts';

/** Everything that Setup asks. */
export interface SetupAnswers {
  readonly product: WindowsProduct;
  readonly machine: Pick<MachinePlan, 'firmware' | 'memoryMB' | 'cores'> & {
    readonly tpm: boolean;
    readonly secureBoot: boolean;
  };
  /** The language of Setup itself: one that is on the CD, or it asks. */
  readonly uiLanguage: string;
  readonly keyboard: string;
  readonly systemLocale: string;
  readonly userLocale: string;
  readonly timeZone: string;
  /** `/IMAGE/INDEX` of the edition. */
  readonly edition: number;
  /** null on evaluation media, which refuse any. */
  readonly productKey: string | null;
  /** Shown as the organization that Windows is registered for. */
  readonly organization: string;
  /** null writes a mask, for an answer file that is only looked at. */
  readonly administratorPassword: string | null;
}

/** The folder on the build CD that Setup searches for drivers on every drive. */
export const DRIVER_FOLDER = '$WinPEDriver$';
/** Letters that the build CD may get: they change with the hardware and from start to start. */
const LETTERS = ['D', 'E', 'F', 'G', 'H'] as const;
/** Drivers without which Setup sees no disk: named one by one, for Setups that ignore the common folder. */
const AT_ONCE = ['viostor', 'vioscsi', 'NetKVM'] as const;

/** Starts a phase of the build script wherever the build CD is. */
export const startPhase = (phase: 'install' | 'seal'): string =>
  `cmd.exe /c "for %i in (${LETTERS.join(' ')}) do if exist %i:\\casement\\build.cmd %i:\\casement\\build.cmd ${phase}"`;

/**
 * Says on COM1 that Setup has begun: a second time means that it began again instead of going on. A machine without COM1
 * must not stop Setup by an exit code.
 */
const SETUP_BEGINS = 'cmd.exe /c ">COM1 echo casement: begin setup 0& exit 0"';

/** The Windows checks of an upgrade to 11 that a machine may fail, and whether it does. MiB and cores as Microsoft asks. */
const CHECKS: readonly (readonly [name: string, fails: (machine: SetupAnswers['machine']) => boolean])[] = [
  ['BypassTPMCheck', ({ tpm }) => !tpm],
  ['BypassSecureBootCheck', ({ secureBoot }) => !secureBoot],
  ['BypassRAMCheck', ({ memoryMB }) => memoryMB < 4096],
  ['BypassCPUCheck', ({ cores }) => cores < 2],
];

/** Windows registers an organization of at most this many characters. */
const ORGANIZATION = 63;

/** The answer file of Setup. Texts may hold any character: they are escaped here. */
export function setupAnswerFile(answers: SetupAnswers): string {
  const { product } = answers;
  return answerFile([
    [
      'windowsPE',
      [
        [
          'Microsoft-Windows-International-Core-WinPE',
          { SetupUILanguage: { UILanguage: answers.uiLanguage }, ...locales(answers) },
        ],
        ['Microsoft-Windows-PnpCustomizationsWinPE', { DriverPaths: { PathAndCredentials: driverPaths() } }],
        ['Microsoft-Windows-Setup', windowsSetup(answers)],
      ],
    ],
    [
      'specialize',
      [
        ['Microsoft-Windows-Shell-Setup', { ComputerName: '*', TimeZone: answers.timeZone }],
        ['Microsoft-Windows-Security-SPP-UX', { SkipAutoActivation: true }],
        ...remoteDesktop(),
        [
          'Microsoft-Windows-Deployment',
          { ...commands(specializeCommands(product)), ExtendOSPartition: { Extend: true } },
        ],
      ],
    ],
    [
      'oobeSystem',
      [
        ['Microsoft-Windows-International-Core', locales(answers)],
        [
          'Microsoft-Windows-Shell-Setup',
          {
            OOBE: firstPages(product),
            UserAccounts: {
              AdministratorPassword: hiddenPassword(answers.administratorPassword, 'AdministratorPassword'),
            },
            AutoLogon: {
              Enabled: true,
              // The build script restarts Windows a few times, and ends this itself.
              LogonCount: 9,
              Username: 'Administrator',
              Password: hiddenPassword(answers.administratorPassword, 'Password'),
            },
            FirstLogonCommands: {
              SynchronousCommand: added(
                [{ CommandLine: startPhase('install'), Description: 'Casement build script' }],
                true,
              ),
            },
            TimeZone: answers.timeZone,
          },
        ],
        [
          'Microsoft-Windows-SecureStartup-FilterDriver',
          product.encryptsItself ? { PreventDeviceEncryption: true } : {},
        ],
      ],
    ],
  ]);
}

/** The three components that let Remote Desktop in, for any answer file. */
export function remoteDesktop(): (readonly [string, Content])[] {
  return [
    ['Microsoft-Windows-TerminalServices-LocalSessionManager', { fDenyTSConnections: false }],
    // 1: only who has proven the password sees a desktop (NLA).
    ['Microsoft-Windows-TerminalServices-RDP-WinStationExtensions', { UserAuthentication: 1 }],
    [
      'Networking-MPSSVC-Svc',
      {
        FirewallGroups: {
          FirewallGroup: keyed([
            // The group's resource is the same in every language of Windows; without a profile it would be the domain's.
            ['RemoteDesktop', { Active: true, Group: '@FirewallAPI.dll,-28752', Profile: 'all' }],
          ]),
        },
      },
    ],
  ];
}

/** Keyboard, programs' language and formats, as both International-Core components take them. */
export function locales(
  answers: Pick<SetupAnswers, 'keyboard' | 'systemLocale' | 'userLocale' | 'uiLanguage'>,
) {
  return {
    InputLocale: answers.keyboard,
    SystemLocale: answers.systemLocale,
    UILanguage: answers.uiLanguage,
    UserLocale: answers.userLocale,
  };
}

/** Which pages of the first start are left out; 3 leaves the protection settings as they are. */
export function firstPages(product: WindowsProduct): Content {
  return {
    HideEULAPage: true,
    ...(product.hidesAccountPages
      ? {
          HideLocalAccountScreen: true,
          HideOEMRegistrationScreen: true,
          HideOnlineAccountScreens: true,
        }
      : {}),
    HideWirelessSetupInOOBE: true,
    ...(product.asksNetworkLocation ? { NetworkLocation: 'Work' } : {}),
    ProtectYourPC: 3,
  };
}

/** Commands of the pass specialize, in their order. */
export function specializeCommands(product: WindowsProduct): Content[] {
  return [
    // Client editions bring the built-in Administrator switched off, and Cloudbase-Init does not switch it on.
    ...(product.family === 'client' ? [{ Path: 'net.exe user Administrator /active:yes' }] : []),
    ...(product.encryptsItself
      ? [registryFlag('HKLM\\SYSTEM\\CurrentControlSet\\Control\\BitLocker', 'PreventDeviceEncryption')]
      : []),
    ...(product.wantsTpm
      ? [registryFlag('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\OOBE', 'BypassNRO')]
      : []),
  ];
}

/** `RunSynchronous` with these commands; nothing without any. */
export function commands(lines: readonly Content[]): { readonly RunSynchronous?: Content } {
  if (lines.length === 0) return {};
  return { RunSynchronous: { RunSynchronousCommand: added(lines, true) } };
}

function windowsSetup(answers: SetupAnswers): Content {
  const { product, machine } = answers;
  const checks = product.wantsTpm ? CHECKS.filter(([, fails]) => fails(machine)) : [];
  return {
    ...commands([
      { Path: SETUP_BEGINS },
      ...checks.map(([name]) => registryFlag('HKLM\\SYSTEM\\Setup\\LabConfig', name)),
    ]),
    DiskConfiguration: { WillShowUI: 'OnError', Disk: disk(machine.firmware) },
    ImageInstall: {
      OSImage: {
        WillShowUI: 'OnError',
        InstallFrom: { MetaData: added([{ Key: '/IMAGE/INDEX', Value: answers.edition }]) },
        InstallTo: { DiskID: 0, PartitionID: machine.firmware === 'uefi' ? 3 : 2 },
      },
    },
    UserData: {
      AcceptEula: true,
      FullName: 'Casement',
      Organization: [...answers.organization].slice(0, ORGANIZATION).join(''),
      // An empty key would make Setup stop and ask.
      ProductKey: {
        ...(answers.productKey === null ? {} : { Key: answers.productKey }),
        WillShowUI: 'OnError',
      },
    },
    DynamicUpdate: { Enable: false, WillShowUI: 'Never' },
  };
}

/** Sizes in MB. No recovery partition behind C:, which would keep it from growing. */
function disk(firmware: MachinePlan['firmware']): Content[] {
  const partitions: readonly { readonly make: object; readonly format: object }[] =
    firmware === 'uefi'
      ? [
          { make: { Type: 'EFI', Size: 100 }, format: { Format: 'FAT32', Label: 'System' } },
          { make: { Type: 'MSR', Size: 16 }, format: {} },
          { make: { Type: 'Primary', Extend: true }, format: WINDOWS_VOLUME },
        ]
      : [
          {
            make: { Type: 'Primary', Size: 350 },
            format: { Active: true, Format: 'NTFS', Label: 'System Reserved' },
          },
          { make: { Type: 'Primary', Extend: true }, format: WINDOWS_VOLUME },
        ];
  return added([
    {
      DiskID: 0,
      WillWipeDisk: true,
      CreatePartitions: {
        CreatePartition: added(
          partitions.map(({ make }) => make as Content),
          true,
        ),
      },
      ModifyPartitions: {
        ModifyPartition: added(
          partitions.map(({ format }, index) => ({ PartitionID: index + 1, ...format })),
          true,
        ),
      },
    },
  ]);
}

const WINDOWS_VOLUME = { Format: 'NTFS', Label: 'Windows', Letter: 'C' };

/** Folders that do not exist are passed over by Setup. */
function driverPaths(): Content[] {
  const paths = LETTERS.flatMap((letter) =>
    AT_ONCE.map((driver) => `${letter}:\\${DRIVER_FOLDER}\\${driver}`),
  );
  return keyed(paths.map((path, index) => [String(index + 1), { Path: path }]));
}

const registryFlag = (key: string, name: string): Content => ({
  Path: `reg add "${key}" /v ${name} /t REG_DWORD /d 1 /f`,
});
