// Keys pressed on the build VM through QMP: combinations by name and texts by keyboard layout. Paced, because a PC
// keyboard has room for 16 bytes only and a busy guest empties it slowly.
import { setTimeout as sleep } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import { type Keystroke, MODIFIERS } from '../../shared/keyboard.ts';
import { badKey } from './faults.ts';
import type { Qmp } from './qmp.ts';

/** How long a key stays down and up again, in milliseconds; 20 was enough for a guest under TCG. */
const HOLD_MS = 20;

/** Names people use, for QEMU's own. */
const ALIASES: Readonly<Record<string, string>> = {
  enter: 'ret',
  return: 'ret',
  escape: 'esc',
  del: 'delete',
  ins: 'insert',
  space: 'spc',
  win: 'meta_l',
  windows: 'meta_l',
  super: 'meta_l',
  altgr: 'alt_r',
  pageup: 'pgup',
  pagedown: 'pgdn',
};

/** QEMU's name of a key. Throws `machine.unknown-key` for what cannot be one. */
export function keyName(key: string): string {
  const name = key.trim().toLowerCase();
  const found = ALIASES[name] ?? name;
  if (!/^[a-z0-9_]{1,30}$/.test(found)) throw badKey(key);
  return found;
}

/** The combination of one keystroke: modifiers first. */
export function combination(stroke: Keystroke): string[] {
  return [
    ...(stroke.altgr ? [MODIFIERS.altgr.qcode] : []),
    ...(stroke.shift ? [MODIFIERS.shift.qcode] : []),
    stroke.qcode,
  ];
}

/** Presses keys together: down in the given order, up in the reverse one. */
export async function press(qmp: Qmp, keys: readonly string[]): Promise<void> {
  const send = (names: readonly string[], down: boolean) =>
    qmp.execute('input-send-event', {
      events: names.map((data) => ({ type: 'key', data: { down, key: { type: 'qcode', data } } })),
    });
  await send(keys, true);
  await sleep(HOLD_MS);
  await send(keys.toReversed(), false).catch((error: unknown) => {
    // The key may just have switched the guest off; then there is nobody to let go of it.
    if (!isRefusal(error)) throw error;
  });
  await sleep(HOLD_MS);
}

/** Whether QEMU itself said no, as opposed to a broken line. */
export function isRefusal(error: unknown): error is CasementError {
  return error instanceof CasementError && error.code === 'machine.command-refused';
}
