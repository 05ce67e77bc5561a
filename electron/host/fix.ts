// Runs the command that mends a finding of the host check: exactly the one that was shown.
// May touch: the Host it is given, shared.
import { CasementError } from '../../shared/errors.ts';
import type { ProbeReport } from '../../shared/views.ts';
import { candidates, type Remedy, renderRemedy } from './fix-remedies.ts';
import { sudo } from './sudo.ts';
import type { Host } from './types.ts';

export interface FixOptions {
  readonly onOutput: (text: string) => void;
  /** Password of the account, for hosts where sudo asks; travels on standard input only. */
  readonly sudoPassword?: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs the fix of a finding as root and gives its exit status; the caller probes again. Throws `host.no-fix` when the
 * finding has none, and what `sudo` throws when the account does not become root.
 */
export async function fixFinding(
  host: Host,
  report: ProbeReport,
  findingId: string,
  { onOutput, sudoPassword, signal }: FixOptions,
): Promise<{ exitCode: number }> {
  const remedy = remedyOf(report, findingId);
  if (!remedy) throw noFix(findingId);
  const show = (chunk: Buffer) => onOutput(chunk.toString('utf8'));
  let exitCode = 0;
  for (const words of remedy) {
    onOutput(`$ ${renderRemedy([words], report.root)}\n`);
    const result = await sudo(host, words, {
      allowFailure: true,
      onStdout: show,
      onStderr: show,
      ...(sudoPassword === undefined ? {} : { password: sudoPassword }),
      ...(signal ? { signal } : {}),
    });
    exitCode = result.code;
  }
  return { exitCode };
}

/** The remedy whose text the finding shows; null when it shows none that Casement knows. */
export function remedyOf(report: ProbeReport, findingId: string): Remedy | null {
  const finding = report.findings.find(({ id }) => id === findingId);
  if (!finding?.fix) return null;
  const all = candidates(findingId, report.user);
  return all.find((remedy) => renderRemedy(remedy, report.root) === finding.fix) ?? null;
}

const noFix = (finding: string) =>
  new CasementError({
    code: 'host.no-fix',
    title: 'Casement knows no command for this',
    whatHappened: 'This finding cannot be mended by a command.',
    whatToDo: 'Read what the finding says and mend it on the host, then check again.',
    detail: finding.slice(0, 100),
  });
