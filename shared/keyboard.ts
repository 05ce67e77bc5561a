// Typing a text into a guest: which keys to press so that Windows, with its own keyboard layout, sees that text.
// Used for QMP send-key and for noVNC alike, so that scancodes travel and QEMU's -k is never needed. Pure, no I/O.
import { CasementError } from './errors.ts';
import { KEY_ROWS, LAYOUT_DATA, type LayoutData } from './keyboard-layouts.ts';

/** One press: the key with the modifiers held down around it. */
export interface Keystroke {
  /** W3C KeyboardEvent.code, e.g. `KeyA`. */
  readonly code: string;
  /** QEMU QKeyCode, e.g. `a`. */
  readonly qcode: string;
  readonly shift: boolean;
  readonly altgr: boolean;
  /** A dead key: types nothing by itself and changes the next key. */
  readonly dead?: true;
}

/** Layouts an admin can choose, in the order of the list. */
export const layouts: readonly { readonly id: string; readonly title: string }[] = LAYOUT_DATA.map(
  ({ id, title }) => ({ id, title }),
);

/** The modifiers as both worlds name them. */
export const MODIFIERS = {
  shift: { code: 'ShiftLeft', qcode: 'shift' },
  altgr: { code: 'AltRight', qcode: 'alt_r' },
} as const;

const NAMED_QCODES: Readonly<Record<string, string>> = {
  Backquote: 'grave_accent',
  Minus: 'minus',
  Equal: 'equal',
  BracketLeft: 'bracket_left',
  BracketRight: 'bracket_right',
  Semicolon: 'semicolon',
  Quote: 'apostrophe',
  Backslash: 'backslash',
  IntlBackslash: 'less',
  Comma: 'comma',
  Period: 'dot',
  Slash: 'slash',
  Space: 'spc',
  Enter: 'ret',
  Tab: 'tab',
};

/** Accents as keys have them, for the combining marks into which Unicode takes a letter apart. */
const ACCENTS: Readonly<Record<string, readonly string[]>> = {
  '\u0300': ['`'],
  '\u0301': ['´', "'"],
  '\u0302': ['^'],
  '\u0303': ['~'],
  '\u0308': ['¨', '"'],
};

interface Table {
  readonly typed: ReadonlyMap<string, readonly Keystroke[]>;
  readonly dead: ReadonlyMap<string, Keystroke>;
}

const tables = new Map<string, Table>();

/**
 * The keys that type `text` (line feed is Enter, tab is Tab) on a guest with that layout and CapsLock off.
 * Throws `keyboard.unsupported` that lists the characters the layout cannot type, `keyboard.unknown-layout` otherwise.
 */
export function keystrokes(text: string, layout: string): Keystroke[] {
  const data = LAYOUT_DATA.find((candidate) => candidate.id === layout);
  if (!data)
    throw new CasementError({
      code: 'keyboard.unknown-layout',
      title: 'This keyboard layout is not known',
      whatHappened: `Casement has no keyboard layout called "${layout}".`,
      whatToDo: `Choose one of: ${layouts.map(({ id }) => id).join(', ')}.`,
    });
  const known = table(data);
  const missing = new Set<string>();
  const typed: Keystroke[] = [];
  for (const character of text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\r', '\n')) {
    const strokes = known.typed.get(character) ?? composed(character, known);
    if (strokes) typed.push(...strokes);
    else missing.add(character);
  }
  if (missing.size > 0) throw unsupported([...missing], data);
  return typed;
}

function table(data: LayoutData): Table {
  const ready = tables.get(data.id);
  if (ready) return ready;
  const typed = new Map<string, readonly Keystroke[]>();
  const dead = new Map<string, Keystroke>();
  const add = (character: string, strokes: readonly Keystroke[]) => {
    if (!typed.has(character)) typed.set(character, strokes);
  };
  add(' ', [stroke('Space')]);
  add('\n', [stroke('Enter')]);
  add('\t', [stroke('Tab')]);
  for (const [rows, modifiers] of [
    [data.base, {}],
    [data.shift, { shift: true }],
  ] as const)
    rows.forEach((row, index) => {
      [...row].forEach((character, column) => {
        const code = KEY_ROWS[index]?.[column];
        if (character !== ' ' && code) add(character, [stroke(code, modifiers)]);
      });
    });
  for (const [pairs, shift] of [
    [data.altgr, false],
    [data.shiftAltgr ?? '', true],
  ] as const)
    for (const pair of pairs.split(' ').filter(Boolean)) {
      const characters = [...pair];
      add(characters.at(-1) ?? '', [stroke(characters.slice(0, -1).join(''), { shift, altgr: true })]);
    }
  for (const [accent, keys] of Object.entries(data.dead ?? {})) {
    const words = keys.split(' ');
    const key: Keystroke = {
      ...stroke(words.at(-1) ?? '', { shift: words.includes('Shift'), altgr: words.includes('AltGr') }),
      dead: true,
    };
    dead.set(accent, key);
    // A dead key followed by the space bar types the accent itself.
    add(accent, [key, stroke('Space')]);
  }
  const made = { typed, dead };
  tables.set(data.id, made);
  return made;
}

function stroke(code: string, modifiers: { shift?: boolean; altgr?: boolean } = {}): Keystroke {
  const letter = /^(?:Key|Digit)(.)$/.exec(code)?.[1];
  return {
    code,
    qcode: letter ? letter.toLowerCase() : (NAMED_QCODES[code] ?? code),
    shift: modifiers.shift ?? false,
    altgr: modifiers.altgr ?? false,
  };
}

/** A letter with an accent, by the accent's dead key and the plain letter. */
function composed(character: string, known: Table): readonly Keystroke[] | undefined {
  const [letter, mark, ...rest] = [...character.normalize('NFD')];
  if (!letter || !mark || rest.length > 0) return undefined;
  const dead = (ACCENTS[mark] ?? []).map((accent) => known.dead.get(accent)).find((key) => key);
  const plain = known.typed.get(letter);
  return dead && plain ? [dead, ...plain] : undefined;
}

function unsupported(characters: readonly string[], data: LayoutData): CasementError {
  const list = characters
    .map((character) => {
      const point = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return /[\p{C}\p{Z}]/u.test(character) ? `U+${point}` : character;
    })
    .join(' ');
  return new CasementError({
    code: 'keyboard.unsupported',
    title: 'Some characters cannot be typed',
    whatHappened: `The keyboard layout "${data.title}" has no keys for: ${list}`,
    whatToDo:
      'Choose the layout that the guest uses, or type these characters another way. Nothing was typed.',
  });
}
