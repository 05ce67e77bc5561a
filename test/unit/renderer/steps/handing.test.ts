import { describe, expect, it } from 'vitest';
import { handing } from '../../../../renderer/steps/connect/handing.ts';

const app = { id: 'windows-app' };
const freerdp = { id: 'xfreerdp3' };

describe('the password of the desktop', () => {
  it('is pasted by the admin into Windows App', () => {
    expect(handing('windows-app', [freerdp, app])).toBe('pasted');
    expect(handing('auto', [app])).toBe('pasted');
  });

  it('is handed over by Casement to every other program', () => {
    expect(handing('auto', [freerdp, app])).toBe('handed');
    expect(handing('xfreerdp3', [app])).toBe('handed');
    expect(handing('auto', [])).toBe('handed');
  });
});
