import { spawnSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { createDisplay } from '../../../electron/backend/display.ts';

const hasXvfb = spawnSync('Xvfb', ['-help']).error === undefined;

describe.runIf(process.platform === 'linux')('a screen that nobody sees', () => {
  it('is not needed where there is a screen', () => {
    expect(createDisplay({ DISPLAY: ':0' }).missing()).toBe(false);
    expect(createDisplay({ WAYLAND_DISPLAY: 'wayland-0' }).missing()).toBe(false);
    expect(createDisplay({}).missing()).toBe(true);
  });

  it('that could not be started is tried again the next time', async () => {
    const path = process.env.PATH;
    const display = createDisplay({});
    try {
      process.env.PATH = '/nowhere';
      expect(await Promise.all([display.start(), display.start()])).toEqual([false, false]);
    } finally {
      process.env.PATH = path;
    }
    expect(await display.start()).toBe(hasXvfb);
    display.stop();
  });

  it.runIf(hasXvfb)(
    'is started once, is still known to be unseen, and can be started again after its end',
    async () => {
      const env: NodeJS.ProcessEnv = {};
      const display = createDisplay(env);
      expect(await Promise.all([display.start(), display.start()])).toEqual([true, true]);
      expect(env.DISPLAY).toMatch(/^:\d+$/);
      expect(display.missing()).toBe(true);
      display.stop();
      await vi.waitFor(() => expect(env.DISPLAY).toBeUndefined(), { timeout: 5000 });
      expect(await display.start()).toBe(true);
      display.stop();
    },
  );
});
