// Waits for a condition instead of for a time, and says what never came.
import { vi } from 'vitest';

/** Asks until `look` gives something true; throws what `look` throws, or after `ms` milliseconds. */
export async function until<T>(what: string, look: () => Promise<T> | T, ms = 10_000) {
  const begin = performance.now();
  return await vi.waitUntil(look, { timeout: ms, interval: 50 }).catch((thrown: unknown) => {
    throw performance.now() - begin < ms ? thrown : new Error(`never came: ${what}`, { cause: thrown });
  });
}
