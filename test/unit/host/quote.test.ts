import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteWord, quoteWords } from '../../../electron/host/quote.ts';

/** What a real sh understands when it is given the quoted line. */
function readBack(words: readonly string[]): string[] {
  const line = `printf '%s\\0' ${quoteWords(words)}`;
  return execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

const word = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '*', '~', '!', '#', '-', 'a', '\r'),
  }),
);

describe('quoting', () => {
  it('lets a real sh read back exactly the words, whatever they hold', () => {
    const holdable = word.filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(holdable, { minLength: 1, maxLength: 20 }), (words) => {
        expect(readBack(words)).toEqual(words);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves plain words readable', () => {
    expect(quoteWords(['qemu-img', 'create', '/tmp/a.qcow2', '40G'])).toBe(
      'qemu-img create /tmp/a.qcow2 40G',
    );
  });

  it('quotes an empty word, a tilde and an assignment', () => {
    expect(['', '~', 'A=b'].map(quoteWord)).toEqual(["''", "'~'", "'A=b'"]);
  });

  it('refuses NUL and an empty command', () => {
    expect(() => quoteWord('a\0b')).toThrow(expect.objectContaining({ code: 'host.bad-word' }));
    expect(() => quoteWords([])).toThrow(expect.objectContaining({ code: 'host.bad-word' }));
  });
});
