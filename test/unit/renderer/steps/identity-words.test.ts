import { expect, test } from 'vitest';
import { factsInWords, wrongKind } from '../../../../renderer/steps/media/identity-words.ts';
import type { WindowsMediaFacts } from '../../../../shared/media-facts.ts';

const image = { index: 1, name: '', edition: '', installationType: 'Server', bytes: 1 };
const windows = (...displayNames: string[]): WindowsMediaFacts => ({
  kind: 'windows',
  product: '2022',
  title: 'Windows Server 2022',
  build: 20348,
  arch: 'amd64',
  languages: ['en-US'],
  evaluation: true,
  boot: { bios: true, uefi: true },
  images: displayNames.map((displayName) => ({ ...image, displayName })),
  notes: [],
});

test('a Windows CD is told with version, language and editions', () => {
  expect(factsInWords(windows('Standard', 'Datacenter'))).toBe(
    'Windows Server 2022, build 20348, en-US, evaluation. Editions: Standard, Datacenter.',
  );
  expect(factsInWords(windows('a', 'b', 'c', 'd', 'e', 'f'))).toContain('Editions: a, b, c, d and 2 more.');
});

test('a driver CD is told with the Windows it has drivers for', () => {
  const folders = { viostor: ['2k22', 'w11'], NetKVM: ['2k22'] };
  expect(factsInWords({ kind: 'virtio-win', version: '0.1.285', folders, notes: [] })).toBe(
    'virtio-win 0.1.285, with drivers in 2k22, w11.',
  );
});

test('a file in the wrong place is named', () => {
  expect(wrongKind('windows', windows())).toBeNull();
  expect(wrongKind('virtio', windows())).toBe(
    'This is a Windows installer CD, not the virtio-win ISO. Choose another file.',
  );
  expect(wrongKind('cloudbaseInit', { kind: 'other', what: 'a PDF document', notes: [] })).toMatch(
    /This is a PDF document, not the Cloudbase-Init/,
  );
});
