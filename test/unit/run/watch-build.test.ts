import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host } from '../../../electron/host/types.ts';
import { toPng } from '../../../electron/machine/png.ts';
import type { Machine } from '../../../electron/machine/types.ts';
import type { Watched } from '../../../electron/run/stages/vm.ts';
import { watchBuild } from '../../../electron/run/stages/watch-build.ts';
import type { Facts, StageContext } from '../../../electron/run/types.ts';
import { planSchema } from '../../../shared/plan.ts';
import { SETUP_SCREENS } from '../../../shared/setup-screens.ts';
import { examplePlan } from './example.ts';

// Only the global timers can be faked; this one is made of them.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;

/** A screen of 100 by 100 pixels in one grey, with some pixels of another at its start. */
function picture({ grey, spots = 0 }: Screen): Buffer {
  const pixels = Buffer.alloc(100 * 100 * 3, grey);
  pixels.fill(grey + 1, 0, spots * 3);
  return toPng(Buffer.concat([Buffer.from('P6\n100 100\n255\n'), pixels]));
}

interface Screen {
  readonly grey: number;
  readonly spots?: number;
}

/** A VM whose COM1 and screen a test sets, and everything the watch says of it. */
function build(firmware: 'bios' | 'uefi' = 'bios') {
  const said: string[] = [];
  const notes: string[] = [];
  const keys: string[] = [];
  const pictures: string[] = [];
  const vm = { com1: '', screen: { grey: 1 } as Screen, written: 0, resets: 0 };
  const host = {
    files: {
      stat: async () => ({ kind: 'file', bytes: Buffer.byteLength(vm.com1) }),
      read: async (_: string, { offset, length }: { offset: number; length: number }) =>
        Buffer.from(vm.com1).subarray(offset, offset + length),
      list: async () => [],
      mkdir: async () => {},
      write: async (path: string) => void pictures.push(path),
    },
  } as unknown as Host;
  const machine = {
    screenshot: async () => picture(vm.screen),
    activity: async () => ({ read: 0, written: vm.written }),
    keys: async (pressed: readonly string[]) => void keys.push(...pressed),
  } as unknown as Machine;
  const facts: Record<string, unknown> = {
    dir: '/d',
    probe: { accel: 'kvm' },
    edition: { index: 2, name: 'Standard', bytes: 1000 },
  };
  const plan = planSchema.parse({
    ...examplePlan,
    machine: { ...examplePlan.machine, firmware, type: 'q35' },
  });
  const context = {
    plan,
    facts: facts as Facts,
    progress: ({ done, message }: { done: number; message: string }) => void said.push(`${done} ${message}`),
    async note(more: Facts, message: string) {
      Object.assign(facts, more);
      notes.push(message);
    },
  } as unknown as StageContext;
  const stop = new AbortController();
  const watched: Watched = { host, machine, resets: () => vm.resets };
  const watch = watchBuild(context, 'install')(watched, stop.signal);
  const fault = watch.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const end = async () => {
    stop.abort();
    await vi.advanceTimersByTimeAsync(2000);
    return fault;
  };
  return { vm, said, notes, keys, pictures, end, fault };
}

describe('the watch over a hands-free build', () => {
  it('tells Setup by what is written, and the script by its steps', async () => {
    const { vm, said, notes, end } = build();
    await vi.advanceTimersByTimeAsync(1500);
    expect(said.at(-1)).toBe('0 The Windows CD is starting');
    vm.com1 += 'casement: begin setup 0\r\n';
    vm.written = 600;
    await vi.advanceTimersByTimeAsync(1000);
    expect(said.at(-1)).toBe('40 Windows Setup is at work');
    vm.written = 1e9;
    await vi.advanceTimersByTimeAsync(1000);
    expect(said.at(-1)).toBe('79 Windows Setup is at work');
    vm.com1 += 'casement: begin install 4\r\ncasement: step 1 drivers Installing the virtio drivers\r\n';
    vm.com1 += 'casement: step 2 guest-agent Installing the QEMU guest agent\r\n';
    await vi.advanceTimersByTimeAsync(1000);
    expect(said.at(-1)).toBe('85 Installing the QEMU guest agent (step 2 of 4)');
    expect(notes).toEqual(['Installing the virtio drivers.', 'Installing the QEMU guest agent.']);
    vm.com1 += 'casement: failed guest-agent msiexec.exe ended with code 1603\r\n';
    await vi.advanceTimersByTimeAsync(1000);
    expect(said.at(-1)).toMatch(/A step failed; Windows is shutting down$/);
    expect(await end()).toBeNull();
  });

  it('says that Windows looks stuck once nothing has changed for ten minutes, and that it goes on', async () => {
    const { vm, said, notes, end } = build();
    vm.com1 = 'casement: begin setup 0\r\n';
    await vi.advanceTimersByTimeAsync(9 * MINUTE);
    expect(said.at(-1)).toBe('0 Windows Setup is at work');
    await vi.advanceTimersByTimeAsync(3 * MINUTE);
    expect(said.at(-1)).toMatch(
      /^0 Nothing has changed for 1[12] minutes: Windows may wait for an answer\. Look at its screen\.$/,
    );
    // Once, for those who follow the journal: where the picture is, and what it may show.
    expect(notes.filter((note) => note.startsWith('Nothing changes any more'))).toEqual([
      'Nothing changes any more; Windows may wait for an answer. The last picture of its screen lies on the host: /d/film/install-0001.png',
    ]);
    expect(notes).toHaveLength(1 + SETUP_SCREENS.length);
    vm.screen = { grey: 2 };
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(said.at(-1)).toBe('0 Windows Setup is at work');
    // A screen that never changes is no standstill while the disk works.
    for (let minute = 0; minute < 30; minute += 1) {
      vm.written += 8e6;
      await vi.advanceTimersByTimeAsync(MINUTE);
    }
    expect(said.at(-1)).toBe('79 Windows Setup is at work');
    await end();
  });

  it('takes a blinking cursor, a clock and a few bytes on the disk for standing still', async () => {
    const { vm, said, pictures, end } = build();
    vm.com1 = 'casement: begin setup 0\r\n';
    for (let half = 0; half < 24; half += 1) {
      vm.screen = { grey: 1, spots: half % 2 === 0 ? 0 : 4 };
      vm.written += 20_000;
      await vi.advanceTimersByTimeAsync(MINUTE / 2);
    }
    expect(said.at(-1)).toMatch(/Nothing has changed for 1[12] minutes/);
    expect(pictures).toHaveLength(1);
    // A line of text is more than that.
    vm.screen = { grey: 1, spots: 60 };
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(said.at(-1)).toMatch(/Windows Setup is at work$/);
    expect(pictures).toHaveLength(2);
    await end();
  });

  it('ends a Setup that begins a second time', async () => {
    const { vm, fault } = build();
    vm.com1 = 'casement: begin setup 0\r\nBdsDxe: starting\r\ncasement: begin setup 0\r\n';
    await vi.advanceTimersByTimeAsync(2000);
    expect(await fault).toMatchObject({
      code: 'setup.loop',
      detail: expect.stringContaining('/d/film/install-0001.png'),
    });
  });

  it('keeps a picture only when the screen has changed', async () => {
    const { vm, pictures, end } = build();
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    vm.screen = { grey: 2 };
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(pictures).toEqual(['/d/film/install-0001.png', '/d/film/install-0002.png']);
    await end();
  });

  it('presses a key for UEFI media only, and only until Setup has begun or Windows has restarted', async () => {
    const bios = build();
    await vi.advanceTimersByTimeAsync(5000);
    expect(bios.keys).toEqual([]);
    await bios.end();

    const begun = build('uefi');
    await vi.advanceTimersByTimeAsync(5000);
    const pressed = begun.keys.length;
    expect(pressed).toBeGreaterThan(3);
    begun.vm.com1 = 'casement: begin setup 0\r\n';
    await vi.advanceTimersByTimeAsync(10_000);
    expect(begun.keys.length).toBeLessThanOrEqual(pressed + 1);
    await begun.end();

    const restarted = build('uefi');
    restarted.vm.resets = 1;
    await vi.advanceTimersByTimeAsync(5000);
    expect(restarted.keys).toEqual([]);
    await restarted.end();

    const late = build('uefi');
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(late.keys.length).toBeLessThan(70);
    await late.end();
  });
});
