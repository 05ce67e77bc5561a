// What Windows does with passwords, as far as a stand-in must do the same. Pure.
import { randomInt } from 'node:crypto';
import { md4 } from './md4.ts';

/** The account Cloudbase-Init sets the password of. */
export const ACCOUNT = 'Administrator';

// Microsoft: "Password must meet complexity requirements". Currency symbols other than $ do not count as special.
const CLASSES = [
  /\p{Lu}/u,
  /\p{Ll}/u,
  /[0-9]/,
  /[~!@#$%^&*_\-+=`|\\(){}[\]:;"'<>,.?/]/,
  /[\p{Lt}\p{Lm}\p{Lo}]/u,
];

/** Whether Windows' password policy accepts a password for Administrator. */
export function acceptsPassword(password: string): boolean {
  if (password.toLowerCase().includes(ACCOUNT.toLowerCase())) return false;
  return CLASSES.filter((pattern) => pattern.test(password)).length >= 3;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A password as Cloudbase-Init generates it: 20 letters and digits, drawn again until the policy accepts it. */
export function generatePassword(): string {
  for (;;) {
    const password = Array.from({ length: 20 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    if (acceptsPassword(password)) return password;
  }
}

/** A SAM line as FreeRDP's server reads it: the account and the NT hash of its password. */
export function samLine(password: string): string {
  return `${ACCOUNT}:::${md4(Buffer.from(password, 'utf16le')).toString('hex')}:::\n`;
}
