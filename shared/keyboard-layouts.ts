// The keyboard layouts of Windows as pure data: what each key of a PC keyboard types. Only keyboard.ts reads it.
// Sources: Microsoft "Windows keyboard layouts" reference; checked against QEMU's keymaps in the unit test.

/** One layout. Rows name the keys in the order of KEY_ROWS; a blank is a key that types nothing there (or a dead key). */
export interface LayoutData {
  readonly id: string;
  readonly title: string;
  readonly base: readonly [string, string, string, string];
  readonly shift: readonly [string, string, string, string];
  /** Typed with AltGr: `code character` pairs, e.g. `KeyQ@ KeyE€`. */
  readonly altgr: string;
  /** Typed with Shift and AltGr, written the same way. */
  readonly shiftAltgr?: string;
  /** Keys that wait for the next letter: accent → modifiers and code. */
  readonly dead?: Readonly<Record<string, string>>;
}

/** The 48 typing keys of an ISO keyboard as W3C codes, row by row, left to right. */
export const KEY_ROWS: readonly (readonly string[])[] = [
  'Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal'.split(' '),
  'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight'.split(' '),
  'KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backslash'.split(' '),
  'IntlBackslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash'.split(' '),
];

const US_BASE = ['`1234567890-=', 'qwertyuiop[]', "asdfghjkl;'\\", ' zxcvbnm,./'] as const;
const US_SHIFT = ['~!@#$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:"|', ' ZXCVBNM<>?'] as const;
const NORDIC_ALTGR = 'Digit2@ Digit3£ Digit4$ Digit5€ Digit7{ Digit8[ Digit9] Digit0} KeyE€ KeyMµ';
const SWISS_ALTGR =
  'Digit1¦ Digit2@ Digit3# Digit6¬ Digit7| Digit8¢ KeyE€ BracketLeft[ BracketRight] Quote{ Backslash} IntlBackslash\\';
const SWISS_DEAD = {
  '^': 'Equal',
  '`': 'Shift Equal',
  '~': 'AltGr Equal',
  '´': 'AltGr Minus',
  '¨': 'BracketRight',
};

export const LAYOUT_DATA: readonly LayoutData[] = [
  { id: 'us', title: 'English (United States)', base: US_BASE, shift: US_SHIFT, altgr: '' },
  {
    id: 'us-intl',
    title: 'English (United States, International)',
    base: [' 1234567890-=', US_BASE[1], 'asdfghjkl; \\', US_BASE[3]],
    shift: [' !@#$% &*()_+', US_SHIFT[1], 'ASDFGHJKL: |', US_SHIFT[3]],
    altgr:
      'Digit1¡ Digit2² Digit3³ Digit4¤ Digit5€ Digit6¼ Digit7½ Digit8¾ Digit9‘ Digit0’ Minus¥ Equal× KeyQä KeyWå KeyEé KeyR® KeyTþ KeyYü KeyUú KeyIí KeyOó KeyPö BracketLeft« BracketRight» KeyAá KeySß KeyDð KeyLø Semicolon¶ Quote´ Backslash¬ KeyZæ KeyC© KeyNñ KeyMµ Commaç Slash¿',
    dead: {
      '`': 'Backquote',
      '~': 'Shift Backquote',
      '^': 'Shift Digit6',
      "'": 'Quote',
      '"': 'Shift Quote',
    },
  },
  {
    id: 'uk',
    title: 'English (United Kingdom)',
    base: [US_BASE[0], US_BASE[1], "asdfghjkl;'#", '\\zxcvbnm,./'],
    shift: ['¬!"£$%^&*()_+', US_SHIFT[1], 'ASDFGHJKL:@~', '|ZXCVBNM<>?'],
    altgr: 'Backquote¦ Digit4€ KeyEé KeyUú KeyIí KeyOó KeyAá',
    shiftAltgr: 'KeyEÉ KeyUÚ KeyIÍ KeyOÓ KeyAÁ',
  },
  {
    id: 'de',
    title: 'German (Germany, Austria)',
    base: [' 1234567890ß ', 'qwertzuiopü+', 'asdfghjklöä#', '<yxcvbnm,.-'],
    shift: ['°!"§$%&/()=? ', 'QWERTZUIOPÜ*', "ASDFGHJKLÖÄ'", '>YXCVBNM;:_'],
    altgr:
      'Digit2² Digit3³ Digit7{ Digit8[ Digit9] Digit0} Minus\\ KeyQ@ KeyE€ BracketRight~ IntlBackslash| KeyMµ',
    dead: { '^': 'Backquote', '´': 'Equal', '`': 'Shift Equal' },
  },
  {
    id: 'ch-de',
    title: 'German (Switzerland)',
    base: ["§1234567890' ", 'qwertzuiopü ', 'asdfghjklöä$', '<yxcvbnm,.-'],
    shift: ['°+"*ç%&/()=? ', 'QWERTZUIOPè!', 'ASDFGHJKLéà£', '>YXCVBNM;:_'],
    altgr: SWISS_ALTGR,
    dead: SWISS_DEAD,
  },
  {
    id: 'ch-fr',
    title: 'French (Switzerland)',
    base: ["§1234567890' ", 'qwertzuiopè ', 'asdfghjkléà$', '<yxcvbnm,.-'],
    shift: ['°+"*ç%&/()=? ', 'QWERTZUIOPü!', 'ASDFGHJKLöä£', '>YXCVBNM;:_'],
    altgr: SWISS_ALTGR,
    dead: SWISS_DEAD,
  },
  {
    id: 'fr',
    title: 'French (France)',
    base: ['²&é"\'(-è_çà)=', 'azertyuiop $', 'qsdfghjklmù*', '<wxcvbn,;:!'],
    shift: [' 1234567890°+', 'AZERTYUIOP £', 'QSDFGHJKLM%µ', '>WXCVBN?./§'],
    altgr: 'Digit3# Digit4{ Digit5[ Digit6| Digit8\\ Digit9^ Digit0@ Minus] Equal} KeyE€ BracketRight¤',
    dead: { '^': 'BracketLeft', '¨': 'Shift BracketLeft', '~': 'AltGr Digit2', '`': 'AltGr Digit7' },
  },
  {
    id: 'be',
    title: 'French and Dutch (Belgium)',
    base: ['²&é"\'(§è!çà)-', 'azertyuiop $', 'qsdfghjklmùµ', '<wxcvbn,;:='],
    shift: ['³1234567890°_', 'AZERTYUIOP *', 'QSDFGHJKLM%£', '>WXCVBN?./+'],
    altgr: 'Digit1| Digit2@ Digit3# Digit6^ Digit9{ Digit0} KeyE€ BracketLeft[ BracketRight] IntlBackslash\\',
    dead: {
      '^': 'BracketLeft',
      '¨': 'Shift BracketLeft',
      '´': 'AltGr Quote',
      '`': 'AltGr Backslash',
      '~': 'AltGr Slash',
    },
  },
  {
    id: 'es',
    title: 'Spanish (Spain)',
    base: ["º1234567890'¡", 'qwertyuiop +', 'asdfghjklñ ç', '<zxcvbnm,.-'],
    shift: ['ª!"·$%&/()=?¿', 'QWERTYUIOP *', 'ASDFGHJKLÑ Ç', '>ZXCVBNM;:_'],
    altgr:
      'Backquote\\ Digit1| Digit2@ Digit3# Digit5€ Digit6¬ KeyE€ BracketLeft[ BracketRight] Quote{ Backslash}',
    dead: {
      '`': 'BracketLeft',
      '^': 'Shift BracketLeft',
      '´': 'Quote',
      '¨': 'Shift Quote',
      '~': 'AltGr Digit4',
    },
  },
  {
    id: 'latam',
    title: 'Spanish (Latin America)',
    base: ["|1234567890'¿", 'qwertyuiop +', 'asdfghjklñ{}', '<zxcvbnm,.-'],
    shift: ['°!"#$%&/()=?¡', 'QWERTYUIOP *', 'ASDFGHJKLÑ[]', '>ZXCVBNM;:_'],
    altgr: 'Backquote¬ Minus\\ KeyQ@ BracketRight~',
    dead: {
      '´': 'BracketLeft',
      '¨': 'Shift BracketLeft',
      '^': 'AltGr Quote',
      '`': 'AltGr Backslash',
    },
  },
  {
    id: 'pt',
    title: 'Portuguese (Portugal)',
    base: ["\\1234567890'«", 'qwertyuiop+ ', 'asdfghjklçº ', '<zxcvbnm,.-'],
    shift: ['|!"#$%&/()=?»', 'QWERTYUIOP* ', 'ASDFGHJKLÇª ', '>ZXCVBNM;:_'],
    altgr: 'Digit2@ Digit3£ Digit4§ Digit5€ Digit7{ Digit8[ Digit9] Digit0} KeyE€',
    dead: {
      '´': 'BracketRight',
      '`': 'Shift BracketRight',
      '~': 'Backslash',
      '^': 'Shift Backslash',
      '¨': 'AltGr BracketLeft',
    },
  },
  {
    id: 'it',
    title: 'Italian (Italy)',
    base: ["\\1234567890'ì", 'qwertyuiopè+', 'asdfghjklòàù', '<zxcvbnm,.-'],
    shift: ['|!"£$%&/()=?^', 'QWERTYUIOPé*', 'ASDFGHJKLç°§', '>ZXCVBNM;:_'],
    altgr: 'Digit5€ KeyE€ BracketLeft[ BracketRight] Semicolon@ Quote#',
    shiftAltgr: 'BracketLeft{ BracketRight}',
  },
  {
    id: 'se',
    title: 'Swedish and Finnish',
    base: ['§1234567890+ ', 'qwertyuiopå ', "asdfghjklöä'", '<zxcvbnm,.-'],
    shift: ['½!"#¤%&/()=? ', 'QWERTYUIOPÅ ', 'ASDFGHJKLÖÄ*', '>ZXCVBNM;:_'],
    altgr: `${NORDIC_ALTGR} Minus\\ IntlBackslash|`,
    dead: {
      '´': 'Equal',
      '`': 'Shift Equal',
      '¨': 'BracketRight',
      '^': 'Shift BracketRight',
      '~': 'AltGr BracketRight',
    },
  },
  {
    id: 'no',
    title: 'Norwegian',
    base: ['|1234567890+\\', 'qwertyuiopå ', "asdfghjkløæ'", '<zxcvbnm,.-'],
    shift: ['§!"#¤%&/()=? ', 'QWERTYUIOPÅ ', 'ASDFGHJKLØÆ*', '>ZXCVBNM;:_'],
    altgr: NORDIC_ALTGR,
    dead: {
      '´': 'AltGr Equal',
      '`': 'Shift Equal',
      '¨': 'BracketRight',
      '^': 'Shift BracketRight',
      '~': 'AltGr BracketRight',
    },
  },
  {
    id: 'dk',
    title: 'Danish',
    base: ['½1234567890+ ', 'qwertyuiopå ', "asdfghjklæø'", '<zxcvbnm,.-'],
    shift: ['§!"#¤%&/()=? ', 'QWERTYUIOPÅ ', 'ASDFGHJKLÆØ*', '>ZXCVBNM;:_'],
    altgr: `${NORDIC_ALTGR} Equal| IntlBackslash\\`,
    dead: {
      '´': 'Equal',
      '`': 'Shift Equal',
      '¨': 'BracketRight',
      '^': 'Shift BracketRight',
      '~': 'AltGr BracketRight',
    },
  },
  {
    id: 'pl',
    title: 'Polish (Programmers)',
    base: US_BASE,
    shift: [' !@#$%^&*()_+', US_SHIFT[1], US_SHIFT[2], US_SHIFT[3]],
    altgr: 'KeyEę KeyU€ KeyOó KeyAą KeySś KeyLł KeyZż KeyXź KeyCć KeyNń',
    shiftAltgr: 'KeyEĘ KeyOÓ KeyAĄ KeySŚ KeyLŁ KeyZŻ KeyXŹ KeyCĆ KeyNŃ',
    dead: { '~': 'Shift Backquote' },
  },
];
