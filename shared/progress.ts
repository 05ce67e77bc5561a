// Rate, ETA and last activity of a long work, measured over a sliding window. Pure: the clock is an argument.
import type { Progress } from './stages.ts';

/** The rate looks back this far: long enough to be calm, short enough to follow a line that slows down. */
const WINDOW_MS = 10_000;
/** Below this span a rate is noise and stays null. */
const LEAST_MS = 400;

export interface Meter {
  /** The progress at this moment. `total`, when given, replaces the one known so far. */
  update(done: number, message: string, total?: number | null): Progress;
}

/**
 * A meter of one long work. What the first update reports as done (a resumed transfer) never counts into the rate;
 * a count that goes backwards (a new attempt) starts the measuring afresh. `now` gives milliseconds.
 */
export function createMeter(
  unit: Progress['unit'],
  total: number | null,
  now: () => number = Date.now,
): Meter {
  let samples: { at: number; done: number }[] = [];
  let known = total;
  let last: { done: number; message: string; at: number } | null = null;
  return {
    update(done, message, newTotal) {
      const at = now();
      if (newTotal !== undefined) known = newTotal;
      if (last && done < last.done) samples = [];
      samples.push({ at, done });
      samples = recent(samples, at);
      if (!last || last.done !== done || last.message !== message) last = { done, message, at };
      const rate = rateOf(samples);
      return {
        done,
        total: known,
        unit,
        rate,
        etaSeconds: rate && known !== null ? Math.max(0, Math.round((known - done) / rate)) : null,
        message,
        lastActivity: new Date(last.at).toISOString(),
      };
    },
  };
}

/** The samples of the window and the one just before it, so that the span covers the whole window. */
function recent(samples: { at: number; done: number }[], at: number): { at: number; done: number }[] {
  const first = samples.findIndex((sample) => at - sample.at <= WINDOW_MS);
  return first > 1 ? samples.slice(first - 1) : samples;
}

function rateOf(samples: readonly { at: number; done: number }[]): number | null {
  const [first] = samples;
  const final = samples.at(-1);
  if (!first || !final || final.at - first.at < LEAST_MS) return null;
  return ((final.done - first.done) * 1000) / (final.at - first.at);
}
