// Keys that the keyboard in front cannot send to the guest by itself, and how texts become key presses. Pure but for the pace.
import { keystrokes, MODIFIERS } from '../../shared/keyboard.ts';

/** One key: X11 keysym for servers without scancodes, W3C code for QEMU. Keysyms from X11's keysymdef.h. */
export interface Key {
  readonly keysym: number;
  readonly code: string;
}

const CTRL = { keysym: 0xffe3, code: 'ControlLeft' };
const ALT = { keysym: 0xffe9, code: 'AltLeft' };
const SHIFT = { keysym: 0xffe1, code: 'ShiftLeft' };
const WIN = { keysym: 0xffeb, code: 'MetaLeft' };
const ESC = { keysym: 0xff1b, code: 'Escape' };
const TAB = { keysym: 0xff09, code: 'Tab' };
const F1 = 0xffbe;
const fKey = (number: number): Key => ({ keysym: F1 + number - 1, code: `F${number}` });

export interface SpecialKey {
  readonly label: string;
  readonly keys: readonly Key[];
}

export const CTRL_ALT_DEL: SpecialKey = {
  label: 'Ctrl+Alt+Del',
  keys: [CTRL, ALT, { keysym: 0xffff, code: 'Delete' }],
};

/** The menu of special keys, in groups. */
export const SPECIAL_KEYS: readonly (readonly SpecialKey[])[] = [
  [
    { label: 'Windows key', keys: [WIN] },
    { label: 'Windows+R (Run)', keys: [WIN, { keysym: 0x72, code: 'KeyR' }] },
    { label: 'Alt+Tab', keys: [ALT, TAB] },
    { label: 'Alt+F4', keys: [ALT, fKey(4)] },
    { label: 'Ctrl+Esc', keys: [CTRL, ESC] },
    { label: 'Ctrl+Shift+Enter', keys: [CTRL, SHIFT, { keysym: 0xff0d, code: 'Enter' }] },
    { label: 'Shift+F10 (command prompt in Setup)', keys: [SHIFT, fKey(10)] },
  ],
  [
    { label: 'Esc', keys: [ESC] },
    { label: 'Tab', keys: [TAB] },
    { label: 'Enter', keys: [{ keysym: 0xff0d, code: 'Enter' }] },
    { label: 'Print Screen', keys: [{ keysym: 0xff61, code: 'PrintScreen' }] },
  ],
  [
    Array.from({ length: 12 }, (_, index) => index + 1).map((number) => ({
      label: `F${number}`,
      keys: [fKey(number)],
    })),
  ].flat(),
];

/** The part of noVNC that takes keys. */
export interface KeySink {
  sendKey(keysym: number, code: string, down?: boolean): void;
}

/** Presses keys together and lets them go in reverse. */
export function pressTogether(sink: KeySink, keys: readonly Key[]): void {
  for (const { keysym, code } of keys) sink.sendKey(keysym, code, true);
  for (const { keysym, code } of keys.toReversed()) sink.sendKey(keysym, code, false);
}

/** Pause between two characters in milliseconds: QEMU's USB and PS/2 keyboards hold 16 events, Setup polls them slowly. */
const PACE = 25;

/**
 * Types a text on the guest's keyboard layout; sends scancodes, so the guest's own layout decides. Throws
 * `keyboard.unsupported` before the first key when a character cannot be typed there.
 */
export async function typeText(
  sink: KeySink,
  text: string,
  layout: string,
  signal: AbortSignal,
): Promise<void> {
  const shift = { keysym: SHIFT.keysym, code: MODIFIERS.shift.code };
  const altgr = { keysym: 0xfe03, code: MODIFIERS.altgr.code };
  for (const stroke of keystrokes(text, layout)) {
    if (signal.aborted) return;
    const modifiers = [...(stroke.shift ? [shift] : []), ...(stroke.altgr ? [altgr] : [])];
    // Without scancodes a keysym would be needed for each character; QEMU always has scancodes.
    pressTogether(sink, [...modifiers, { keysym: 0, code: stroke.code }]);
    await new Promise((resolve) => setTimeout(resolve, PACE));
  }
}
