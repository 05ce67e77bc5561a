// The answer file that Sysprep hands to every server of the image: Remote Desktop once more, and Cloudbase-Init before the
// first sign-in. Pure. Source: conf/Unattend.xml of cloudbase-init-installer.
import type { WindowsProduct } from '../../shared/windows.ts';
import {
  commands,
  firstPages,
  locales,
  remoteDesktop,
  type SetupAnswers,
  specializeCommands,
} from './answer-setup.ts';
import { answerFile } from './answer-xml.ts';
import { CLOUDBASE_FOLDER } from './cloudbase-conf.ts';

/**
 * Exit 1 restarts Windows and goes on, 0 goes on at once. The command that Cloudbase-Init ships ends with 2 when it fails,
 * which means "restart and do it again": without end, should it fail every time.
 */
const CLOUDBASE = `cmd.exe /c ""${CLOUDBASE_FOLDER}\\Python\\Scripts\\cloudbase-init.exe" --config-file "${CLOUDBASE_FOLDER}\\conf\\cloudbase-init-unattend.conf" && exit 1 || exit 0"`;

type SysprepAnswers = Pick<
  SetupAnswers,
  'uiLanguage' | 'keyboard' | 'systemLocale' | 'userLocale' | 'timeZone'
> & { readonly product: WindowsProduct };

/** The answer file for `sysprep /generalize /oobe`. It holds no password. */
export function sysprepAnswerFile(answers: SysprepAnswers): string {
  const { product } = answers;
  const cloudbase = { Path: CLOUDBASE, Description: 'Cloudbase-Init', WillReboot: 'OnRequest' };
  return answerFile([
    // The drivers stay: a server has the devices that the image was built with.
    ['generalize', [['Microsoft-Windows-PnpSysprep', { PersistAllDeviceInstalls: true }]]],
    [
      'specialize',
      [
        ...remoteDesktop(),
        [
          'Microsoft-Windows-Deployment',
          {
            ...commands([...specializeCommands(product), cloudbase]),
            ExtendOSPartition: { Extend: true },
          },
        ],
      ],
    ],
    [
      'oobeSystem',
      [
        ['Microsoft-Windows-International-Core', locales(answers)],
        ['Microsoft-Windows-Shell-Setup', { OOBE: firstPages(product), TimeZone: answers.timeZone }],
      ],
    ],
  ]);
}
