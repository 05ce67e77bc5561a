// Questions to the person in front, as events: asked here, answered by the call `question.answer`.
import { randomUUID } from 'node:crypto';
import type { Ask } from '../desktop/port.ts';
import type { EventBus } from './events.ts';

export interface Questions extends Ask {
  /** Answers an open question; an unknown id is ignored because another window may have been faster. */
  answer(id: string, answer: readonly string[] | null): void;
  /** Declines everything still open. */
  close(): void;
}

/** Questions go out as `question` events; aborting the signal voids one. */
export function createQuestions(events: EventBus): Questions {
  const open = new Map<string, (answer: readonly string[] | null) => void>();
  const answer = (id: string, given: readonly string[] | null): void => open.get(id)?.(given);
  return {
    ask(question, signal) {
      if (signal?.aborted) return Promise.resolve(null);
      const id = randomUUID();
      return new Promise((resolve) => {
        const decline = (): void => answer(id, null);
        open.set(id, (given) => {
          open.delete(id);
          signal?.removeEventListener('abort', decline);
          events.emit('question.gone', { id });
          resolve(given);
        });
        signal?.addEventListener('abort', decline, { once: true });
        events.emit('question', { ...question, id });
      });
    },
    answer,
    close() {
      for (const id of [...open.keys()]) answer(id, null);
    },
  };
}
