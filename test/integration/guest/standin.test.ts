// The laboratory's stand-in for Windows Setup obeys an answer file as Setup does: hands-free to a good image with either
// firmware, and stops where Windows stops. Needs QEMU and the Debian packages that build.sh names, no laboratory.
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectDisk } from '../../../electron/guest/index.ts';
import { localHost } from '../../../electron/host/local.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-standin-'));
const media = join(dir, 'media');
const VIRTIO = 'virtio-win-0.1.285.iso';
const DRIVERS = ['viostor', 'vioscsi', 'NetKVM', 'Balloon', 'vioserial'];
const PASSWORD = 'Aa1&<"$(reboot)';

beforeAll(() => {
  execFileSync('bash', ['test/lab/standin/build.sh', media], { stdio: 'pipe' });
}, 600_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Firmware = 'bios' | 'uefi';
type Year = '2022' | '2025';

interface Answers {
  readonly firmware?: Firmware;
  readonly language?: string;
  readonly index?: number;
  readonly key?: string;
  readonly diskId?: number;
  readonly installTo?: number;
}

const component = (name: string, inner: string) =>
  `<component name="${name}" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">${inner}</component>`;
const list = (name: string, items: readonly string[]) =>
  items.map((item, at) => `<${name} wcm:action="add"><Order>${at + 1}</Order>${item}</${name}>`).join('');
const hidden = (element: string) =>
  `<Value>${Buffer.from(PASSWORD + element, 'utf16le').toString('base64')}</Value><PlainText>false</PlainText>`;
const COMMAND =
  'cmd /c "for %i in (D E F G H) do if exist %i:\\casement\\build.cmd %i:\\casement\\build.cmd install"';

function answerFile(answers: Answers = {}): string {
  const uefi = answers.firmware === 'uefi';
  const { language = 'en-US', index = 2, key = '', diskId = 0, installTo = uefi ? 3 : 2 } = answers;
  const partitions = uefi
    ? ['<Type>EFI</Type><Size>100</Size>', '<Type>MSR</Type><Size>16</Size>']
    : ['<Type>Primary</Type><Size>350</Size>'];
  const formats = uefi
    ? ['<Format>FAT32</Format><Label>System</Label>', '', '<Format>NTFS</Format>']
    : ['<Active>true</Active><Format>NTFS</Format>', '<Format>NTFS</Format><Label>Windows</Label>'];
  const paths = ['D', 'E', 'F', 'G', 'H'].flatMap((letter) =>
    DRIVERS.map((name) => `${letter}:\\$WinPEDriver$\\${name}`),
  );
  const windowsPE = [
    component(
      'Microsoft-Windows-International-Core-WinPE',
      `<SetupUILanguage><UILanguage>${language}</UILanguage></SetupUILanguage><UILanguage>${language}</UILanguage>`,
    ),
    component(
      'Microsoft-Windows-PnpCustomizationsWinPE',
      `<DriverPaths>${paths.map((path, at) => `<PathAndCredentials wcm:action="add" wcm:keyValue="${at}"><Path>${path}</Path></PathAndCredentials>`).join('')}</DriverPaths>`,
    ),
    component(
      'Microsoft-Windows-Setup',
      `<RunSynchronous>${list('RunSynchronousCommand', ['<Path>cmd /c &gt;COM1 echo casement: begin setup 0</Path>'])}</RunSynchronous>
      <DiskConfiguration><Disk wcm:action="add"><DiskID>${diskId}</DiskID><WillWipeDisk>true</WillWipeDisk>
      <CreatePartitions>${list('CreatePartition', [...partitions, '<Type>Primary</Type><Extend>true</Extend>'])}</CreatePartitions>
      <ModifyPartitions>${list(
        'ModifyPartition',
        formats.map((format, at) => `<PartitionID>${at + 1}</PartitionID>${format}`),
      )}</ModifyPartitions></Disk></DiskConfiguration>
      <ImageInstall><OSImage><InstallFrom><MetaData wcm:action="add"><Key>/IMAGE/INDEX</Key><Value>${index}</Value></MetaData></InstallFrom>
      <InstallTo><DiskID>0</DiskID><PartitionID>${installTo}</PartitionID></InstallTo></OSImage></ImageInstall>
      <UserData><AcceptEula>true</AcceptEula><ProductKey>${key}<WillShowUI>OnError</WillShowUI></ProductKey></UserData>`,
    ),
  ];
  const specialize = [
    component('Microsoft-Windows-Shell-Setup', '<ComputerName>*</ComputerName><TimeZone>UTC</TimeZone>'),
  ];
  const oobeSystem = [
    component(
      'Microsoft-Windows-Shell-Setup',
      `<UserAccounts><AdministratorPassword>${hidden('AdministratorPassword')}</AdministratorPassword></UserAccounts>
      <AutoLogon><Enabled>true</Enabled><Username>Administrator</Username><LogonCount>3</LogonCount><Password>${hidden('Password')}</Password></AutoLogon>
      <FirstLogonCommands>${list('SynchronousCommand', [`<CommandLine>${COMMAND}</CommandLine>`])}</FirstLogonCommands>`,
    ),
  ];
  const passes = Object.entries({ windowsPE, specialize, oobeSystem });
  return `<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
${passes.map(([pass, components]) => `<settings pass="${pass}">${components.join('')}</settings>`).join('\n')}
</unattend>`;
}

const PHASES = {
  install: ['drivers', 'guest-agent', 'settings', 'again'],
  seal: ['updates', 'scripts', 'cloudbase-init', 'configuration', 'recovery', 'clean', 'retrim', 'sysprep'],
};
const SCRIPT = Object.entries(PHASES)
  .map(
    ([phase, ids]) =>
      `Phase '${phase}' {\n${ids.map((id) => `    Step '${id}' 'It''s ${id}' {\n    }\n`).join('')}}\n`,
  )
  .join('');

interface BuildCd {
  readonly answers: string;
  readonly drivers?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

let cds = 0;
function buildCd({ answers, drivers = '2k22', scripts = {} }: BuildCd): string {
  const root = join(dir, `cd-${++cds}`);
  mkdirSync(join(root, 'casement', 'scripts'), { recursive: true });
  mkdirSync(join(root, '$WinPEDriver$'));
  writeFileSync(join(root, 'Autounattend.xml'), answers);
  for (const name of DRIVERS) {
    const words = ['-extract', `/${name}/${drivers}/amd64`, join(root, '$WinPEDriver$', name)];
    execFileSync('xorriso', ['-osirrox', 'on', '-indev', join(media, VIRTIO), ...words], { stdio: 'pipe' });
  }
  const conf = 'test/lab/standin/cloudbase/conf';
  for (const name of readdirSync(conf)) copyFileSync(join(conf, name), join(root, 'casement', name));
  copyFileSync(join(conf, 'Unattend.xml'), join(root, 'casement', 'sysprep.xml'));
  copyFileSync(join(media, 'CloudbaseInitSetup_x64.msi'), join(root, 'casement', 'CloudbaseInitSetup.msi'));
  const texts = { 'build.cmd': '', 'build.ps1': SCRIPT, 'qemu-ga.msi': 'any' };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(root, 'casement', name), text);
  for (const [name, text] of Object.entries(scripts))
    writeFileSync(join(root, 'casement', 'scripts', name), text);
  execFileSync('genisoimage', [
    '-quiet',
    '-J',
    '-joliet-long',
    '-R',
    '-V',
    'CASEMENT',
    '-o',
    `${root}.iso`,
    root,
  ]);
  return `${root}.iso`;
}

interface Start {
  readonly disk: string;
  readonly cd: string;
  readonly firmware?: Firmware;
  readonly year?: Year;
  readonly from?: 'cd' | 'disk';
  /** The line after which the machine may be ended; without it, it has to end by itself. */
  readonly until?: RegExp;
}

function newDisk(): string {
  const disk = join(dir, `disk-${++cds}.qcow2`);
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '20G']);
  return disk;
}

/** Runs the machine; resolves to the lines of COM1, those of the firmware left out. UEFI is on q35 with virtio-scsi. */
async function start(options: Start): Promise<string[]> {
  const { disk, cd, firmware = 'bios', year = '2022', from = 'cd', until } = options;
  const uefi = firmware === 'uefi';
  const first = (wanted: 'cd' | 'disk') => (from === wanted ? 0 : 10);
  if (uefi && from === 'cd') copyFileSync('/usr/share/OVMF/OVMF_VARS_4M.fd', `${disk}.vars`);
  const flash = (options: string) => ['-drive', `if=pflash,format=raw,${options}`];
  const isos = [join(media, `windows-server-${year}-standin.iso`), cd, join(media, VIRTIO)];
  rmSync(`${disk}.serial`, { force: true });
  const child = spawn(
    'qemu-system-x86_64',
    [
      ...[
        '-nodefaults',
        '-no-user-config',
        '-display',
        'none',
        '-machine',
        uefi ? 'q35' : 'pc',
        '-cpu',
        'Nehalem',
      ],
      ...[
        '-accel',
        'tcg,thread=multi',
        '-smp',
        '2',
        '-m',
        '1024',
        '-boot',
        'strict=on',
        '-vga',
        'std',
        '-nic',
        'none',
      ],
      ...(uefi ? flash('unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd') : []),
      ...(uefi ? flash(`unit=1,file=${disk}.vars`) : []),
      ...['-drive', `if=none,id=disk,format=qcow2,discard=unmap,file=${disk}`],
      ...(uefi ? ['-device', 'virtio-scsi-pci,id=scsi'] : []),
      ...[
        '-device',
        `${uefi ? 'scsi-hd,bus=scsi.0' : 'virtio-blk-pci'},drive=disk,bootindex=${first('disk')}`,
      ],
      ...isos.flatMap((file, at) => [
        ...['-drive', `if=none,id=cd${at},format=raw,readonly=on,file=${file}`],
        ...[
          '-device',
          `ide-cd,bus=ide.${uefi ? at : `${at % 2},unit=${at >> 1}`},drive=cd${at},bootindex=${first('cd') + at}`,
        ],
      ]),
      ...['-serial', `file:${disk}.serial`, '-qmp', `unix:${disk}.qmp,server=on,wait=off`],
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const read = () => {
    try {
      const text = readFileSync(`${disk}.serial`, 'latin1');
      return [...text.matchAll(/(standin|casement): .*$/gm)].map(([line]) => line.trim());
    } catch {
      return [];
    }
  };
  try {
    for (let tenths = 0; child.exitCode === null && tenths < 3000; tenths++) {
      await pause(100);
      const lines = read();
      if (until && lines.some((line) => until.test(line))) break;
      // UEFI media always ask for a key.
      if (uefi && from === 'cd' && tenths % 10 === 9 && tenths < 300 && lines.length === 0)
        pressSpace(`${disk}.qmp`);
    }
    return read();
  } finally {
    if (child.exitCode === null) child.kill();
    await ended;
  }
}

function pressSpace(path: string): void {
  const socket = connect(path);
  socket.on('error', () => {});
  const keys = [{ type: 'qcode', data: 'spc' }];
  for (const command of [{ execute: 'qmp_capabilities' }, { execute: 'send-key', arguments: { keys } }])
    socket.write(`${JSON.stringify(command)}\n`);
  setTimeout(() => socket.destroy(), 300).unref();
}

const casement = (lines: readonly string[]) => lines.filter((line) => line.startsWith('casement: '));
const steps = (phase: keyof typeof PHASES) =>
  PHASES[phase].map((id, at) => `casement: step ${at + 1} ${id} It's ${id}`);

describe('the stand-in with an answer file', { timeout: 400_000 }, () => {
  it.each([
    ['bios', '2022', '20348'],
    ['uefi', '2025', '26100'],
  ] as const)('installs and seals with %s, %s', async (firmware, year, build) => {
    const drivers = `2k${year.slice(2)}`;
    const scripts = {
      '01-a.ps1':
        '# nothing\r\nreg add HKLM\\SOFTWARE\\Demo /v A /t REG_DWORD /d 1 /f\r\nexit 0\r\nnonsense\r\n',
    };
    const cd = buildCd({ answers: answerFile({ firmware }), drivers, scripts });
    const disk = newDisk();
    const installed = await start({ disk, cd, firmware, year });
    expect(casement(installed).filter((line) => !line.includes(': note '))).toEqual([
      'casement: begin setup 0',
      'casement: begin install 4',
      ...steps('install'),
      'casement: end install',
    ]);
    expect(installed.filter((line) => /ask|typed|refused|password/.test(line))).toEqual([]);
    const sealed = await start({ disk, cd, firmware, year, from: 'disk' });
    expect(casement(sealed)).toContain('casement: note 01-a.ps1');
    expect(casement(sealed).filter((line) => !line.includes(': note '))).toEqual([
      'casement: begin seal 8',
      ...steps('seal'),
      'casement: end seal',
    ]);
    expect(await inspectDisk(localHost(), disk)).toMatchObject({ verdict: 'good', build: Number(build) });
  });

  it.each([
    ['a stray byte', { answers: `${answerFile()}x` }, 'answer file ignored', 'screen setup-language'],
    [
      'an unknown prefix',
      { answers: answerFile().replace('xmlns:wcm', 'xmlns:foo') },
      'answer file ignored',
      'screen setup-language',
    ],
    [
      'a language that is not on the media',
      { answers: answerFile({ language: 'fr-FR' }) },
      'answer file found',
      'screen setup-language',
    ],
    [
      'an edition that is not there',
      { answers: answerFile({ index: 9 }) },
      'answer file found',
      'screen setup-edition',
    ],
    ['an empty key', { answers: answerFile({ key: '<Key/>' }) }, 'answer file found', 'screen setup-key'],
    [
      'a key on evaluation media',
      { answers: answerFile({ key: '<Key>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</Key>' }), year: '2025' },
      'refused key-on-evaluation',
      'screen setup-failed',
    ],
    [
      'the drivers of another Windows',
      { answers: answerFile(), drivers: '2k25' },
      'refused disk-configuration no-disk',
      'screen setup-failed',
    ],
    [
      'partitions for UEFI',
      { answers: answerFile({ firmware: 'uefi' }) },
      'refused disk-configuration gpt-on-bios',
      'screen setup-failed',
    ],
    [
      'another disk',
      { answers: answerFile({ diskId: 1 }) },
      'refused disk-configuration disk-id',
      'screen setup-failed',
    ],
    [
      'a partition that is not there',
      { answers: answerFile({ installTo: 5 }) },
      'refused image-install no-partition',
      'screen setup-failed',
    ],
  ] as const)('stops at %s', async (_, { year, ...made }: BuildCd & { year?: Year }, said, screen) => {
    const lines = await start({
      disk: newDisk(),
      cd: buildCd(made),
      ...(year ? { year } : {}),
      until: /screen setup-(language|edition|key|disk|failed|restart)/,
    });
    expect(lines).toContain(`standin: ${said}`);
    expect(lines.at(-1)).toBe(`standin: ${screen}`);
  });
});
