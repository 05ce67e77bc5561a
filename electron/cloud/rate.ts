// From byte counts to a rate and a time left. Pure but for the clock.
import type { Progress } from '../../shared/stages.ts';

/** Rates are taken over this much of the past. */
const WINDOW_MS = 10_000;

/** Makes Progress from byte counts as they come. */
export class Rate {
  readonly #total: number;
  readonly #message: string;
  readonly #samples: { at: number; done: number }[] = [];

  constructor(total: number, message: string) {
    this.#total = total;
    this.#message = message;
  }

  /** Progress with `done` bytes so far; `now` in ms. */
  at(done: number, now = Date.now()): Progress {
    this.#samples.push({ at: now, done });
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0] ?? { at: now, done };
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 && done > first.done ? (done - first.done) / seconds : null;
    return {
      done,
      total: this.#total,
      unit: 'bytes',
      rate,
      etaSeconds: rate === null ? null : Math.round((this.#total - done) / rate),
      message: this.#message,
      lastActivity: new Date(now).toISOString(),
    };
  }
}
