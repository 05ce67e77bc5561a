import { expect, test } from 'vitest';
import { networkRows } from '../../../../renderer/steps/launch/network-rows.ts';

const network = (id: string, name: string, more: object = {}) => ({
  ...{ id, name, external: false, shared: false, dhcp: true, gateway: null, subnets: ['10.0.0.0/24'] },
  ...more,
});
const offered = [
  network('1', 'a'),
  network('2', 'twin', { subnets: [] }),
  network('3', 'twin', { external: true }),
];

test('networks show their place among the chosen ones, and those that the project does not see come last', () => {
  expect(networkRows(offered, ['gone', '3', 'a']).map(({ key, at }) => [key, at])).toEqual([
    ['a', 2],
    ['2', -1],
    ['3', 1],
    ['gone', 0],
  ]);
  expect(networkRows(offered, []).map(({ facts }) => facts)).toEqual([
    '10.0.0.0/24',
    'no subnet',
    '10.0.0.0/24 · external: floating IPs come from it',
  ]);
});

test('a name that two networks have ticks only one of them', () => {
  expect(networkRows(offered, ['twin']).map(({ at }) => at)).toEqual([-1, 0, -1]);
});
