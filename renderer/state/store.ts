// The smallest store React can follow: one immutable value, replaced as a whole.
import { useSyncExternalStore } from 'react';

export interface Store<T> {
  get(): T;
  /** Replaces the value by what `change` makes of it. */
  update(change: (value: T) => T): void;
  subscribe(listener: () => void): () => void;
}

/** A store holding `value`. */
export function createStore<T>(value: T): Store<T> {
  let current = value;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    update(change) {
      const next = change(current);
      if (Object.is(next, current)) return;
      current = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The part of a store's value that a component shows; `select` must return the same object for the same value. */
export function useStore<T, R>(store: Store<T>, select: (value: T) => R): R {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
