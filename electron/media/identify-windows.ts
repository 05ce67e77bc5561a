// Windows Setup media: what the WIM says decides; the name of the CD is the same for four server versions.
import type { MediaNote, WindowsMediaFacts } from '../../shared/media-facts.ts';
import { productOfBuild, titleOfBuild } from '../../shared/windows.ts';
import type { Boot } from './iso9660.ts';
import { find, type Tree } from './tree.ts';
import { readWim, type WimImage } from './wim.ts';

const ARCHITECTURES: Readonly<Record<number, WindowsMediaFacts['arch']>> = {
  0: 'x86',
  9: 'amd64',
  12: 'arm64',
};

/** The facts of a Windows CD; null when the CD holds no Windows Setup. */
export async function identifyWindows(tree: Tree, boot: Boot): Promise<WindowsMediaFacts | null> {
  const split = await find(tree, 'sources/install.swm');
  const one = (await find(tree, 'sources/install.wim')) ?? (await find(tree, 'sources/install.esd')) ?? split;
  const twofold = one ? null : await find(tree, 'x64/sources/install.esd');
  const file = one ?? twofold;
  if (!file || file.directory) return null;
  const { images, spanned } = await readWim(await file.open());
  const [first] = images;
  const build = first?.build ?? 0;
  const family = first && /^server/i.test(first.installationType) ? 'server' : 'client';
  const product = productOfBuild(build, family);
  const arch = ARCHITECTURES[first?.architecture ?? -1] ?? 'unknown';
  return {
    kind: 'windows',
    product: arch === 'amd64' ? product : null,
    title: product === null ? 'a Windows that Casement does not know' : titleOfBuild(product, build),
    build,
    arch,
    // The first one is the one that Setup speaks by itself.
    languages: [
      ...new Set(
        [
          ...images.map(({ defaultLanguage }) => defaultLanguage),
          ...images.flatMap(({ languages }) => languages),
        ].filter((language) => language !== ''),
      ),
    ],
    evaluation: images.some(
      ({ edition, displayName }) => /Eval$/i.test(edition) || /\bEvaluation\b/i.test(displayName),
    ),
    boot,
    images: images.map(shown),
    notes: [
      ...notesOf({ build, family, arch, product, boot, images: images.length }),
      ...(spanned || file === split ? [SPLIT] : []),
      ...(twofold ? [TWOFOLD] : []),
    ],
  };
}

const shown = ({ index, name, displayName, edition, installationType, bytes }: WimImage) => ({
  index,
  name,
  displayName,
  edition,
  installationType,
  bytes,
});

const problem = (id: string, text: string): MediaNote => ({ level: 'problem', id, text });

const SPLIT = problem(
  'split',
  'Windows lies on this CD in several pieces (install.swm), as on a copy made for a USB stick. Take the original ISO.',
);

const TWOFOLD = problem(
  'two-architectures',
  'This CD holds the 32-bit and the 64-bit Windows, and Setup would ask which one to install. Make one in the Media Creation Tool for 64-bit (x64) only.',
);

interface Seen {
  readonly build: number;
  readonly family: 'server' | 'client';
  readonly arch: WindowsMediaFacts['arch'];
  readonly product: string | null;
  readonly boot: Boot;
  readonly images: number;
}

function notesOf({ build, family, arch, product, boot, images }: Seen): MediaNote[] {
  const notes: MediaNote[] = [];
  if (images === 0)
    notes.push(problem('empty', 'The CD holds no Windows to install. Take the original ISO.'));
  else if (arch === 'arm64')
    notes.push(
      problem(
        'arm64',
        'This is Windows for ARM processors; the KVM host has another kind. Take the x64 ISO.',
      ),
    );
  else if (arch === 'x86')
    notes.push(problem('x86', 'This is a 32-bit Windows. Casement builds 64-bit images: take the x64 ISO.'));
  else if (build === 7600)
    notes.push(
      problem(
        'rtm',
        `This is ${family === 'server' ? 'Windows Server 2008 R2' : 'Windows 7'} without Service Pack 1, for which there are no drivers. Take the ISO "with SP1" (build 7601).`,
      ),
    );
  else if (product === null)
    notes.push(
      problem(
        'unknown',
        `Windows build ${build} is none that Casement builds images of. Take a released version.`,
      ),
    );
  if (!boot.bios && !boot.uefi)
    notes.push(
      problem(
        'not-bootable',
        'No computer starts from this CD: its start record is missing. Take the original ISO.',
      ),
    );
  return notes;
}
