// A password on the clipboard of the desktop, for a while. A page could not take it away: it may write to the clipboard
// only while its window is in front, and whoever pastes a password has another one there.
import { PASSWORD_STAYS } from '../../shared/passwords.ts';
import type { Desktop } from '../desktop/port.ts';

interface PasswordClipboard {
  /** Puts it there for `PASSWORD_STAYS` seconds; false where this front has no clipboard. */
  copy(password: string): Promise<boolean>;
  /** Takes away what was put there, unless something else was copied since. */
  clear(): Promise<void>;
}

/** The clipboard of the desktop, for passwords. */
export function createPasswordClipboard({ clipboard }: Desktop): PasswordClipboard {
  let put: { readonly password: string; readonly timer: NodeJS.Timeout } | null = null;
  const clear = async (): Promise<void> => {
    const mine = put;
    put = null;
    if (!mine || !clipboard) return;
    clearTimeout(mine.timer);
    if ((await clipboard.read()) === mine.password) await clipboard.clear();
  };
  return {
    async copy(password) {
      if (!clipboard) return false;
      await clipboard.write(password);
      clearTimeout(put?.timer);
      put = { password, timer: setTimeout(() => void clear().catch(() => undefined), PASSWORD_STAYS * 1000) };
      return true;
    },
    clear,
  };
}
