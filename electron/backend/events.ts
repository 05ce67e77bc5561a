// The events of the contract: services send, fronts listen.
import type { EventName, Events } from '../../shared/contract.ts';

export interface EventBus {
  emit<N extends EventName>(name: N, payload: Events[N]): void;
  on(listener: (name: EventName, payload: unknown) => void): () => void;
}

/** A bus whose listeners cannot disturb each other or the sender. */
export function createEvents(): EventBus {
  const listeners = new Set<(name: EventName, payload: unknown) => void>();
  return {
    emit(name, payload) {
      for (const listener of [...listeners]) {
        try {
          listener(name, payload);
        } catch (thrown) {
          // A window that vanished while it was being told must not end a build.
          console.error('A listener of events failed:', thrown instanceof Error ? thrown.message : thrown);
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
