// Pieces that several parts of a plan are made of.
import { z } from 'zod';

/** A name that a person gives to something. */
export const titleOf = (what: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(255)
    .regex(/^[^\p{Cc}]*$/u, 'no control characters')
    .describe(what);
