// What a failed build means, in the words of the admin: the symptoms that Windows leaves in its logs, and what helps. Pure.
// Sources: Microsoft "Sysprep process overview", and reports of builders (rgl/windows-vagrant, dockur/windows, quickemu).

/** A cause in words and what to do about it. */
export interface Symptom {
  readonly id: string;
  readonly whatHappened: string;
  readonly whatToDo: string;
}

const SYMPTOMS: readonly (Symptom & { readonly pattern: RegExp })[] = [
  {
    id: 'bitlocker',
    pattern: /BitLocker is on|0x80310039/i,
    whatHappened: 'Sysprep refused because BitLocker has encrypted drive C:.',
    whatToDo:
      'Take what switches BitLocker on out of your scripts, or build without a TPM, and continue the build: it starts again from the checkpoint.',
  },
  {
    id: 'appx',
    pattern: /was installed for a user, but not provisioned for all users|0x80073cf2/i,
    whatHappened: 'Sysprep refused because an app of the Store was installed or updated for one user only.',
    whatToDo:
      'Keep the build off the network (the default), or remove the app in a script with Remove-AppxPackage, and continue: it starts again from the checkpoint.',
  },
  {
    id: 'rearm',
    pattern: /0xC004D307|maximum allowed number of re-?arms/i,
    whatHappened: 'Sysprep refused because this Windows was generalized too often.',
    whatToDo: 'Start a new build from the original Windows ISO.',
  },
  {
    id: 'disk-configuration',
    pattern: /<DiskConfiguration>/i,
    whatHappened:
      'Setup could not prepare the disk. Nearly always it has no driver for the disk, or the layout does not suit the firmware.',
    whatToDo:
      'Choose the virtio-win CD that fits this Windows (page "Media" says which one), and start again.',
  },
  {
    id: 'product-key',
    pattern: /product key entered does not match|no images are available/i,
    whatHappened: 'The product key does not belong to the chosen edition or to this kind of media.',
    whatToDo: 'Correct the product key, or choose the edition it belongs to, and start again.',
  },
  {
    id: 'windows-11',
    pattern: /This PC can'?t run Windows 11/i,
    whatHappened: 'Setup found that the build VM lacks what Windows 11 asks for.',
    whatToDo: 'Give the VM 2 cores, 4 GB of memory and a 64 GB disk, and start again.',
  },
  {
    id: 'msi',
    pattern: /msiexec\.exe ended with code (\d+)/i,
    whatHappened: 'Windows Installer could not install one of the packages on the build CD.',
    whatToDo:
      'Check on the page "Media" whether this Cloudbase-Init and these drivers fit this Windows, and continue the build.',
  },
  {
    id: 'own-script',
    pattern: /(powershell|cmd)\.exe ended with code \d+.*scripts/i,
    whatHappened: 'One of your own scripts ended with an error.',
    whatToDo: 'Correct the script and continue the build: it starts again from the checkpoint.',
  },
];

/** The first known symptom in what was told and logged; null when none is known. */
export function symptomIn(text: string): Symptom | null {
  const found = SYMPTOMS.find(({ pattern }) => pattern.test(text));
  return found ? { id: found.id, whatHappened: found.whatHappened, whatToDo: found.whatToDo } : null;
}
