// The rows of a long list: what is searched, what is sorted by. Everything is made once when a row arrives, so that a
// keystroke over ten thousand rows only compares. Pure.

export interface Indexed<T> {
  readonly item: T;
  /** Everything a search looks at, in lower case. */
  readonly text: string;
  /** What each column is sorted by: plain comparison gives the natural order. */
  readonly keys: Readonly<Record<string, string>>;
}

export interface Sort {
  readonly column: string;
  readonly down: boolean;
}

/** A text whose plain comparison is the natural order: "web9" before "web10", capitals like small letters. */
export function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(12, '0'));
}

/** A row ready to be searched and sorted; `cells` are the texts of its columns, `more` is searched too. */
export function indexed<T>(item: T, cells: Readonly<Record<string, string>>, more = ''): Indexed<T> {
  const keys: Record<string, string> = {};
  for (const [column, text] of Object.entries(cells)) keys[column] = naturalKey(text);
  return { item, keys, text: `${Object.values(cells).join(' ')} ${more}`.toLowerCase() };
}

/** Rows in the order of a column; equal ones keep theirs. */
export function sorted<T>(rows: readonly Indexed<T>[], { column, down }: Sort): readonly Indexed<T>[] {
  const sign = down ? -1 : 1;
  return rows.toSorted((a, b) => {
    const left = a.keys[column] ?? '';
    const right = b.keys[column] ?? '';
    return left === right ? 0 : left < right ? -sign : sign;
  });
}

/** Rows that hold every word of the search, whatever the order of the words. */
export function searched<T>(rows: readonly Indexed<T>[], search: string): readonly Indexed<T>[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? rows : rows.filter(({ text }) => words.every((word) => text.includes(word)));
}
