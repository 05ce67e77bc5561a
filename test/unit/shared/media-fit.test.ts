import { describe, expect, it } from 'vitest';
import type { VirtioMediaFacts } from '../../../shared/media-facts.ts';
import { cloudbaseNotes, compareVersions, virtioNotes } from '../../../shared/media-fit.ts';
import { productOfBuild, WINDOWS } from '../../../shared/windows.ts';

const cd = (version: string | null, ...viostor: string[]): VirtioMediaFacts => ({
  kind: 'virtio-win',
  version,
  folders: { viostor },
  notes: [],
});
const said = (notes: readonly { level: string; id: string }[]) =>
  notes.map(({ level, id }) => `${level} ${id}`);

describe('drivers', () => {
  it.each([
    ['2022', cd('0.1.285', '2k22'), []],
    ['2022', cd('0.1.285', '2k19'), ['problem virtio-missing']],
    ['2022', cd('0.1.217', '2k22'), ['warning virtio-unsigned']],
    ['2025', cd('0.1.262', '2k25'), []],
    ['2025', cd('0.1.240', '2k25'), ['problem virtio-too-old']],
    ['11', cd('0.1.240', 'w11'), ['warning virtio-too-old']],
    ['2012r2', cd('0.1.215', '2k12R2'), []],
    ['2012r2', cd('0.1.285', '2k12R2'), ['problem virtio-test-signed']],
    ['2012r2', cd('0.1.285', '2k12R2', '2k8R2'), ['warning virtio-test-signed']],
    ['8.1', cd('0.1.285', 'w8.1', 'w7'), ['warning virtio-test-signed']],
    ['2008r2', cd('0.1.173', '2k8R2'), []],
    ['2008r2', cd('0.1.185', '2k8R2'), ['warning virtio-signature']],
    ['2008r2', cd('0.1.190', '2k8R2'), ['warning virtio-signature']],
    ['2012r2', cd('0.1.173', '2k12', '2k8R2'), ['problem virtio-missing']],
    ['2019', cd(null, '2k19'), []],
  ])('for %s are judged', (windows, facts, expected) => {
    expect(said(virtioNotes(windows, facts))).toEqual(expected);
  });

  it('that are refused are never the ones advised', () => {
    for (const version of ['0.1.185', '0.1.190'])
      expect(virtioNotes('2008r2', cd(version, '2k8R2'))[0]?.text).toMatch(
        /Take 0\.1\.173, or 0\.1\.196 and later/,
      );
  });

  it('that do not fit come with the version to take and where it is', () => {
    for (const note of [...virtioNotes('2025', cd('0.1.240', '2k25')), ...virtioNotes('2012', cd('0.1.285'))])
      expect(note.text).toMatch(/0\.1\.\d+.*https:\/\//);
  });
});

describe('Cloudbase-Init', () => {
  it.each([
    ['2022', '1.1.8', []],
    ['2012r2', '1.1.6', []],
    ['2012r2', '1.1.8', ['problem cloudbase-too-new']],
    ['2012', '1.1.6', ['warning cloudbase-unproven']],
    ['2012', '1.1.8', ['problem cloudbase-too-new']],
    ['2008r2', '1.1.4', ['problem cloudbase-too-new']],
    ['7', '1.1.2', []],
  ])('for %s is judged: %s', (windows, version, expected) => {
    expect(said(cloudbaseNotes(windows, version))).toEqual(expected);
  });
});

it('every Windows of the catalogue has builds, and no build two products of a family', () => {
  const found = new Set<string | null>();
  for (let build = 7000; build < 28_000; build += 1)
    for (const family of ['server', 'client'] as const) found.add(productOfBuild(build, family));
  expect([...found].filter((id) => id !== null).sort()).toEqual(WINDOWS.map(({ id }) => id).sort());
  expect(productOfBuild(26100, 'server')).toBe('2025');
  expect(productOfBuild(26100, 'client')).toBe('11');
});

it('versions are compared number by number', () => {
  expect(compareVersions('0.1.62', '0.1.215')).toBeLessThan(0);
  expect(compareVersions('1.1.8', '1.1.8')).toBe(0);
  expect(compareVersions('1.1.8.1', '1.1.8')).toBeGreaterThan(0);
});
