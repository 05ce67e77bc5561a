// Questions to the person in front, as events: asked here, answered by the call `question.answer`.
import { randomUUID } from 'node:crypto';
import type { Question } from '../../shared/views.ts';
import type { Ask } from '../desktop/port.ts';
import type { EventBus } from './events.ts';

export interface Questions extends Ask {
  /** Answers an open question; an unknown id is ignored because another window may have been faster. */
  answer(id: string, answer: readonly string[] | null): void;
  /** Tells a listener that came later what is still open, after the current turn; the function given back stops it. */
  greet(listener: (name: 'question', payload: Question) => void): () => void;
  /** Declines everything still open. */
  close(): void;
}

interface Open {
  readonly question: Question;
  settle(answer: readonly string[] | null): void;
}

/** Questions go out as `question` events; aborting the signal voids one. */
export function createQuestions(events: EventBus): Questions {
  const open = new Map<string, Open>();
  const answer = (id: string, given: readonly string[] | null): void => open.get(id)?.settle(given);
  return {
    ask(question, signal) {
      if (signal?.aborted) return Promise.resolve(null);
      const id = randomUUID();
      return new Promise((resolve) => {
        const decline = (): void => answer(id, null);
        const settle: Open['settle'] = (given) => {
          open.delete(id);
          signal?.removeEventListener('abort', decline);
          events.emit('question.gone', { id });
          resolve(given);
        };
        const asked: Question = { ...question, id };
        open.set(id, { question: asked, settle });
        signal?.addEventListener('abort', decline, { once: true });
        events.emit('question', asked);
      });
    },
    answer,
    greet(listener) {
      let gone = false;
      const before = [...open.keys()];
      queueMicrotask(() => {
        for (const id of before) {
          const asked = open.get(id);
          if (!asked || gone) continue;
          try {
            listener('question', asked.question);
          } catch {
            // A window that vanished again at once: the question waits for the next one.
            return;
          }
        }
      });
      return () => {
        gone = true;
      };
    },
    close() {
      for (const id of [...open.keys()]) answer(id, null);
    },
  };
}
