// Servers on their way to their desktops, against a Nova that tells what a test lets it tell. Time is the test's own.
import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cloud, LaunchedServer } from '../../../electron/cloud/types.ts';
import { gatewayWay } from '../../../electron/connect/index.ts';
import { type FollowOptions, followServers } from '../../../electron/run/launch/follow.ts';
import { LAUNCH_TIMES } from '../../../electron/run/launch/times.ts';
import { createTrack } from '../../../electron/run/launch/track.ts';
import { launchSentence } from '../../../electron/run/launch/words.ts';
import { fault } from './fake-cloud.ts';

const desktop = vi.hoisted(() => ({ answers: (_address: string): boolean => true, asked: [] as string[] }));
const clock = vi.hoisted(() => ({ now: 0 }));
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => {
    clock.now += ms;
  },
}));
vi.mock(import('../../../electron/connect/index.ts'), async (original) => ({
  ...(await original()),
  askRdp: async (address: string) => {
    desktop.asked.push(address);
    return { reach: desktop.answers(address) ? 'answers' : 'unreachable', nla: null, tls: false };
  },
}));

const MINUTE = 60_000;
const times = { ...LAUNCH_TIMES, pollMs: MINUTE };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const file = join(mkdtempSync(join(tmpdir(), 'casement-follow-')), 'key.pem');
writeFileSync(file, privateKey.export({ type: 'pkcs1', format: 'pem' }));
const padding = constants.RSA_PKCS1_PADDING;
const encrypted = publicEncrypt({ key: publicKey, padding }, Buffer.from('S3cret')).toString('base64');
const key = { file, passphrase: undefined, type: 'ssh-rsa' };

beforeEach(() => {
  clock.now = 0;
  desktop.answers = () => true;
  desktop.asked = [];
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
});
afterEach(() => vi.restoreAllMocks());

const server = (
  status: string,
  more: Partial<LaunchedServer['view']> & Partial<LaunchedServer> = {},
): LaunchedServer => {
  const { index = 1, leaving = false, adminPassGiven = false, ...view } = more;
  return {
    view: {
      ...{
        id: `id-${index}`,
        name: `web-${index}`,
        status,
        image: 'i',
        flavor: 'f',
        keypair: 'me',
        fault: null,
      },
      addresses: [{ network: 'n', address: `10.0.0.${index}`, floating: false }],
      ...view,
    },
    ...{ index, leaving, adminPassGiven, createdAt: '2026-10-01T08:15:00Z', launchedAt: null },
  };
};

/** Follows `count` servers; `looks` are what Nova tells look by look, the last one for ever. */
async function follow(
  looks: readonly (readonly LaunchedServer[] | Error)[],
  options: Partial<FollowOptions> & { readonly count?: number; readonly cloud?: object } = {},
) {
  const told: string[][] = [];
  const deleted: string[] = [];
  const { count = 1, cloud: more = {}, ...rest } = options;
  let at = 0;
  const cloud = {
    async launched() {
      const look = looks[Math.min(at++, looks.length - 1)] ?? [];
      if (look instanceof Error) throw look;
      return look;
    },
    encryptedPassword: async () => encrypted,
    consoleLog: async () => '',
    deleteServer: async (id: string) => void deleted.push(id),
    ...more,
  };
  const tracks = Array.from({ length: count }, (_, i) => createTrack(i + 1, `web-${i + 1}`, `id-${i + 1}`));
  const { polls } = await followServers(cloud as unknown as Cloud, tracks, {
    ...{ tag: 't', times, key, giveFloatingIp: null, findWay: null, signal: new AbortController().signal },
    onChange: async (servers) => {
      const states = servers.map(({ state }) => state);
      // An address that is new is told as well.
      if (states.join() !== told.at(-1)?.join()) told.push(states);
    },
    ...rest,
  });
  return { told, deleted, polls, minutes: clock.now / MINUTE, views: tracks.map((track) => track.view()) };
}

describe('a server behind a gateway', () => {
  it('is ready without an answer from its desktop, which only the gateway sees, and says so', async () => {
    desktop.answers = () => false;
    const { told, views } = await follow([[server('ACTIVE')]], {
      findWay: async (addresses) => gatewayWay(addresses, 'rdgw.example.com'),
    });
    expect(told.flat()).toEqual(['starting', 'password', 'ready']);
    expect(views).toMatchObject([{ state: 'ready', address: '10.0.0.1', gateway: 'rdgw.example.com' }]);
    expect(launchSentence(views)).toBe('Running; only the gateway sees its desktop');
  });
});

describe('every state of a server', () => {
  it('is told in order, each once, however long it lasts', async () => {
    let silent = 2;
    const encryptedPassword = async () => (silent-- > 0 ? null : encrypted);
    const looks = [[server('BUILD')], [server('BUILD')], [server('ACTIVE')]];
    const { told, polls, views } = await follow(looks, { cloud: { encryptedPassword } });
    expect(told.flat()).toEqual(['building', 'starting', 'password', 'ready']);
    expect(polls).toBe(5);
    expect(views).toEqual([{ id: 'id-1', name: 'web-1', state: 'ready', address: '10.0.0.1', error: null }]);
  });

  it('is told also when it passes all of them in one look', async () => {
    const { told, polls } = await follow([[server('ACTIVE')]]);
    expect(told.flat()).toEqual(['starting', 'password', 'ready']);
    expect(polls).toBe(1);
  });

  it('has no password among them where the password was chosen', async () => {
    const encryptedPassword = () => Promise.reject(new Error('nobody asks for it'));
    const { told } = await follow([[server('ACTIVE')]], { key: null, cloud: { encryptedPassword } });
    expect(told.flat()).toEqual(['starting', 'ready']);
  });

  it('is told of all servers together', async () => {
    const looks = [
      [server('ACTIVE'), server('BUILD', { index: 2 })],
      [server('ACTIVE'), server('ERROR', { index: 2, fault: 'No valid host was found.' })],
    ];
    const { told, views } = await follow(looks, { count: 2, key: null });
    expect(told.at(-1)).toEqual(['ready', 'failed']);
    expect(views[1]?.error).toMatchObject({
      code: 'cloud.server-failed',
      whatHappened: 'Nova says: “No valid host was found.”',
      whatToDo: expect.stringContaining('No compute node has room for this flavor'),
    });
  });
});

describe('a server that does not arrive', () => {
  it('fails when it never gets ACTIVE, after the time for it', async () => {
    const { views, minutes } = await follow([[server('BUILD')]]);
    expect(views[0]?.error).toMatchObject({
      code: 'cloud.server-slow',
      whatHappened: 'After 60 minutes Nova still says BUILD.',
    });
    expect(minutes).toBe(61);
  });

  it('fails at once when its password can never come', async () => {
    const cloud = { encryptedPassword: async () => null };
    const { views, polls } = await follow([[server('ACTIVE', { keypair: null })]], { cloud });
    expect(polls).toBe(1);
    expect(views[0]?.error).toMatchObject({
      code: 'launch.no-password',
      whatHappened: 'The server was launched without a key pair, so it reports no password.',
    });
  });

  it('fails with what its console complains of when the password is late', async () => {
    const consoleLog = async () => 'Booting\n2026 ERROR cloudbaseinit: no metadata service\nDone\n';
    const cloud = { encryptedPassword: async () => null, consoleLog };
    const { views, minutes } = await follow([[server('ACTIVE')]], { cloud });
    expect(views[0]?.error).toMatchObject({
      code: 'launch.password-late',
      whatHappened:
        'The server has run for 45 minutes and no password came. Cloudbase-Init complains: “2026 ERROR cloudbaseinit: no metadata service”',
      detail: await consoleLog(),
    });
    expect(minutes).toBe(46);
  });

  it.each([
    [
      'the last line of its console',
      async () => 'Booting\nWindows is ready\n',
      'The last line of its serial console: “Windows is ready”',
    ],
    [
      'that its console is empty',
      async () => '',
      'Its serial console is empty: Windows may not have started at all.',
    ],
    [
      'that too where no console is kept',
      () => Promise.reject(new Error('none')),
      'Its serial console is empty: Windows may not have started at all.',
    ],
  ])('fails with %s when the desktop is late', async (_, consoleLog, silence) => {
    desktop.answers = () => false;
    const { told, views } = await follow([[server('ACTIVE')]], { cloud: { consoleLog } });
    expect(told.flat()).toEqual(['starting', 'password', 'failed']);
    expect(views[0]?.error).toMatchObject({
      code: 'launch.desktop-late',
      whatHappened: `After 45 minutes: nothing answers at 10.0.0.1. ${silence}`,
    });
  });

  it('fails when it has no address', async () => {
    const { views } = await follow([[server('ACTIVE', { addresses: [] })]]);
    expect(views[0]?.error?.code).toBe('launch.no-address');
  });

  it.each([[[]], [[server('SOFT_DELETED')]], [[server('DELETED')]]])(
    'is gone when Nova tells %j',
    async (gone) => {
      const { views, polls } = await follow([[server('BUILD')], gone]);
      expect(views[0]?.error).toMatchObject({ code: 'cloud.server-gone' });
      expect(polls).toBe(2);
    },
  );

  it('is waited for while the list is behind its order', async () => {
    const { views } = await follow([[], [], [server('ACTIVE')]], { times: { ...times, pollMs: 20_000 } });
    expect(views[0]?.state).toBe('ready');
    expect((await follow([[]])).views[0]?.error?.code).toBe('cloud.server-gone');
  });
});

describe('a cloud in trouble', () => {
  const silent = (count: number, code = 'cloud.timeout') => Array.from({ length: count }, () => fault(code));

  it('may leave ten looks in a row without an answer, and ten more after one', async () => {
    const looks = [...silent(10), [server('BUILD')], ...silent(10, 'cloud.unreachable'), [server('ACTIVE')]];
    expect((await follow(looks)).views[0]?.state).toBe('ready');
  });

  it('ends the launch with the eleventh, or at once with a refusal', async () => {
    await expect(follow([...silent(11), [server('ACTIVE')]])).rejects.toMatchObject({
      code: 'cloud.timeout',
    });
    await expect(follow([fault('cloud.forbidden'), [server('ACTIVE')]])).rejects.toMatchObject({
      code: 'cloud.forbidden',
    });
  });

  it('does not fail a server by the trouble of a moment, but by what lasts', async () => {
    const answers = [...silent(2, 'cloud.service-failed')];
    const encryptedPassword = async () => {
      const trouble = answers.shift();
      if (trouble) throw trouble;
      return encrypted;
    };
    expect((await follow([[server('ACTIVE')]], { cloud: { encryptedPassword } })).told.flat()).toEqual([
      'starting',
      'password',
      'ready',
    ]);
    const { views } = await follow([[server('ACTIVE'), server('ACTIVE', { index: 2 })]], {
      count: 2,
      cloud: {
        encryptedPassword: async (id: string) =>
          id === 'id-1' ? Promise.reject(fault('cloud.forbidden')) : encrypted,
      },
    });
    expect(views.map(({ state, error }) => error?.code ?? state)).toEqual(['cloud.forbidden', 'ready']);
  });

  it('is not asked any more once the launch is cancelled', async () => {
    const stop = new AbortController();
    const onChange = async () => stop.abort(new Error('cancelled'));
    await expect(follow([[server('BUILD')]], { onChange, signal: stop.signal })).rejects.toThrow('cancelled');
  });
});

it('a second server of the same number is deleted, one that is leaving already is not', async () => {
  const doubles = [server('ACTIVE', { id: 'double' }), server('ACTIVE', { id: 'gone', leaving: true })];
  const { deleted, views } = await follow([[server('ACTIVE'), ...doubles]]);
  expect(deleted).toEqual(['double']);
  expect(views[0]).toMatchObject({ id: 'id-1', state: 'ready' });
});

it('a floating IP is given once, and asked before the address inside', async () => {
  const given: string[] = [];
  const giveFloatingIp = async (id: string) => {
    given.push(id);
    return '203.0.113.9';
  };
  let looks = 0;
  desktop.answers = (address) => address === '203.0.113.9' && ++looks === 3;
  const { views } = await follow([[server('ACTIVE')]], { giveFloatingIp });
  expect(given).toEqual(['id-1']);
  expect(desktop.asked.slice(0, 2)).toEqual(['203.0.113.9', '10.0.0.1']);
  expect(views[0]).toMatchObject({ state: 'ready', address: '203.0.113.9' });
});

it('a tunnel is tried where nothing answers directly, not at every look, and closed again', async () => {
  desktop.answers = () => false;
  const tries: number[] = [];
  let closed = 0;
  const findWay = async (addresses: readonly string[]) => {
    tries.push(clock.now);
    if (tries.length < 3) throw fault('connect.unreachable');
    return {
      ...{ server: addresses[0] ?? '', host: '127.0.0.1', port: 1, via: 'kvm' },
      close: async () => void closed++,
    };
  };
  const { views } = await follow([[server('ACTIVE')]], {
    findWay,
    times: { ...times, pollMs: 6000 },
  } as object);
  expect(tries).toEqual([0, 18_000, 36_000]);
  expect(closed).toBe(1);
  expect(views[0]).toMatchObject({ state: 'ready', address: '10.0.0.1' });
});
