import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keystrokes, layouts } from '../../../shared/keyboard.ts';
import { KEY_ROWS, LAYOUT_DATA } from '../../../shared/keyboard-layouts.ts';

const KEYMAPS = '/usr/share/qemu/keymaps';
const QEMU_NAME: Record<string, string> = {
  us: 'en-us',
  uk: 'en-gb',
  de: 'de',
  'ch-de': 'de-ch',
  'ch-fr': 'fr-ch',
  be: 'fr-be',
  fr: 'fr',
  es: 'es',
  pt: 'pt',
  it: 'it',
  se: 'fi',
  no: 'no',
  dk: 'da',
  pl: 'pl',
};
const SCANCODES = [
  [0x29, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  [16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27],
  [30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 0x2b],
  [0x56, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53],
].flat();
const scancode = new Map(KEY_ROWS.flat().map((code, index) => [code, SCANCODES[index]]));

const PUNCTUATION: Record<string, string> = Object.fromEntries(
  'exclam ! quotedbl " numbersign # dollar $ percent % ampersand & apostrophe \' parenleft ( parenright ) asterisk * plus + comma , minus - period . slash / colon : semicolon ; less < equal = greater > question ? at @ bracketleft [ backslash \\ bracketright ] asciicircum ^ underscore _ grave ` braceleft { bar | braceright } asciitilde ~ adiaeresis ä odiaeresis ö udiaeresis ü Adiaeresis Ä Odiaeresis Ö Udiaeresis Ü ssharp ß eacute é egrave è agrave à ccedilla ç ugrave ù aring å Aring Å ae æ AE Æ oslash ø Oslash Ø ntilde ñ Ntilde Ñ sterling £ section § degree ° onehalf ½ currency ¤ masculine º ordfeminine ª exclamdown ¡ questiondown ¿ periodcentered · igrave ì ograve ò EuroSign €'
    .split(' ')
    .map((word, index, words) => [words[index - 1] ?? '', word])
    .filter((_, index) => index % 2 === 1),
);

describe('typing a text', () => {
  it('presses Shift for capitals and the plain key otherwise', () => {
    expect(keystrokes('aA1', 'us')).toEqual([
      { code: 'KeyA', qcode: 'a', shift: false, altgr: false },
      { code: 'KeyA', qcode: 'a', shift: true, altgr: false },
      { code: 'Digit1', qcode: '1', shift: false, altgr: false },
    ]);
  });

  it('knows that a German keyboard has Y and Z exchanged and the backslash on AltGr', () => {
    expect(keystrokes('z\\', 'de')).toEqual([
      { code: 'KeyY', qcode: 'y', shift: false, altgr: false },
      { code: 'Minus', qcode: 'minus', shift: false, altgr: true },
    ]);
  });

  it('types an accent by its dead key and the space bar, a letter with it by dead key and letter', () => {
    expect(keystrokes('^', 'de').map((key) => key.code)).toEqual(['Backquote', 'Space']);
    expect(keystrokes('Ê', 'fr')).toEqual([
      { code: 'BracketLeft', qcode: 'bracket_left', shift: false, altgr: false, dead: true },
      { code: 'KeyE', qcode: 'e', shift: true, altgr: false },
    ]);
  });

  it('turns line ends of every kind into one Enter and tabs into Tab', () => {
    expect(keystrokes('\r\n\r\n\t', 'us').map((key) => key.qcode)).toEqual(['ret', 'ret', 'tab']);
  });

  it('lists every character the layout cannot type, once, and types nothing', () => {
    expect(() => keystrokes('a文b文\u0007', 'us')).toThrow(
      expect.objectContaining({
        code: 'keyboard.unsupported',
        whatHappened: expect.stringMatching(/文 U\+0007$/),
      }),
    );
  });

  it('refuses a layout it does not know', () => {
    expect(() => keystrokes('a', 'klingon')).toThrow(
      expect.objectContaining({ code: 'keyboard.unknown-layout' }),
    );
  });

  it.each(layouts.map(({ id }) => id))('types the commands of the coach on %s', (layout) => {
    const command =
      'pnputil -i -a E:\\NetKVM\\2k12R2\\amd64\\netkvm.inf /v fDenyTSConnections; "a_b" (x,y)\n';
    expect(keystrokes(command, layout).length).toBeGreaterThanOrEqual([...command].length);
  });

  it('never gives a key without a QEMU name, whatever is typed', () => {
    const qcode =
      /^([a-z0-9]|grave_accent|minus|equal|bracket_(left|right)|semicolon|apostrophe|backslash|less|comma|dot|slash|spc|ret|tab)$/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...layouts), (text, { id }) => {
        try {
          for (const key of keystrokes(text, id)) expect(key.qcode).toMatch(qcode);
        } catch (error) {
          expect(error).toMatchObject({ code: 'keyboard.unsupported' });
        }
      }),
    );
  });
});

describe('the layouts', () => {
  it.each(LAYOUT_DATA)('$id fills every row', (layout) => {
    for (const level of [layout.base, layout.shift])
      expect(level.map((row) => [...row].length)).toEqual(KEY_ROWS.map((row) => row.length));
  });

  it.each(Object.entries(QEMU_NAME).filter(([, name]) => existsSync(`${KEYMAPS}/${name}`)))(
    '%s agrees with the keymap of QEMU',
    (id, name) => {
      const layout = LAYOUT_DATA.find((candidate) => candidate.id === id);
      const theirs = new Map<string, Set<string>>();
      for (const line of readFileSync(`${KEYMAPS}/${name}`, 'latin1').split('\n')) {
        const [keysym = '', code, ...modifiers] = line.split(' ');
        if (!code?.startsWith('0x')) continue;
        const character = keysym.length === 1 ? keysym : PUNCTUATION[keysym];
        const key = `${Number(code)} ${modifiers.join(' ')}`.trim();
        if (character) theirs.set(key, (theirs.get(key) ?? new Set()).add(character));
      }
      let compared = 0;
      const wrong: string[] = [];
      for (const [level, rows] of [
        ['', layout?.base ?? []],
        ['shift', layout?.shift ?? []],
      ] as const)
        rows.forEach((row, index) => {
          [...row].forEach((character, column) => {
            const code = KEY_ROWS[index]?.[column] ?? '';
            const known = theirs.get(`${scancode.get(code)} ${level}`.trim());
            if (character === ' ' || !known) return;
            compared += 1;
            if (!known.has(character))
              wrong.push(`${level} ${code}: ours ${character}, theirs ${[...known]}`);
          });
        });
      expect(wrong).toEqual([]);
      expect(compared).toBeGreaterThan(70);
    },
  );
});
