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
