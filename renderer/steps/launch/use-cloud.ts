import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../shared/errors.ts';
import { useAction } from '../../state/app.tsx';

export interface Loaded<T> {
  readonly value: T | null;
  readonly busy: boolean;
  readonly error: ErrorData | null;
  readonly reload: () => void;
}

/** Loads something when the component appears, when `about` changes, and again on request. */
export function useLoaded<T>(load: () => Promise<T>, about = ''): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const action = useAction(async (_about: string) => setValue(await load()));
  const { run } = action;
  useEffect(() => void run(about), [run, about]);
  return { value, busy: action.busy, error: action.error, reload: () => void run(about) };
}
