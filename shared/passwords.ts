// Windows' password rules, as the guest will apply them. Pure; checked live while the admin types.

/** One rule and whether the password keeps it. */
export interface PasswordRule {
  readonly id: 'length' | 'classes' | 'account-name' | 'printable';
  readonly text: string;
  readonly kept: boolean;
}

// Source: Microsoft "Password must meet complexity requirements"; currency symbols do not count.
const SPECIAL = new Set('~!@#$%^&*_-+=`|\\(){}[]:;"\'<>,.?/');
/** Shortest password Casement accepts; Windows itself has no minimum on a stand-alone server. */
export const MIN_LENGTH = 12;
/** Longest password the Windows logon accepts. */
export const MAX_LENGTH = 127;

/** How long a shown or copied password stays on screen and clipboard, in seconds. */
export const PASSWORD_STAYS = 30;

/** How many of Windows' five character classes occur: upper, lower, digit, special, other letters. */
export function characterClasses(password: string): number {
  const found = new Set<string>();
  for (const c of password) {
    if (/\p{Lu}/u.test(c)) found.add('upper');
    else if (/\p{Ll}/u.test(c)) found.add('lower');
    else if (/[0-9]/.test(c)) found.add('digit');
    else if (SPECIAL.has(c)) found.add('special');
    else if (/\p{L}/u.test(c)) found.add('other');
  }
  return found.size;
}

/** The rules in the order in which they are shown, each with whether `password` keeps it for `account`. */
export function passwordRules(password: string, account = 'Administrator'): PasswordRule[] {
  const length = [...password].length;
  return [
    {
      id: 'length',
      text: `${MIN_LENGTH} to ${MAX_LENGTH} characters`,
      kept: length >= MIN_LENGTH && length <= MAX_LENGTH,
    },
    {
      id: 'classes',
      text: 'Three kinds of characters out of: capital letters, small letters, digits, symbols',
      kept: characterClasses(password) >= 3,
    },
    {
      id: 'account-name',
      text: `Does not contain the account name (${account})`,
      // Windows looks for the account name only from three characters on, ignoring case.
      kept:
        password.length > 0 &&
        (account.length < 3 || !password.toLowerCase().includes(account.toLowerCase())),
    },
    {
      id: 'printable',
      text: 'Only characters that every keyboard has (printable ASCII)',
      kept: password.length > 0 && /^[\x20-\x7e]+$/.test(password),
    },
  ];
}

/** Whether Windows will take this password; it ignores a refused `admin_pass` in silence, so ask before launching. */
export function isAcceptable(password: string, account = 'Administrator'): boolean {
  return passwordRules(password, account).every((rule) => rule.kept);
}
