import { expect, test } from 'vitest';
import { indexed, searched, sorted } from '../../../../renderer/servers/rows.ts';

const rows = ['web10', 'Web9', 'db-1'].map((name) =>
  indexed({ name }, { name, state: 'Running' }, 'id-of-it'),
);
const names = (found: typeof rows | ReturnType<typeof sorted<{ name: string }>>) =>
  found.map(({ item }) => item.name);

test('numbers in names are sorted as numbers, capitals like small letters', () => {
  expect(names(sorted(rows, { column: 'name', down: false }))).toEqual(['db-1', 'Web9', 'web10']);
  expect(names(sorted(rows, { column: 'name', down: true }))).toEqual(['web10', 'Web9', 'db-1']);
});

test('every word of a search must be there, in any column and any order', () => {
  expect(names(searched(rows, 'running WEB'))).toEqual(['web10', 'Web9']);
  expect(names(searched(rows, 'id-of'))).toHaveLength(3);
  expect(searched(rows, 'web mail')).toEqual([]);
  expect(searched(rows, '  ')).toBe(rows);
});
