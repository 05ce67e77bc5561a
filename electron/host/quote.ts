// The one place where words become a POSIX shell line. Pure.
import { badWord } from './faults.ts';

/** Characters no POSIX shell gives a meaning to, wherever they stand in a word. */
const PLAIN = /^[A-Za-z0-9_/.:@%+,-]+$/;

/** One word so that any POSIX sh reads back exactly these characters. Throws `host.bad-word` for NUL, which no argument can hold. */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw badWord();
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command as a line for a POSIX sh: the words quoted, joined by blanks. Throws `host.bad-word` for NUL or no words. */
export function quoteWords(words: readonly string[]): string {
  if (words.length === 0) throw badWord();
  return words.map(quoteWord).join(' ');
}
