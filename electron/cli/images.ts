// Commands about a switched-off disk: image inject, image locate, image inspect.
import type { Command } from 'commander';
import type { Progress } from '../../shared/stages.ts';
import { injectFile, locateWindows } from '../guest/index.ts';
import { withProbedHost } from './backend.ts';
import { addInspectCommand } from './inspect.ts';
import { type HostOptions, hostFrom, withHost, withJson } from './options.ts';
import { print, printJson } from './output.ts';
import { onHost } from './paths.ts';
import { progressText } from './progress.ts';

type Flags = HostOptions & { readonly json?: boolean; readonly to?: string };

/** Adds `image inject`, `image locate` and `image inspect`. */
export function addImageCommands(program: Command): void {
  const image = program.command('image').summary('look into a switched-off disk, or put a file into it');
  withJson(withHost(image.command('inject')))
    .argument('<disk>', 'disk image on the host')
    .argument('<file>', 'file on the same host')
    .option(
      '--to <guest-dir>',
      "folder inside Windows (default: the Administrator's desktop, else the Public one)",
    )
    .summary('copy a file into the Windows of a disk and verify it by reading it back')
    .addHelpText(
      'after',
      '\nExamples:\n  casement image inject disk.qcow2 CloudbaseInitSetup_x64.msi\n  casement image inject /vm/a.qcow2 /iso/tool.exe --to /Users/Public/Desktop --host ssh://admin@kvm1',
    )
    .action(async (disk: string, file: string, flags: Flags) => {
      const bar = process.stderr.isTTY && !flags.json;
      const injected = await withProbedHost(hostFrom(flags), (host, probe) =>
        injectFile(host, probe, {
          disk: onHost(disk, host.local),
          source: onHost(file, host.local),
          ...(flags.to === undefined ? {} : { guestDir: flags.to }),
          signal: new AbortController().signal,
          onProgress: (progress: Progress) => {
            if (bar) process.stderr.write(`\r\x1b[2K${progressText(progress)}`);
          },
        }),
      );
      if (bar) process.stderr.write('\r\x1b[2K');
      if (flags.json) printJson(injected);
      else
        print(
          `${injected.guestPath}: ${injected.bytes} bytes, read back (${injected.method}), SHA-256 ${injected.sha256}`,
        );
    });

  withJson(withHost(image.command('locate')))
    .argument('<disk>', 'disk image on the host')
    .summary('find the Windows partition of a disk and say in which state it is')
    .addHelpText('after', '\nExample:\n  casement image locate disk.qcow2 --json')
    .action(async (disk: string, flags: Flags) => {
      const { partition, offset, size, windows, state } = await withProbedHost(
        hostFrom(flags),
        (host, probe) => locateWindows(host, probe, onHost(disk, host.local)),
      );
      if (flags.json) printJson({ partition, offset, size, windows, state });
      else
        print(
          `Windows is in partition ${partition} (offset ${offset}, ${size} bytes), folder ${windows}, ${state}.`,
        );
    });

  addInspectCommand(image);
}
