import { describe, expect, it } from 'vitest';
import { chooseWindows, goTo, newBuild, readDraft, tick } from '../../../../renderer/state/draft.ts';
import { buildName, draftOfPlan, hostOf, mediaOf, planOf } from '../../../../renderer/state/draft-plan.ts';
import { planError } from '../../../../renderer/state/plan-error.ts';
import { planSchema } from '../../../../shared/plan.ts';
import { windowsProduct } from '../../../../shared/windows.ts';
import { filledDraft, onHost } from './filled.ts';

describe('a stored draft', () => {
  it('begins with the proposal of the proposed Windows', () => {
    const draft = readDraft(null);
    expect(draft.sizeGB).toBe(windowsProduct(draft.windows).diskGB);
    expect(draft.step).toBe('host');
  });

  it('loses only the fields that are spoilt', () => {
    const draft = readDraft({ windows: '95', name: 'Kept', ssh: { host: 'kvm01', jump: 7 }, media: 'gone' });
    expect(draft).toMatchObject({ windows: '2022', name: 'Kept', ssh: { host: 'kvm01', jump: [] } });
    expect(draft.media.windows.tab).toBe('host');
  });

  it('comes back as it was saved', () => {
    expect(readDraft(JSON.parse(JSON.stringify(filledDraft())))).toEqual(filledDraft());
  });

  it.each([[[]], ['text'], [42]])('survives being %j', (stored) => {
    expect(readDraft(stored).step).toBe('host');
  });
});

describe('edits', () => {
  it('bring the proposed machine along with the Windows', () => {
    const draft = chooseWindows(filledDraft(), '11');
    expect(draft).toMatchObject({ windows: '11', sizeGB: 64, machine: { firmware: 'uefi', memoryMB: 6144 } });
  });

  it('tick and untick the coach by run', () => {
    const ticked = tick(tick(filledDraft(), 'r1', 'install/boot', true), 'r1', 'install/boot', true);
    expect(ticked.ticks).toEqual({ r1: ['install/boot'] });
    expect(tick(ticked, 'r1', 'install/boot', false).ticks).toEqual({ r1: [] });
  });

  it('remember the furthest step while looking back', () => {
    const draft = goTo(goTo(filledDraft(), 'publish'), 'media');
    expect(draft).toMatchObject({ step: 'media', reached: 'publish' });
  });

  it('keep every choice for a new build', () => {
    const draft = newBuild({ ...filledDraft(), run: 'r1', step: 'connect' });
    expect(draft).toEqual({ ...filledDraft(), run: null, step: 'host', reached: 'host' });
  });
});

describe('from the draft to the plan', () => {
  it('makes a plan that the schema accepts, without parts that are not complete', () => {
    const { plan } = planOf(filledDraft());
    expect(plan).toMatchObject({
      name: 'Windows Server 2022',
      host: { kind: 'ssh', address: 'ssh://admin@kvm01:2222' },
      media: { windows: { path: '/srv/windows.iso' } },
    });
    expect(plan).not.toHaveProperty('server');
    expect(planSchema.parse(plan)).toEqual(plan);
  });

  it('leaves out a server whose chosen password was not kept yet', () => {
    const draft = filledDraft();
    const cloud = { ...draft.cloud, cloud: 'demo' };
    const image = { ...draft.image, name: 'W' };
    const server = { ...draft.server, name: 's', flavor: 'f', password: 'chosen' as const };
    const without = planOf({ ...draft, cloud, image, server }).plan;
    expect(without).toMatchObject({ cloud: { cloud: 'demo' }, image: { name: 'W' } });
    expect(without).not.toHaveProperty('server');
    const withPassword = planOf({
      ...draft,
      cloud,
      image,
      server: { ...server, adminPass: 'keyring:x' },
    }).plan;
    expect(withPassword).toMatchObject({ server: { adminPass: 'keyring:x' } });
  });

  it('names the steps in which something is missing', () => {
    const { problems } = planOf({ ...filledDraft(), hostKind: 'none' });
    expect(planError(problems ?? []).whatToDo).toBe('Go back to: Host.');
  });

  it('survives the way to a plan and back', () => {
    const draft = {
      ...filledDraft(),
      name: 'Mine',
      cloud: { ...filledDraft().cloud, cloud: 'demo', region: 'R1' },
      image: { ...filledDraft().image, name: 'W', properties: { a: 'b' } },
      server: { ...filledDraft().server, name: 's', flavor: 'f', keypair: 'k', privateKey: '/k' },
    };
    const { plan } = planOf(draft);
    expect(plan && draftOfPlan(readDraft(null), plan)).toEqual({ ...draft, step: 'host' });
  });

  it.each([
    ['a path that is not absolute', { ...onHost, path: 'x.iso' }],
    ['a download over ftp', { ...onHost, path: '', tab: 'download' as const, url: 'ftp://x/y' }],
    [
      'a hash that is none',
      { ...onHost, path: '', tab: 'download' as const, url: 'https://x/y', sha256: 'abc' },
    ],
  ])('does not take %s for a file', (_, media) => {
    expect(mediaOf(media)).toBeNull();
  });

  it('has no host while the port is nonsense', () => {
    expect(hostOf({ ...filledDraft(), ssh: { ...filledDraft().ssh, port: '99999' } })).toBeNull();
  });

  it('names the build after its Windows until it gets a name', () => {
    expect(buildName({ name: '  ', windows: '2019' })).toBe('Windows Server 2019');
  });
});
