// What the practice laboratory says while it comes up. Pure.
import type { Events } from '../../shared/contract.ts';

export interface PracticeLine {
  readonly stage: string;
  readonly state: 'started' | 'done' | 'failed';
  readonly message: string;
}

export interface PracticeProgress {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** ISO time of the newest line. */
  readonly lastActivity: string;
  /** One line a part of the laboratory, in the order they began. */
  readonly lines: readonly PracticeLine[];
}

/** Nothing was heard yet; `now` in milliseconds. */
export function practiceBegun(now: number): PracticeProgress {
  return { startedAt: now, lastActivity: new Date(now).toISOString(), lines: [] };
}

/** With one more message: a later one of the same part takes the place of the earlier. */
export function practiceHeard(
  progress: PracticeProgress,
  { stage, state, message }: Events['practice.progress'],
  now: number,
): PracticeProgress {
  const known = state === 'done' || state === 'failed' ? state : 'started';
  const line: PracticeLine = { stage, state: known, message };
  const lines = progress.lines.some((old) => old.stage === stage)
    ? progress.lines.map((old) => (old.stage === stage ? line : old))
    : [...progress.lines, line];
  return { ...progress, lines, lastActivity: new Date(now).toISOString() };
}
