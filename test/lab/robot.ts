// Plays the admin at the screen of the stand-in: reads what it reports on COM1 and types what an admin would type.
// The moves are pure; `playAdmin` reads the serial log of the build VM and types through whatever it is given.
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { coachSteps, driverFolder } from '../../shared/coach.ts';
import type { Plan } from '../../shared/plan.ts';

const PREFIX = 'standin: ';
const LOOK_EVERY_MS = 150;
/** The stand-in draws a screen, then reads: a key that comes in between may be lost. Milliseconds. */
const SETTLE_MS = 250;

/** Any password the stand-in takes; Sysprep throws it away. */
const SETUP_PASSWORD = 'Practice-2022';

/** What the robot remembers between lines. */
export interface RobotState {
  /** Commands still to be typed at the prompt. */
  readonly commands: readonly string[];
  readonly driverAsked: boolean;
  readonly installer: boolean;
}

/** The robot at the start of a build. */
export function robotFor(plan: Pick<Plan, 'windows' | 'machine'>): RobotState {
  const [install] = coachSteps(plan.windows, plan.machine.diskBus, { network: plan.machine.network });
  const wanted = ['network-driver', 'rdp', 'firewall', 'shutdown'];
  const commands = (install?.steps ?? [])
    .filter(({ id }) => wanted.includes(id))
    .flatMap(({ type }) => (type?.[0] ? [type[0].text] : []));
  return { commands, driverAsked: false, installer: false };
}

/** What to type after one line of the stand-in; null for nothing. Throws when the stand-in refused something. */
export function move(
  state: RobotState,
  line: string,
  plan: Pick<Plan, 'windows' | 'machine'>,
): { readonly state: RobotState; readonly type: string | null } {
  const say = (type: string | null, next: Partial<RobotState> = {}) => ({
    state: { ...state, ...next },
    type,
  });
  if (/^(refused|driver refused|command failed|stop |screen setup-failed)/.test(line))
    throw new Error(`The stand-in refused what the robot typed: ${line}`);
  switch (line) {
    case 'screen setup-language':
      return say('\n');
    case 'screen setup-edition':
      return say('2\n');
    case 'screen setup-licence':
      return say('YES\n');
    case 'screen setup-disk':
      return state.driverAsked
        ? say(null)
        : say(`${driverFolder(plan.windows, plan.machine.diskBus)}\n`, { driverAsked: true });
    case 'drive 0 visible':
      return say('\n');
    case 'screen windows-password':
    case 'field reenter-password':
    case 'screen windows-sign-in':
      return say(`${SETUP_PASSWORD}\n`);
    case 'ask sysprep':
      return say('y\n');
    case 'ask shutdown':
      return say('n\n');
    case 'screen windows-desktop':
      // ENTER runs the installer that lies on the desktop.
      if (state.installer) return say('\n', { installer: false, commands: ['shutdown /s /t 0\n'] });
      return say(state.commands[0] ?? null, { commands: state.commands.slice(1) });
    case 'prompt':
      return say(state.commands[0] ?? null, { commands: state.commands.slice(1) });
    default:
      return line.startsWith('desktop has ') ? say(null, { installer: true }) : say(null);
  }
}

export interface RobotOptions {
  readonly plan: Pick<Plan, 'windows' | 'machine'>;
  /** The serial log of the build VM: a new one for each phase, under the same name. */
  readonly serial: string;
  readonly type: (text: string) => Promise<void>;
  readonly onLine?: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Types until the signal ends it. Rejects when the stand-in refuses something. */
export async function playAdmin(options: RobotOptions): Promise<void> {
  let state = robotFor(options.plan);
  for await (const line of reports(options.serial, options.signal)) {
    options.onLine?.(line);
    const next = move(state, line, options.plan);
    state = next.state;
    if (next.type === null) continue;
    await pause(SETTLE_MS);
    await options.type(next.type);
  }
}

/** The stand-in's reports as they come; a log that became shorter belongs to the next phase. */
async function* reports(path: string, signal: AbortSignal): AsyncGenerator<string> {
  let read = 0;
  let inode = 0;
  let rest = '';
  while (!signal.aborted) {
    const file = await open(path).catch(() => null);
    if (file) {
      const { size, ino } = await file.stat();
      if (size < read || ino !== inode) {
        read = 0;
        rest = '';
        inode = ino;
      }
      const chunk = Buffer.alloc(size - read);
      read += (await file.read(chunk, 0, chunk.length, read)).bytesRead;
      await file.close();
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const at = line.indexOf(PREFIX);
        if (at >= 0) yield line.slice(at + PREFIX.length).trim();
      }
    }
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
