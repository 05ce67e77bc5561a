// How one call of the contract is written down.
import type { z } from 'zod';

/** One call: its argument schema, and its result as a type only. */
export interface Call<A extends z.ZodType, R> {
  readonly args: A;
  readonly result?: R;
}

/** A call that gives an R: `gives<R>()(arguments)`. */
export const gives =
  <R>() =>
  <A extends z.ZodType>(args: A): Call<A, R> => ({ args });
