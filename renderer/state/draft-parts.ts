// Pieces of the draft's schema: every field falls back on its own.
import { z } from 'zod';

/** A text; a ruined one is empty. */
export const text = z.string().catch('');

/** An object whose absence or ruin gives the defaults of its fields. */
export const part = <S extends z.ZodRawShape>(shape: S) =>
  z.preprocess((value) => (value !== null && typeof value === 'object' ? value : {}), z.object(shape));

/** Without the keys that are undefined: schemas and comparisons tell an absent key from an empty one. */
export function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}

/** A record as lines of `key=value`; a value that a line would change stands in quotes, as JSON. */
export function linesOf(record: Readonly<Record<string, string>>): string {
  const plain = (value: string) => value === value.trim() && !/^"|[\r\n]/.test(value);
  return Object.entries(record)
    .map(([key, value]) => `${key}=${plain(value) ? value : JSON.stringify(value)}`)
    .join('\n');
}

/** The record of such lines; a line without a key is left out. */
export function recordOf(lines: string): Record<string, string> {
  return Object.fromEntries(
    lines.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf('=');
      const key = line.slice(0, at).trim();
      return at > 0 && key !== '' ? [[key, unquoted(line.slice(at + 1).trim())]] : [];
    }),
  );
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    const read: unknown = JSON.parse(value);
    return typeof read === 'string' ? read : value;
  } catch {
    return value;
  }
}
