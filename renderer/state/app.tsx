// How components reach the model: one context, one hook for state, one for an action with its outcome.
import { createContext, useCallback, useContext, useRef, useState } from 'react';
import { type ErrorData, isAbort, toErrorData } from '../../shared/errors.ts';
import type { RunView } from '../../shared/views.ts';
import type { Draft } from './draft.ts';
import type { Situation } from './gating.ts';
import type { AppState, Model } from './model.ts';
import { useStore } from './store.ts';

export const ModelContext = createContext<Model | null>(null);

/** The model of this window. */
export function useModel(): Model {
  const model = useContext(ModelContext);
  if (!model) throw new Error('useModel needs a ModelContext above');
  return model;
}

/** A part of the state; `select` must be stable in its results. */
export function useApp<R>(select: (state: AppState) => R): R {
  return useStore(useModel().store, select);
}

export function useDraft(): Draft {
  return useApp(({ draft }) => draft);
}

/** The run of the draft; null before the build was started. */
export function useRun(): RunView | null {
  return useApp(({ runs, draft }) => runs.find(({ id }) => id === draft.run) ?? null);
}

/** All that decides whether steps can go on. */
export function useSituation(): Situation {
  const draft = useDraft();
  const run = useRun();
  const host = useApp((state) => state.host);
  const probe = useApp((state) => state.probe);
  return { draft, run, host, probe };
}

export interface Action<A extends unknown[]> {
  readonly run: (...args: A) => Promise<void>;
  readonly busy: boolean;
  readonly error: ErrorData | null;
  readonly clear: () => void;
}

/** An action a person starts: it tells whether it works and how it failed. A cancelled one is no failure. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData | null>(null);
  const latest = useRef(work);
  latest.current = work;
  const run = useCallback(async (...args: A) => {
    setBusy(true);
    setError(null);
    try {
      await latest.current(...args);
    } catch (thrown) {
      if (!isAbort(thrown)) setError(toErrorData(thrown));
    } finally {
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { run, busy, error, clear };
}
