// Which drivers and which Cloudbase-Init go with which Windows. Pure. Sources: issues of virtio-win/virtio-win-pkg-scripts
// (#40, #43, #57, #61, #65, #116) and virtio-win/kvm-guest-drivers-windows (#485, #980, #1037, #1100, #1112); releases of
// Cloudbase-Init and the Python they bring.
import type { MediaFacts, MediaNote, VirtioMediaFacts } from './media-facts.ts';
import { type WindowsProduct, windowsProduct } from './windows.ts';

const ARCHIVE = 'https://fedorapeople.org/groups/virt/virtio-win/direct-downloads/archive-virtio/';
const CLOUDBASE = 'https://github.com/cloudbase/cloudbase-init/releases';

/** Compares versions such as 0.1.215 and 0.1.62 number by number; negative when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Everything that speaks against media for this Windows: what is wrong with them, and what does not go together. */
export function notesFor(windows: string, facts: MediaFacts): MediaNote[] {
  if (facts.kind === 'virtio-win') return [...facts.notes, ...virtioNotes(windows, facts)];
  if (facts.kind === 'cloudbase-init') return [...facts.notes, ...cloudbaseNotes(windows, facts.version)];
  return [...facts.notes];
}

/** What speaks against these drivers for this Windows; nothing when they fit. */
export function virtioNotes(product: string, { version, folders }: VirtioMediaFacts): MediaNote[] {
  const windows = windowsProduct(product);
  const folder = windows.virtioFolder;
  const storage = folders.viostor ?? [];
  const stand = storage.includes(folder);
  if (['6.2', '6.3'].includes(windows.osVersion)) return eight(windows, version, storage);
  if (!stand)
    return [
      problem(
        'virtio-missing',
        `This CD has no driver for ${windows.title} (no folder viostor/${folder}/amd64). Take virtio-win ${windows.virtioWin}, from ${ARCHIVE}.`,
      ),
    ];
  if (version === null) return [];
  if (windows.osVersion === '6.1' && ['0.1.185', '0.1.190'].includes(version))
    return [
      warning(
        'virtio-signature',
        `Some drivers of virtio-win ${version} carry a signature that ${windows.title} does not know. Take 0.1.173, or 0.1.196 and later, from ${ARCHIVE}.`,
      ),
    ];
  // Windows 11 24H2 and Server 2025 refuse the drivers of older CDs.
  if (folder === '2k25' && compareVersions(version, '0.1.262') < 0)
    return [
      problem(
        'virtio-too-old',
        `virtio-win ${version} is too old for ${windows.title}. Take 0.1.262 or later, from ${ARCHIVE}.`,
      ),
    ];
  if (folder === 'w11' && compareVersions(version, '0.1.262') < 0)
    return [
      warning(
        'virtio-too-old',
        `virtio-win ${version} is too old for Windows 11 24H2 and later. Take 0.1.262 or later, from ${ARCHIVE}.`,
      ),
    ];
  if (['2k22', 'w10'].includes(folder) && version === '0.1.217')
    return [
      warning(
        'virtio-unsigned',
        `Some copies of virtio-win 0.1.217 hold unsigned drivers for ${windows.title}. Take 0.1.221 or later, from ${ARCHIVE}.`,
      ),
    ];
  return [];
}

/** Windows 8 to Server 2012 R2: the drivers after 0.1.215 bear a test signature that Windows refuses. */
function eight(windows: WindowsProduct, version: string | null, storage: readonly string[]): MediaNote[] {
  const good = version !== null && compareVersions(version, '0.1.215') <= 0;
  if (good && storage.includes(windows.virtioFolder)) return [];
  if (good)
    return [
      problem(
        'virtio-missing',
        `This CD has no driver for ${windows.title} (no folder viostor/${windows.virtioFolder}/amd64). Take virtio-win 0.1.215, from ${ARCHIVE}.`,
      ),
    ];
  const older = windows.virtioSubstitute ?? '';
  const said = `The drivers for ${windows.title} after virtio-win 0.1.215 bear a test signature, and Windows refuses them.`;
  return storage.includes(older)
    ? [
        warning(
          'virtio-test-signed',
          `${said} Use the folder ${older} of this CD instead of ${windows.virtioFolder}, or take 0.1.215 from ${ARCHIVE}.`,
        ),
      ]
    : [problem('virtio-test-signed', `${said} Take 0.1.215, from ${ARCHIVE}.`)];
}

/** What speaks against this Cloudbase-Init for this Windows; nothing when it fits. */
export function cloudbaseNotes(product: string, version: string): MediaNote[] {
  const windows = windowsProduct(product);
  const newest = windows.newestCloudbaseInit;
  if (newest === null || compareVersions(version, newest) <= 0) return [];
  if (windows.osVersion === '6.2' && compareVersions(version, '1.1.6') <= 0)
    return [
      warning(
        'cloudbase-unproven',
        `Nobody has shown that Cloudbase-Init ${version} runs on ${windows.title}; 1.1.2 does. It is at ${CLOUDBASE}.`,
      ),
    ];
  return [
    problem(
      'cloudbase-too-new',
      `Cloudbase-Init ${version} does not start on ${windows.title}: the Python in it needs a newer Windows. Take ${newest}, from ${CLOUDBASE}.`,
    ),
  ];
}

const problem = (id: string, text: string): MediaNote => ({ level: 'problem', id, text });
const warning = (id: string, text: string): MediaNote => ({ level: 'warning', id, text });
