// An order that Nova leaves without an answer: the server may come all the same, and none is ordered twice.
import { performance } from 'node:perf_hooks';
import { afterEach, expect, test, vi } from 'vitest';
import type { Cloud, LaunchedServer } from '../../../electron/cloud/types.ts';
import { followServers } from '../../../electron/run/launch/follow.ts';
import { orderServers } from '../../../electron/run/launch/order.ts';
import { LAUNCH_TIMES } from '../../../electron/run/launch/times.ts';
import type { LaunchFacts } from '../../../electron/run/launch/types.ts';
import { serverSpec } from '../../../shared/plan-server.ts';
import { fault } from './fake-cloud.ts';

const facts = {
  spec: serverSpec.parse({ name: 'web', flavor: 'm1.small', count: 2 }),
  flavors: [],
  networks: [],
  groups: [],
  userData: null,
} as unknown as LaunchFacts;
const wish = { image: 'image', tag: 'casement:test', adminPass: null };

/** Nova as it is in the list: at once in the end, because what comes after that is told elsewhere. */
const server = (index: number): LaunchedServer => ({
  view: {
    id: `id-${index}`,
    name: `web-${index}`,
    status: 'ERROR',
    addresses: [],
    image: 'image',
    flavor: 'm1.small',
    keypair: null,
    fault: 'out of order',
  },
  index,
  createdAt: '2026-10-01T08:15:00Z',
  launchedAt: null,
  adminPassGiven: false,
  leaving: false,
});

/** A Nova that never answers an order; `after` looks later the server of index 1 is there. */
function silentNova(after: number) {
  const orders: number[] = [];
  let looks = 0;
  const cloud = {
    async createServer({ index }: { index: number }) {
      orders.push(index);
      if (index === 1) throw fault('cloud.timeout');
      throw fault('cloud.quota');
    },
    launched: async () => (looks++ > after ? [server(1)] : []),
  };
  return { orders, cloud: cloud as unknown as Cloud };
}

const follow = (cloud: Cloud, tracks: Awaited<ReturnType<typeof orderServers>>) =>
  followServers(cloud, tracks, {
    tag: wish.tag,
    times: { ...LAUNCH_TIMES, pollMs: 1 },
    key: null,
    giveFloatingIp: null,
    findWay: null,
    onChange: async () => {},
    signal: new AbortController().signal,
  });

afterEach(() => vi.restoreAllMocks());

test('an order without an answer is taken up as soon as its server shows', async () => {
  const { cloud, orders } = silentNova(2);
  const tracks = await orderServers(cloud, facts, wish);
  expect(orders).toEqual([1, 2]);
  expect(tracks.map((track) => track.view())).toMatchObject([
    { id: '', state: 'ordered', error: null },
    { state: 'failed', error: { code: 'cloud.quota' } },
  ]);
  await follow(cloud, tracks);
  expect(tracks[0]?.view()).toMatchObject({ id: 'id-1', error: { code: 'cloud.server-failed' } });
});

test('an order whose server never shows fails with what happened to the order', async () => {
  const { cloud } = silentNova(1e6);
  const tracks = await orderServers(cloud, facts, wish);
  const now = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(now + 61_000);
  await follow(cloud, tracks);
  expect(tracks[0]?.view()).toMatchObject({ id: '', state: 'failed', error: { code: 'cloud.timeout' } });
});
