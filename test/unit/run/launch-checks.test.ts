// Every sentence that the checks before a launch can say.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { flavorView } from '../../../electron/cloud/flavors.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { checkLaunch, refuseFailed } from '../../../electron/run/launch/check.ts';
import { gatherLaunch, readUserData } from '../../../electron/run/launch/gather.ts';
import { fakeImage } from './fake-cloud.ts';
import { ACCESS_CASES } from './launch-cases-access.ts';
import { CLOUD_CASES } from './launch-cases-cloud.ts';
import { chosen, facts, need } from './launch-facts.ts';

describe('the checks before a launch', () => {
  it('say nothing against a good one', () => {
    expect(checkLaunch(facts()).filter(({ status }) => status !== 'passed')).toEqual([]);
  });

  it.each([...CLOUD_CASES, ...ACCESS_CASES])(
    'say of $id, $status: $text',
    ({ id, status, text, fix, server, more }) => {
      const found = checkLaunch(facts(server, more)).filter((finding) => finding.id === id);
      expect(found).toContainEqual(expect.objectContaining({ status, text, fix }));
    },
  );

  it('find a flavor without a disk good for a volume', () => {
    const any = flavorView(
      { id: 'x', name: 'none', vcpus: 2, ram: 4096, disk: 0 },
      { ...need, minDiskGB: 0 },
    );
    const found = checkLaunch(facts({ flavor: 'none', volume: { sizeGB: 50 } }, { flavors: [any] }));
    expect(found.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  it('refuse a launch with all reasons in one error, and name a weak password by its own code', () => {
    const bad = checkLaunch(facts({ flavor: 'huge', zone: 'az9' }));
    expect(() => refuseFailed(bad)).toThrow(
      expect.objectContaining({
        code: 'launch.refused',
        title: 'This launch would fail for 2 reasons',
        whatHappened: 'There is no flavor "huge". There is no availability zone "az9" that takes servers.',
      }),
    );
    const weak = checkLaunch(facts(chosen, { password: 'weak' }));
    expect(() => refuseFailed(weak)).toThrow(
      expect.objectContaining({ code: 'launch.password-refused', title: 'This launch would fail' }),
    );
    expect(() => refuseFailed(checkLaunch(facts()))).not.toThrow();
  });
});

test('user data is read from its file, and a missing or huge file is a finding and no failure', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'casement-user-data-'));
  const [good, huge] = [join(folder, 'good.ps1'), join(folder, 'huge.ps1')];
  writeFileSync(good, '#ps1\r\n');
  writeFileSync(huge, Buffer.alloc(1024 * 1024 + 1));
  expect(await readUserData({ userData: { file: good } })).toBe('#ps1\r\n');
  expect(await readUserData({ userData: 'text' })).toBe('text');
  expect(await readUserData({})).toBeNull();
  expect(await readUserData({ userData: { file: huge } })).toEqual({
    problem: `${huge} is far too large for user data.`,
  });
  expect(await readUserData({ userData: { file: join(folder, 'gone') } })).toEqual({
    problem: `The user data file ${join(folder, 'gone')} does not exist or may not be read.`,
  });
});

test('the account whose password is judged is the one that the image names, and a volume asks no disk of the flavor', async () => {
  const needs: object[] = [];
  const none = async () => [];
  const cloud = {
    ...{ authUrl: 'http://127.0.0.1:1', networks: none, securityGroups: none, floatingIps: none },
    ...{ zones: none, keypairs: none, servers: none },
    limits: async () => facts().limits,
    flavors: async (need: object) => {
      needs.push(need);
      return [];
    },
  } as unknown as Cloud;
  const wish = { need, tag: null, password: null, passphrase: undefined, spec: facts().spec };
  const image = fakeImage({ id: 'i', properties: { os_admin_user: 'Ops' } });
  expect(await gatherLaunch(cloud, { ...wish, image })).toMatchObject({ account: 'Ops', need });
  const spec = { ...wish.spec, volume: { sizeGB: 50 } };
  expect((await gatherLaunch(cloud, { ...wish, spec, image: null })).account).toBe('Administrator');
  const planned = { ...wish, account: 'Planned' };
  expect((await gatherLaunch(cloud, { ...planned, spec, image: null })).account).toBe('Planned');
  expect((await gatherLaunch(cloud, { ...planned, spec, image })).account).toBe('Ops');
  expect(needs.slice(0, 2)).toEqual([need, { ...need, minDiskGB: 0 }]);
});
