import { describe, expect, it } from 'vitest';
import {
  folderOf,
  formatAgo,
  formatBytes,
  formatDuration,
  formatMemory,
  joinPath,
  visibleName,
} from '../../../../renderer/parts/format.ts';
import { shownEntries } from '../../../../renderer/parts/shown-entries.ts';
import type { DirEntry } from '../../../../shared/views.ts';

describe('figures', () => {
  it('are written as Windows writes them', () => {
    expect([0, 1023, 1024, 4.7 * 2 ** 30, 512 * 2 ** 20].map(formatBytes)).toEqual([
      '0 bytes',
      '1023 bytes',
      '1.00 KB',
      '4.70 GB',
      '512 MB',
    ]);
    expect([45, 200, 3900, 3600].map(formatDuration)).toEqual(['45 s', '3 min 20 s', '1 h 5 min', '1 h']);
    expect([4096, 1536].map(formatMemory)).toEqual(['4 GB', '1,536 MB']);
  });

  it('tell how long ago the last sign of life was', () => {
    const now = Date.parse('2026-01-01T00:01:00Z');
    expect(formatAgo('2026-01-01T00:00:59Z', now)).toBe('just now');
    expect(formatAgo('2026-01-01T00:00:00Z', now)).toBe('1 min ago');
  });
});

describe('foreign names', () => {
  it('show characters that could deceive', () => {
    expect(visibleName('a\nb')).toBe('a␊b');
    expect(visibleName('invoice\u202egpj.exe')).toBe('invoice\\u{202e}gpj.exe');
    expect(visibleName('Übergröße "x" 漢')).toBe('Übergröße "x" 漢');
  });

  it('make paths', () => {
    expect(joinPath('/', 'a b')).toBe('/a b');
    expect(joinPath('/srv', 'x')).toBe('/srv/x');
    expect([folderOf('/srv/x.iso'), folderOf('/x'), folderOf('x')]).toEqual(['/srv', '/', '/']);
  });
});

describe('the file browser', () => {
  const entry = (name: string, kind: DirEntry['kind']): DirEntry => ({
    name,
    kind,
    link: false,
    bytes: 0,
    modified: '',
  });
  const entries = [
    entry('b10.ISO', 'file'),
    entry('b9.iso', 'file'),
    entry('notes.txt', 'file'),
    entry('z', 'directory'),
  ];
  const names = (list: DirEntry[]) => list.map(({ name }) => name);

  it('shows folders first, then wanted files by their numbers', () => {
    expect(names(shownEntries(entries, '', ['iso'], false))).toEqual(['z', 'b9.iso', 'b10.ISO']);
  });

  it('shows everything when asked to, and less when filtered', () => {
    expect(shownEntries(entries, '', ['iso'], true)).toHaveLength(4);
    expect(names(shownEntries(entries, 'B1', ['iso'], false))).toEqual(['b10.ISO']);
  });
});
