import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../shared/errors.ts';
import { useAction } from '../../state/app.tsx';

export interface Loaded<T> {
  readonly value: T | null;
  readonly busy: boolean;
  readonly error: ErrorData | null;
  readonly reload: () => void;
}

/** Loads something when the component appears, and again on request. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const action = useAction(async () => setValue(await load()));
  const { run } = action;
  useEffect(() => void run(), [run]);
  return { value, busy: action.busy, error: action.error, reload: () => void run() };
}
