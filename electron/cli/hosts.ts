// Commands about a KVM host and its disks: host check, image inject, image locate.
import type { Command } from 'commander';
import type { Finding } from '../../shared/views.ts';
import { withBackend } from './backend.ts';
import { type HostOptions, hostFrom, withHost, withJson } from './options.ts';
import { EXIT, ExitError, print, printJson } from './output.ts';

const MARKS: Readonly<Record<Finding['status'], string>> = {
  passed: '✔',
  warned: '!',
  failed: '✘',
  unknown: '?',
};

/** Adds `host check`. */
export function addHostCommands(program: Command): void {
  const host = program.command('host').summary('look at a KVM host');
  withJson(withHost(host.command('check')))
    .option('--cloud-url <url>', 'also ask whether the host reaches this cloud')
    .option('--fresh', 'try KVM again even if the answer is remembered')
    .summary('name what a host has and lacks, with the command that installs it')
    .description('Exit code 1 when something is missing that a build needs.')
    .addHelpText(
      'after',
      '\nExamples:\n  casement host check\n  casement host check --host ssh://admin@kvm1:22 --identity ~/.ssh/id_ed25519',
    )
    .action(async (flags: HostOptions & { json?: boolean; cloudUrl?: string; fresh?: boolean }) => {
      const report = await withBackend((backend) =>
        backend.call('host.probe', {
          host: hostFrom(flags),
          ...(flags.cloudUrl === undefined ? {} : { cloudUrl: flags.cloudUrl }),
          ...(flags.fresh === undefined ? {} : { fresh: flags.fresh }),
        }),
      );
      if (flags.json) printJson(report);
      else {
        print(
          `${report.hostname}: ${report.os.name}, ${report.cores} cores, ${report.memoryMB} MB (${report.durationMs} ms)`,
        );
        for (const finding of report.findings) print(findingText(finding));
      }
      if (report.findings.some(({ required, status }) => required && status === 'failed'))
        throw new ExitError(EXIT.failed);
    });
}

/** A finding as lines: mark, title, value; what it means and its fix when it did not pass. */
export function findingText(finding: Finding): string {
  const lines = [`${MARKS[finding.status]} ${finding.title}: ${finding.value}`];
  if (finding.status !== 'passed') lines.push(`    ${finding.meaning}`);
  if (finding.status !== 'passed' && finding.fix !== null) lines.push(`    Fix: ${finding.fix}`);
  return lines.join('\n');
}
