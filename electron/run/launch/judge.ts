// How a check says what it found. Pure.
import type { LaunchFinding } from '../../../shared/views-launch.ts';

export interface Judge {
  readonly passed: (text: string) => LaunchFinding;
  readonly warned: (text: string, fix: string) => LaunchFinding;
  readonly failed: (text: string, fix: string) => LaunchFinding;
}

/** The three ways in which a check can end. */
export function judge(id: string, title: string): Judge {
  const finding = (status: LaunchFinding['status']) => (text: string, fix?: string) => ({
    id,
    title,
    status,
    text,
    fix: fix ?? null,
  });
  return { passed: finding('passed'), warned: finding('warned'), failed: finding('failed') };
}
