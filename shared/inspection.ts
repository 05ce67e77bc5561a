// What a look at a finished disk found: plain data for the passport, the command line and the wizard. Pure.

export type CheckStatus = 'passed' | 'failed' | 'warned' | 'unknown';

/** One check of a disk. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  /** What was read, and where on the disk. */
  readonly evidence: string;
  /** What makes it right; empty when nothing has to be done. */
  readonly remedy: string;
  /** Whether an image is bad unless this is right. */
  readonly required: boolean;
}

/** The result of looking at a disk; never changes the disk. */
export interface Inspection {
  readonly verdict: 'good' | 'bad';
  /** Id in the Windows catalogue; null when the registry could not be read or the catalogue has no such Windows. */
  readonly product: string | null;
  /** The Windows in words; null when unknown. */
  readonly title: string | null;
  /** Build number, e.g. 20348. */
  readonly build: number | null;
  readonly checks: readonly Check[];
}

/** The checks that make a disk bad: those an image needs that are wrong, or that could not be made. */
export function objections({ checks }: Pick<Inspection, 'checks'>): Check[] {
  return checks.filter(({ required, status }) => required && (status === 'failed' || status === 'unknown'));
}
