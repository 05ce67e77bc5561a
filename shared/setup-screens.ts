// What Windows Setup shows when it stops and waits for a person although everything is answered, and what that means.
// Pure. Sources: Microsoft "Windows Setup"; reports of builders (cschneegans/unattend-generator 83, 170, 178; quickemu 1918).

export interface SetupScreen {
  readonly id: string;
  /** What the screen shows. */
  readonly shows: string;
  readonly means: string;
  readonly todo: string;
}

export const SETUP_SCREENS: readonly SetupScreen[] = [
  {
    id: 'press-any-key',
    shows: '“Press any key to boot from CD or DVD”, or a list of devices or a shell of the firmware',
    means: 'The key that starts Setup came too late.',
    todo: 'Cancel the build and continue it: the machine starts anew.',
  },
  {
    id: 'language',
    shows: 'A choice of language',
    means:
      'Setup did not take the answers: another CD brings answers of its own, or the language is not on this CD.',
    todo: 'Take the original Windows ISO, not one that somebody has changed.',
  },
  {
    id: 'edition',
    shows: 'A list of editions',
    means: 'The chosen edition is not on this CD.',
    todo: 'Choose the edition again, and start a new build.',
  },
  {
    id: 'product-key',
    shows: 'A field for a product key, or that the key does not match',
    means: 'This Windows wants a product key of its own, or the one given belongs to another edition.',
    todo: 'Give the product key that came with this ISO, and start a new build.',
  },
  {
    id: 'disk',
    shows:
      '“Windows could not apply the unattend answer file’s <DiskConfiguration> (or <ImageInstall>) setting”, or no drive to install on',
    means: 'Setup has no driver for the disk, or the layout does not suit the firmware.',
    todo: 'Take the virtio-win CD that the page “Media” names for this Windows.',
  },
  {
    id: 'windows-11',
    shows: '“This PC can’t run Windows 11”',
    means: 'The machine has less than Windows 11 asks for.',
    todo: 'Give it 2 cores, 4 GB of memory and a 64 GB disk on the page “Disk & machine”.',
  },
  {
    id: 'black',
    shows: 'Nothing, or a blue screen with a stop code',
    means: 'A driver or the processor model does not suit this Windows.',
    todo: 'Newer Windows needs newer drivers: take the current virtio-win CD. Copy the stop code for a search.',
  },
];
