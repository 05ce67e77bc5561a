// Waiting for a condition, always bounded.
import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is not undefined or false, at most `timeoutMs`; resolves to that answer, or undefined when time is up. */
export async function waitFor<T>(
  ask: () => Promise<T | undefined | false>,
  timeoutMs: number,
  everyMs = 100,
): Promise<T | undefined> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() >= end) return undefined;
    await pause(everyMs);
  }
}
