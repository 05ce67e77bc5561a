// Facts in words, for the evidence of a check. Pure.
import type { Check } from '../../shared/inspection.ts';
import type { RegistryData } from './hive.ts';
import type { Seen } from './inspect-facts.ts';

/** What a check found out. */
export type Finding = Pick<Check, 'status' | 'evidence' | 'remedy'>;

/** Longest value that is repeated in words, in characters. */
const LONGEST = 200;

/** How a remedy begins that only Windows itself can bring about. */
export const IN_WINDOWS = 'Start the VM again';
/** How such a remedy ends: a start after Sysprep uses its work up. */
export const SYSPREP_AGAIN = 'then run Sysprep once more and let it shut Windows down';

export const passed = (...evidence: string[]): Finding => finding('passed', evidence, '');
export const failed = (remedy: string, ...evidence: string[]): Finding => finding('failed', evidence, remedy);
export const warned = (remedy: string, ...evidence: string[]): Finding => finding('warned', evidence, remedy);
export const unknown = (...evidence: string[]): Finding =>
  finding(
    'unknown',
    evidence,
    'Make this part of the disk readable (no encryption, no compression, no damage) and look again.',
  );

function finding(status: Finding['status'], evidence: readonly string[], remedy: string): Finding {
  return { status, evidence: `${evidence.filter(Boolean).join('; ')}.`, remedy };
}

/** A fact as `place = value`; `value` says it in other words than the disk does. */
export function tell<T>(seen: Seen<T>, value: (value: T) => string = worded): string {
  switch (seen.state) {
    case 'found':
      return `${seen.where} ${value(seen.value)}`;
    case 'absent':
      return `${seen.where} is not there`;
    case 'unreadable':
      return `${seen.where} cannot be read: ${seen.why}`;
  }
}

/** For a file that only has to be there. */
export const isThere = (): string => 'is there';

function worded(value: unknown): string {
  return `= ${clipped(Array.isArray(value) ? value.join(', ') : Buffer.isBuffer(value) ? value.toString('hex') : String(value))}`;
}

/** A text of the disk, cut to what a person reads. */
export function clipped(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** Those facts that are hidden from us; a check that needs one of them cannot be made. */
export function hiddenOf(...facts: readonly Seen<unknown>[]): string[] {
  return facts.filter(({ state }) => state === 'unreadable').map((fact) => tell(fact));
}

/** A registry number; null for anything else. */
export function number(seen: Seen<RegistryData>): number | null {
  return seen.state === 'found' && typeof seen.value === 'number' ? seen.value : null;
}

/** A registry text; empty for anything else. */
export function words(seen: Seen<RegistryData>): string {
  return seen.state === 'found' && typeof seen.value === 'string' ? seen.value : '';
}
