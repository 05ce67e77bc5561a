import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../electron/guest/inspect.ts';
import { opening } from '../../../electron/guest/inspect-access.ts';
import type { DiskFacts } from '../../../electron/guest/inspect-facts.ts';
import { holdsPassword } from '../../../electron/guest/inspect-setup.ts';
import { objections } from '../../../shared/inspection.ts';
import { absent, facts, found, goodFacts, RDP_RULE, unreadable } from './facts.ts';

/** The checks of a disk that are not simply passed: id → status. */
const marks = (disk: DiskFacts, bus?: 'virtio-blk' | 'virtio-scsi') =>
  Object.fromEntries(
    judge(disk, bus === undefined ? {} : { diskBus: bus })
      .checks.filter(({ status }) => status !== 'passed')
      .map(({ id, status }) => [id, status]),
  );
const evidence = (disk: DiskFacts, id: string) =>
  judge(disk, {}).checks.find((check) => check.id === id)?.evidence;

describe('a finished disk', () => {
  it('is good when everything is in place, and says what it is', () => {
    const { checks, ...rest } = judge(goodFacts(), {});
    expect(rest).toEqual({ verdict: 'good', product: '2022', title: 'Windows Server 2022', build: 20348 });
    expect(checks.filter(({ status }) => status !== 'passed')).toEqual([]);
    for (const { evidence: words, remedy } of checks) expect([words.length > 5, remedy]).toEqual([true, '']);
  });

  it.each<[string, DiskFacts, Record<string, string>]>([
    ['without the tag of Sysprep', facts({ files: { sysprepTag: absent } }), { sysprep: 'failed' }],
    [
      'that Cloudbase-Init would wait on for ever',
      facts({ values: { generalization: found(4) } }),
      { sysprep: 'failed' },
    ],
    ['with a cleanup that failed', facts({ values: { cleanup: found(3) } }), { sysprep: 'warned' }],
    [
      'that was started after Sysprep',
      facts({ values: { imageState: found('IMAGE_STATE_COMPLETE') } }),
      { 'image-state': 'failed' },
    ],
    [
      'whose two states differ',
      facts({ texts: { stateIni: found('[State]\nImageState=IMAGE_STATE_UNDEPLOYABLE') } }),
      { 'image-state': 'failed' },
    ],
    [
      'whose Sysprep complained',
      facts({ texts: { sysprepErrors: found('Error one\r\n') } }),
      { 'sysprep-errors': 'warned' },
    ],
    [
      'without network driver',
      facts({ values: { netkvmStart: absent }, driverStore: found([]) }),
      { 'network-driver': 'failed' },
    ],
    [
      'whose network driver waits for its device',
      facts({ values: { netkvmStart: absent }, files: { netkvm: absent } }),
      {},
    ],
    ['with Remote Desktop off', facts({ values: { denyRdp: found(1) } }), { rdp: 'failed' }],
    ['with Remote Desktop never switched on', facts({ values: { denyRdp: absent } }), { rdp: 'failed' }],
    ['without Network Level Authentication', facts({ values: { nla: found(0) } }), { rdp: 'warned' }],
    [
      'without Cloudbase-Init',
      facts({ values: { cloudbaseStart: absent } }),
      { 'cloudbase-init': 'failed', 'cloudbase-settings': 'unknown' },
    ],
    [
      'whose Cloudbase-Init nothing starts',
      facts({ texts: { setupComplete: absent } }),
      { 'cloudbase-init': 'failed' },
    ],
    [
      'whose Cloudbase-Init starts by itself',
      facts({ values: { cloudbaseStart: found(2) }, texts: { setupComplete: absent } }),
      {},
    ],
    [
      'on which Cloudbase-Init has run',
      facts({ keys: { cloudbaseRuns: found(['1234']) } }),
      { 'cloudbase-init': 'warned' },
    ],
    [
      'with the configuration as shipped',
      facts({ texts: { cloudbaseConf: found('[DEFAULT]\nusername=Admin\n') } }),
      { 'cloudbase-settings': 'warned' },
    ],
    ['without guest agent', facts({ values: { guestAgentStart: absent } }), { 'guest-agent': 'warned' }],
    ['that waits for a restart', facts({ keys: { servicing: found([]) } }), { 'pending-reboot': 'warned' }],
    [
      'with files to rename',
      facts({ values: { renames: found(['a', 'b']) } }),
      { 'pending-reboot': 'warned' },
    ],
    [
      'with a password in Panther',
      facts({ answers: [found('<AdministratorPassword><Value>x</Value></AdministratorPassword>')] }),
      { 'answer-files': 'warned' },
    ],
    ['that sleeps', facts({ hibernation: found('hibr') }), { hibernation: 'failed' }],
    ['with room to sleep', facts({ hibernation: found('\0\0\0\0') }), { hibernation: 'warned' }],
    ['marked dirty', facts({ dirty: found(true) }), { 'ntfs-clean': 'failed' }],
    ['whose clock is UTC', facts({ values: { clockIsUtc: found(1) } }), { clock: 'warned' }],
    [
      'whose registry was not closed',
      facts({ hives: { SYSTEM: found({ clean: false }), SOFTWARE: found({ clean: true }) } }),
      { registry: 'warned' },
    ],
  ])('%s is told so, and nothing else', (_name, disk, expected) => {
    expect(marks(disk)).toEqual(expected);
    expect(judge(disk, {}).verdict).toBe(Object.values(expected).includes('failed') ? 'bad' : 'good');
    for (const { status, remedy } of judge(disk, {}).checks) expect(remedy !== '').toBe(status !== 'passed');
  });

  it('with one storage driver fits the servers with that disk only', () => {
    const blk = facts({ values: { vioscsiStart: absent, vioscsiGroup: absent }, files: { vioscsi: absent } });
    expect(marks(blk)).toEqual({});
    expect(marks(blk, 'virtio-blk')).toEqual({});
    expect(marks(blk, 'virtio-scsi')).toEqual({ 'storage-driver': 'failed' });
    expect(marks(facts({ values: { viostorStart: found(3) } }), 'virtio-blk')).toEqual({
      'storage-driver': 'failed',
    });
    expect(marks(facts({ values: { viostorGroup: absent } }), 'virtio-blk')).toEqual({
      'storage-driver': 'warned',
    });
  });

  it('cannot grow with a partition behind Windows', () => {
    const behind = { number: 3, offset: 2 ** 31, size: 1, type: 'gpt DE94BBA4-06D1-4D40-A16A-BFD50179D6AC' };
    const disk = facts({ partitions: [...goodFacts().partitions, behind] });
    expect(marks(disk)).toEqual({ 'recovery-partition': 'warned' });
    expect(evidence(disk, 'recovery-partition')).toContain('partition 3 (recovery');
  });

  it('is named by its build where Windows 11 calls itself Windows 10', () => {
    const eleven = facts({
      values: {
        productName: found('Windows 10 Pro'),
        build: found('22631'),
        installationType: found('Client'),
      },
    });
    expect(judge(eleven, {})).toMatchObject({ product: '11', title: 'Windows 11', build: 22631 });
    const older = facts({ values: { productName: found('Windows Vista'), build: found('6002') } });
    expect(judge(older, {})).toMatchObject({ product: null, title: 'Windows Vista', build: 6002 });
  });

  it('that cannot be read is not called good', () => {
    const blind = judge(facts({ values: { denyRdp: unreadable } }), {});
    expect(blind.verdict).toBe('bad');
    expect(objections(blind).map(({ id, status }) => `${id} ${status}`)).toEqual(['rdp unknown']);
  });

  it('takes whatever texts the disk holds, in bounded time', () => {
    const hostile = fc
      .constantFrom(' ', '<Password>', '<', '\n', 'a', '=', 'ImageState', 'Value>')
      .chain((piece) => fc.constantFrom(piece.repeat(Math.floor(250_000 / piece.length)), piece));
    fc.assert(
      fc.property(hostile, hostile, (one, two) => {
        const text = found(one + two);
        const value = found(two + one);
        const disk = facts({
          texts: { stateIni: text, sysprepErrors: text, setupComplete: text, cloudbaseConf: text },
          values: { imageState: value, build: value, productName: value, renames: value },
          answers: [text],
          firewallRules: found([{ name: one, rule: two }]),
        });
        const began = performance.now();
        expect(judge(disk, {}).checks.length).toBeGreaterThan(13);
        expect(performance.now() - began).toBeLessThan(1000);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a rule of the firewall', () => {
  const rule = (from: string, to: string) => opening('r', RDP_RULE.replace(from, to), 3389);
  it('opens all networks when it names none', () => {
    expect(rule('', '')).toEqual({ name: 'r', profiles: ['Domain', 'Private', 'Public'], restricted: false });
  });

  it.each([
    ['Active=TRUE', 'Active=FALSE'],
    ['Action=Allow', 'Action=Block'],
    ['Dir=In', 'Dir=Out'],
    ['Protocol=6', 'Protocol=17'],
    ['LPort=3389', 'LPort=3390'],
  ])('opens nothing with %s → %s', (from, to) => {
    expect(rule(from, to)).toBeNull();
  });

  it('for the port of this Windows counts, also in a range', () => {
    expect(rule('LPort=3389', 'LPort2_10=3000-4000')).not.toBeNull();
    expect(opening('r', RDP_RULE, 3390)).toBeNull();
  });

  it('of a domain alone keeps a cloud out', () => {
    const domain = facts({ firewallRules: found([{ name: 'r', rule: `${RDP_RULE}Profile=Domain|` }]) });
    expect(marks(domain)).toEqual({ firewall: 'failed' });
    const open = facts({
      firewallRules: found([]),
      values: { firewallDomain: found(0), firewallPrivate: found(0), firewallPublic: found(0) },
    });
    expect(marks(open)).toEqual({});
    const publicOnly = facts({ firewallRules: found([{ name: 'r', rule: `${RDP_RULE}Profile=Public|` }]) });
    expect(marks(publicOnly)).toEqual({ firewall: 'warned' });
    const near = facts({ firewallRules: found([{ name: 'r', rule: `${RDP_RULE}RA4=LocalSubnet|` }]) });
    expect(marks(near)).toEqual({ firewall: 'warned' });
  });
});

describe('an answer file', () => {
  it.each([
    [
      '<AdministratorPassword><Value>Secret1</Value><PlainText>true</PlainText></AdministratorPassword>',
      true,
    ],
    ['<u:Password>\n  <u:Value>UwBlAGM=</u:Value>\n</u:Password>', true],
    ['<Credentials><Domain>d</Domain><Password>Secret1</Password></Credentials>', true],
    ['<Password><Value>*SENSITIVE*DATA*DELETED*</Value></Password>', false],
    ['<Password>*SENSITIVE*DATA*DELETED*</Password>', false],
    ['<Password><Value></Value></Password>', false],
    ['<Password/>', false],
    ['<ComputerName>Password</ComputerName>', false],
    ['', false],
  ])('%s', (xml, expected) => {
    expect(holdsPassword(xml)).toBe(expected);
  });

  it('never shows the password in the evidence', () => {
    const disk = facts({
      answers: [found('<Password><Value>Secret1</Value></Password>', 'C:\\unattend.xml')],
    });
    expect(evidence(disk, 'answer-files')).toBe('C:\\unattend.xml holds a password.');
  });
});
