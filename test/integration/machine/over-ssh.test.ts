// The build VM of an account without root rights, over SSH.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { buildMachine } from '../../../electron/machine/index.ts';
import { tinyGuest } from '../../unit/machine/spec.ts';
import { until } from '../../until.ts';
import { leaveAll, meet, specOf } from '../host/bench.ts';
import { labEnv } from '../lab.ts';

const { signal } = new AbortController();
afterEach(leaveAll);

it('starts, shows its screen, takes keys and is seen to end, also by one who connects anew', async () => {
  const owner = /\/\/([^@]+)@/.exec(labEnv().hosts.user.address)?.[1] ?? '';
  const { dir, spec } = tinyGuest();
  chmodSync(dir, 0o700);
  execFileSync('chown', ['-R', owner, dir]);
  const first = (await meet(specOf('user'))).host;
  const vm = buildMachine(first, dir, 'install');
  try {
    await vm.start(spec);
    const screen = await vm.screen();
    const greeting = await new Promise<Buffer>((resolve) => screen.once('data', resolve));
    expect(greeting.toString()).toBe('RFB 003.008\n');
    screen.destroy();
    await vm.type('dir E:\\', 'us');
    expect((await vm.screenshot()).subarray(1, 4).toString()).toBe('PNG');
    expect(await vm.drives()).toMatchObject([{ id: 'windows' }, { id: 'virtio', file: null }]);

    // The line is cut while QEMU goes on; somebody else takes over.
    await first.close();
    const again = buildMachine((await meet(specOf('user'))).host, dir, 'install');
    expect(await again.status()).toMatchObject({ state: 'running' });
    const ended = again.waitForEnd(signal);
    await until('the guest has ended', async () => {
      await again.keys(['esc']).catch(() => {});
      return (await again.status()).state !== 'running';
    });
    expect(await ended).toMatchObject({ by: 'guest' });
    expect(existsSync(join(dir, 'ended-install'))).toBe(true);
  } finally {
    await buildMachine((await meet(specOf('user'))).host, dir, 'install').stop();
    rmSync(dir, { recursive: true });
  }
});
