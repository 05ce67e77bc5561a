// One server on its way: what is known of it, and since when.
import { performance } from 'node:perf_hooks';
import type { ErrorData } from '../../../shared/errors.ts';
import type { LaunchedView, LaunchState } from '../../../shared/views-launch.ts';

export interface Track {
  readonly index: number;
  readonly name: string;
  /** Empty until Nova has taken the order. */
  id: string;
  readonly state: LaunchState;
  /** Time in this state, in ms. */
  age(): number;
  /** Why nobody knows whether Nova took the order; null when it did. */
  unsure: ErrorData | null;
  /** Addresses to try, the best one first. */
  addresses: readonly string[];
  /** The address that answered, or the one that will. */
  address: string | null;
  /** Whether its floating IP hangs on it, or none is wanted. */
  floating: boolean;
  /** When it was last looked for through a tunnel. */
  tunnelAt: number;
  /** The gateway that alone sees its desktop; null where it was seen to answer. */
  gateway: string | null;
  enter(state: LaunchState): void;
  fail(error: ErrorData): void;
  view(): LaunchedView;
}

/** A server that was ordered a moment ago. */
export function createTrack(index: number, name: string, id: string): Track {
  let state: LaunchState = 'ordered';
  let since = performance.now();
  let error: ErrorData | null = null;
  return {
    index,
    name,
    id,
    get state() {
      return state;
    },
    age: () => performance.now() - since,
    unsure: null,
    addresses: [],
    address: null,
    floating: false,
    tunnelAt: Number.NEGATIVE_INFINITY,
    gateway: null,
    enter(next) {
      if (next === state) return;
      state = next;
      since = performance.now();
    },
    fail(why) {
      state = 'failed';
      error = why;
    },
    view() {
      const { id, address, gateway } = this;
      return { id, name, state, address, error, ...(gateway === null ? {} : { gateway }) };
    },
  };
}
