// A screen that nobody sees (Xvfb), for proving a login on a Linux machine without a graphical session.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface Display {
  /** Whether this process has no screen to open a window on. */
  missing(): boolean;
  /** Starts the unseen screen and makes it this process's; false when the machine has no Xvfb. */
  start(): Promise<boolean>;
  stop(): void;
}

/** The unseen screen of this process; nothing is started before `start`. */
export function createDisplay(env: NodeJS.ProcessEnv = process.env): Display {
  let starting: Promise<boolean> | undefined;
  let child: ChildProcess | undefined;
  const start = async (): Promise<boolean> => {
    // -displayfd: Xvfb chooses a free number and tells it, so that two processes never fight for one.
    // -terminate: it ends with its last window, even if this program was killed before.
    const words = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-terminate'];
    const started = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const number = await displayNumber(started);
    if (number === null) return false;
    env.DISPLAY = `:${number}`;
    child = started;
    started.once('exit', () => {
      child = undefined;
      starting = undefined;
      delete env.DISPLAY;
    });
    return true;
  };
  return {
    missing: () =>
      process.platform === 'linux' && (child !== undefined || (!env.DISPLAY && !env.WAYLAND_DISPLAY)),
    start() {
      // Only a screen that stands is remembered: Xvfb may be installed by the next attempt.
      const forget = (): void => {
        starting = undefined;
      };
      if (!starting) {
        starting = start();
        starting.then((stands) => stands || forget(), forget);
      }
      return starting;
    },
    stop() {
      child?.kill();
    },
  };
}

async function displayNumber(child: ChildProcess): Promise<string | null> {
  const ended = Promise.race([once(child, 'error'), once(child, 'exit')]).then(() => null);
  const failed = ended.catch(() => null);
  // A system out of handles starts nothing and makes no pipes either; the error above still comes.
  const pipe = (child.stdio as ChildProcess['stdio'] | undefined)?.[3] as Readable | undefined;
  if (!pipe) return await failed;
  const told = once(pipe, 'data').then(([data]: Buffer[]) => data?.toString('utf8').trim() ?? null);
  return await Promise.race([told, failed]);
}
