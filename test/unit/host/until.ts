// Waits for a condition instead of for a time.
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until `look` gives something other than undefined, null or false; throws after `ms` milliseconds. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  ms = 10_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen as NonNullable<T>;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await sleep(30);
  }
}
