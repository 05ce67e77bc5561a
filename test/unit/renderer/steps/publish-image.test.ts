import { describe, expect, it } from 'vitest';
import { imageDraft, imagePlanOf, imageProblem } from '../../../../renderer/state/draft-image.ts';
import { planOf } from '../../../../renderer/state/draft-plan.ts';
import { namesakes } from '../../../../renderer/steps/publish/namesakes.ts';
import { propertyRows } from '../../../../renderer/steps/publish/property-rows.ts';
import { imageSchema } from '../../../../shared/plan-image.ts';
import { fakeImage } from '../../run/fake-cloud.ts';
import { filledDraft } from '../state/filled.ts';

const filled = filledDraft();
const draft = { ...filled, cloud: { ...filled.cloud, cloud: 'demo' } };
const withImage = (change: Partial<typeof draft.image>) => ({
  ...draft,
  image: { ...draft.image, ...change },
});

describe('the image of the draft', () => {
  it('becomes a plan and comes back as it was', () => {
    const image = imageSchema.parse({
      name: 'Win',
      visibility: 'shared',
      members: ['0'.repeat(32), 'f'.repeat(32)],
      tags: ['gold master', 'b'],
      protected: true,
      replace: true,
      method: 'web-download',
      url: 'https://files.example/a.qcow2',
      format: 'raw',
      properties: { hw_video_model: 'virtio' },
      without: ['os_secure_boot'],
    });
    expect(imageSchema.parse(imagePlanOf(imageDraft(image)))).toEqual(image);
  });

  it('sends no members where nobody is invited, and no address where nothing is fetched', () => {
    const plan = imagePlanOf(withImage({ members: 'f'.repeat(32), url: 'https://x' }).image);
    expect(plan).not.toHaveProperty('members');
    expect(plan).not.toHaveProperty('url');
  });

  it('says why it cannot be published', () => {
    const wrong = withImage({ name: 'W', properties: { hw_disk_bus: 'nvme' } });
    expect(imageProblem(planOf(wrong))).toMatch(/^Nova takes for hw_disk_bus only virtio, .*\.$/);
    expect(imageProblem(planOf(withImage({ name: 'W' })))).toBeNull();
  });
});

describe('the rows of the properties', () => {
  const row = (name: string, change: Partial<typeof draft.image>) =>
    propertyRows(withImage(change)).find((one) => one.name === name);

  it('tell derived ones from the admin’s own and from those left out', () => {
    expect(row('os_type', {})).toMatchObject({ state: 'derived', value: 'windows' });
    expect(row('hw_vif_model', { properties: { hw_vif_model: 'e1000' } })).toMatchObject({
      state: 'own',
      value: 'e1000',
      replaces: true,
    });
    expect(row('team', { properties: { team: 'blue' } })).toMatchObject({ state: 'own', replaces: false });
    expect(row('os_distro', { without: ['os_distro'] })).toMatchObject({ state: 'left-out' });
  });

  it('name the account that gets the password, which is another only in a hands-free build', () => {
    const account = (mode: 'hands-free' | 'by-hand') =>
      propertyRows({ ...draft, setup: { ...draft.setup, mode, account: 'Ops' } }).find(
        ({ name }) => name === 'os_admin_user',
      )?.value;
    expect([account('hands-free'), account('by-hand')]).toEqual(['Ops', 'Administrator']);
  });

  it('explain every derived one', () => {
    for (const { name, meaning } of propertyRows(withImage({ tpm: true })))
      expect(meaning, name).not.toBe('');
  });
});

it('only finished images of the own project are replaced', () => {
  const images = [
    fakeImage({ id: 'mine' }),
    fakeImage({ id: 'foreign', owner: 'other' }),
    fakeImage({ id: 'empty', status: 'queued' }),
    fakeImage({ id: 'else', name: 'Windows' }),
  ];
  const found = namesakes({ images, importMethods: [], project: 'project' }, ' Win ');
  expect(found.map(({ id }) => id)).toEqual(['mine']);
});
