import { afterEach, describe, expect, it } from 'vitest';
import { RealRun } from './real-run.ts';

let run: RealRun | undefined;
afterEach(async () => {
  await run?.clean();
  run = undefined;
});

describe('a build that somebody stops', { timeout: 180_000 }, () => {
  it('goes on behind a Ctrl-C, can be followed again, and is cancelled from another window', async () => {
    run = await RealRun.create('Stopped');
    run.nobodyAtTheScreen();

    const stopped = await run.go(({ state }) => state === 'waiting', 'SIGINT');
    expect(stopped.code).toBe(130);
    expect(run.view()).toMatchObject({ state: 'waiting', machine: true, active: false });
    expect(await run.casement('screen', run.id, '--png', '-')).toMatchObject({ code: 0 });

    let cancelled: ReturnType<RealRun['casement']> | undefined;
    const followed = await run.go(({ state }) => {
      if (state === 'waiting') cancelled ??= run?.casement('cancel', run.id, '--json');
      return false;
    });
    expect(followed.code).toBe(130);
    const { code, stdout } = (await cancelled) ?? { code: null, stdout: '{}' };
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ cleaned: ['The build VM was switched off.'] });
    expect(run.view()).toMatchObject({ state: 'cancelled', machine: false });

    // A cancelled build may be taken up again, and given up again.
    expect((await run.go(({ state }) => state === 'waiting')).signal).toBe('SIGKILL');
    expect((await run.casement('cancel', run.id, '--json')).stdout).toContain(
      'The build VM was switched off.',
    );
  });
});
