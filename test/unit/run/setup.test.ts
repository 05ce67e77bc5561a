import { describe, expect, it } from 'vitest';
import { buildPassword, editionOf } from '../../../electron/run/setup.ts';
import type { WindowsImageFacts, WindowsMediaFacts } from '../../../shared/media-facts.ts';
import { isAcceptable } from '../../../shared/passwords.ts';
import { setupDefaults } from '../../../shared/plan.ts';

const image = (index: number, edition: string, installationType: string): WindowsImageFacts => ({
  index,
  name: edition,
  displayName: `${edition} ${installationType}`,
  edition,
  installationType,
  bytes: 1,
});
const cd = (...images: WindowsImageFacts[]) => ({ images }) as unknown as WindowsMediaFacts;

describe('the edition that is installed', () => {
  const server = cd(
    image(1, 'ServerStandardEval', 'Server Core'),
    image(2, 'ServerStandardEval', 'Server'),
    image(3, 'ServerDatacenterEval', 'Server Core'),
    image(4, 'ServerDatacenterEval', 'Server'),
  );

  it('is Standard with a desktop, Professional, or the first with a desktop', () => {
    expect(editionOf({}, server).index).toBe(2);
    expect(editionOf({}, cd(image(1, 'Core', 'Client'), image(5, 'Professional', 'Client'))).index).toBe(5);
    expect(
      editionOf({}, cd(image(1, 'ServerWeb', 'Server Core'), image(2, 'ServerWeb', 'Server'))).index,
    ).toBe(2);
    expect(editionOf({}, cd(image(1, 'EnterpriseSEval', 'Client'))).index).toBe(1);
  });

  it('is the one that the plan names, or an error that lists what there is', () => {
    expect(editionOf({ setup: { ...setupDefaults(), edition: 3 } }, server).index).toBe(3);
    expect(() => editionOf({ setup: { ...setupDefaults(), edition: 9 } }, server)).toThrow(
      expect.objectContaining({
        code: 'setup.no-edition',
        whatHappened: expect.stringContaining('4 (ServerDatacenterEval Server)'),
      }),
    );
  });
});

describe('the password of the build VM', () => {
  it('is another one each time, and Windows takes it', () => {
    const made = Array.from({ length: 200 }, buildPassword);
    expect(new Set(made).size).toBe(200);
    for (const password of made) expect(isAcceptable(password)).toBe(true);
  });
});
