// Runs the command that mends a finding of the host check: exactly the one that was shown.
// May touch: the Host it is given, shared.
import { CasementError } from '../../shared/errors.ts';
import type { ProbeReport } from '../../shared/views.ts';
import { candidates, type Remedy, renderRemedy } from './fix-remedies.ts';
import type { Host } from './types.ts';

export interface FixOptions {
  readonly onOutput: (text: string) => void;
  /** Password of the account, for hosts where sudo asks; travels on standard input only. */
  readonly sudoPassword?: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs the fix of a finding as root and gives its exit status; the caller probes again. Throws `host.no-fix` when the
 * finding has none, `host.sudo-password-needed` and `host.sudo-refused` when the account does not become root.
 */
export async function fixFinding(
  host: Host,
  report: ProbeReport,
  findingId: string,
  options: FixOptions,
): Promise<{ exitCode: number }> {
  const remedy = remedyOf(report, findingId);
  if (!remedy) throw noFix(findingId);
  const password = options.sudoPassword;
  if (!report.root && !report.sudo && password === undefined) throw passwordNeeded();
  if (!report.root && !report.sudo) await checkPassword(host, password ?? '', options.signal);
  let exitCode = 0;
  for (const words of remedy) {
    const { line, stdin } = asRoot(words, report, password);
    options.onOutput(`$ ${renderRemedy([words], report.root)}\n`);
    const show = (chunk: Buffer) => options.onOutput(chunk.toString('utf8'));
    const result = await host.run(line, {
      stdin,
      allowFailure: true,
      onStdout: show,
      onStderr: show,
      ...(options.signal ? { signal: options.signal } : {}),
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

/** The words that run a command as root. */
function asRoot(words: readonly string[], report: ProbeReport, password: string | undefined) {
  if (report.root) return { line: words, stdin: '' };
  if (report.sudo) return { line: ['sudo', '-n', ...words], stdin: '' };
  return { line: sudoAsking(words), stdin: `${password ?? ''}\n` };
}

// -k: never a remembered password, so that the line on standard input is always sudo's and never the command's.
const sudoAsking = (words: readonly string[]) => ['sudo', '-k', '-S', '-p', '', ...words];

async function checkPassword(host: Host, password: string, signal: AbortSignal | undefined): Promise<void> {
  const result = await host.run(sudoAsking(['true']), {
    stdin: `${password}\n`,
    allowFailure: true,
    ...(signal ? { signal } : {}),
  });
  if (result.code !== 0) throw refused(result.code, result.stderr);
}

const noFix = (finding: string) =>
  new CasementError({
    code: 'host.no-fix',
    title: 'Casement knows no command for this',
    whatHappened: 'This finding cannot be mended by a command.',
    whatToDo: 'Read what the finding says and mend it on the host, then check again.',
    detail: finding.slice(0, 100),
  });

const passwordNeeded = () =>
  new CasementError({
    code: 'host.sudo-password-needed',
    title: 'The host asks for a password',
    whatHappened: 'Installing needs administrator rights, and sudo asks this account for its password.',
    whatToDo:
      'Enter the password of the account, or have the shown command run by an administrator of the host.',
  });

const refused = (code: number, stderr: string) =>
  new CasementError({
    code: 'host.sudo-refused',
    title: 'The host did not grant administrator rights',
    whatHappened:
      code === 127
        ? 'The host has no sudo.'
        : 'Either the password is wrong, or this account may not use sudo.',
    whatToDo: 'Check the password, or have the shown command run by an administrator of the host.',
    detail: stderr.slice(-1000),
  });
