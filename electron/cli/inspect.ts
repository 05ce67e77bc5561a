// The command that proves a finished disk: image inspect.
import { type Command, Option } from 'commander';
import type { CheckStatus, Inspection } from '../../shared/inspection.ts';
import { inspectDisk } from '../guest/index.ts';
import { withOpenHost } from './backend.ts';
import { type HostOptions, hostFrom, withHost, withJson } from './options.ts';
import { EXIT, ExitError, print, printJson } from './output.ts';
import { onHost } from './paths.ts';

type Flags = HostOptions & { readonly json?: boolean; readonly diskBus?: 'virtio-blk' | 'virtio-scsi' };

const MARKS: Readonly<Record<CheckStatus, string>> = {
  passed: 'ok     ',
  failed: 'FAILED ',
  warned: 'warning',
  unknown: 'unknown',
};

/** Adds `inspect` to the commands about images. */
export function addInspectCommand(image: Command): void {
  withJson(withHost(image.command('inspect')))
    .argument('<disk>', 'disk image on the host')
    .addOption(
      new Option('--disk-bus <bus>', 'the disk that servers will have (default: either will do)').choices([
        'virtio-blk',
        'virtio-scsi',
      ]),
    )
    .summary('say whether the Windows of a disk is a good image, with evidence; changes nothing')
    .addHelpText(
      'after',
      '\nExit codes: 0 a good image, 1 a bad one.\n\nExamples:\n  casement image inspect disk.qcow2\n  casement image inspect /vm/a.qcow2 --host ssh://admin@kvm1 --json',
    )
    .action(async (disk: string, { diskBus, json, ...flags }: Flags) => {
      const options = diskBus === undefined ? {} : { diskBus };
      const found = await withOpenHost(hostFrom(flags), (host) =>
        inspectDisk(host, onHost(disk, host.local), options),
      );
      if (json) printJson(found);
      else print(inWords(found));
      if (found.verdict === 'bad') throw new ExitError(EXIT.failed);
    });
}

function inWords({ verdict, title, build, checks }: Inspection): string {
  const windows = `${title ?? 'An unknown Windows'}${build === null ? '' : `, build ${build}`}`;
  const failed = checks.filter(({ status }) => status === 'failed').length;
  return [
    verdict === 'good' ? `A good image: ${windows}` : `A bad image: ${windows}`,
    ...checks.flatMap(({ title: check, status, required, evidence, remedy }) => [
      `${MARKS[status]}  ${check}${required || status === 'passed' ? '' : ' (not essential)'}`,
      `         ${evidence}`,
      ...(remedy === '' ? [] : [`         What to do: ${remedy}`]),
    ]),
    ...(verdict === 'bad' ? [`${failed} of ${checks.length} checks failed.`] : []),
  ].join('\n');
}
