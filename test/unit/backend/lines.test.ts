import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lines, runProgram } from '../../../electron/backend/lines.ts';

/** Set while the system has no handles left: then a child has no pipes, and only tells its error. */
const system = vi.hoisted(() => ({ outOfHandles: false }));
vi.mock('node:child_process', async (original) => {
  const real = await original<typeof import('node:child_process')>();
  const spawn = (...given: Parameters<typeof real.spawn>): ChildProcess => {
    if (!system.outOfHandles) return real.spawn(...given);
    const child = new EventEmitter() as ChildProcess;
    process.nextTick(() => child.emit('error', Object.assign(new Error('spawn EMFILE'), { code: 'EMFILE' })));
    return child;
  };
  return { ...real, spawn };
});
afterEach(() => {
  system.outOfHandles = false;
});

const signal = new AbortController().signal;

describe('a program of this checkout', () => {
  it('is heard line by line', async () => {
    expect(await lines(process.execPath, ['-e', 'console.log("a"); console.log("b")'], signal)).toBe('a\nb');
  });

  it('that fails says its last words', async () => {
    const words = ['-e', 'console.error("first"); console.error("last"); process.exit(3)'];
    await expect(runProgram(process.execPath, words, signal, () => {})).rejects.toMatchObject({
      code: 'program.failed',
      whatHappened: 'last',
    });
  });

  it('that cannot be started rejects, with pipes or without', async () => {
    await expect(lines('/no/such/program', [], signal)).rejects.toMatchObject({ code: 'ENOENT' });
    system.outOfHandles = true;
    await expect(lines(process.execPath, [], signal)).rejects.toMatchObject({ code: 'EMFILE' });
  });

  it('rejects as aborted when nobody wants it any more', async () => {
    await expect(lines(process.execPath, ['-e', ''], AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
