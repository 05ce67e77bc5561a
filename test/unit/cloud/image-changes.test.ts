import { expect, test } from 'vitest';
import { imagePatch } from '../../../electron/cloud/image-changes.ts';

test('only what differs is changed, and nothing is removed that is not there', () => {
  const now = { os_type: 'windows', casement_run: '1' };
  expect(imagePatch({}, now)).toEqual([]);
  expect(imagePatch({ set: { os_type: 'windows' }, remove: ['casement_verified_at'] }, now)).toEqual([]);
  expect(
    imagePatch(
      { name: 'Win', hidden: true, set: { 'a/b~c': 'x', casement_run: '2' }, remove: ['os_type'] },
      now,
    ),
  ).toEqual([
    { op: 'replace', path: '/name', value: 'Win' },
    { op: 'replace', path: '/os_hidden', value: true },
    { op: 'add', path: '/a~1b~0c', value: 'x' },
    { op: 'add', path: '/casement_run', value: '2' },
    { op: 'remove', path: '/os_type' },
  ]);
});

test('what is set and removed at once is set', () => {
  expect(imagePatch({ set: { a: '1' }, remove: ['a'] }, { a: '0' })).toEqual([
    { op: 'add', path: '/a', value: '1' },
  ]);
});
