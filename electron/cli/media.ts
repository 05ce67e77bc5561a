// The command about media: media identify.
import { type Command, Option } from 'commander';
import type { MediaFacts } from '../../shared/media-facts.ts';
import { notesFor } from '../../shared/media-fit.ts';
import { WINDOWS_IDS } from '../../shared/windows.ts';
import { identifyMedia } from '../media/identify.ts';
import { hostSource, urlSource } from '../media/places.ts';
import type { Source } from '../media/source.ts';
import { withOpenHost } from './backend.ts';
import { type HostOptions, hostFrom, withHost, withJson } from './options.ts';
import { print, printJson } from './output.ts';
import { onHost } from './paths.ts';

type Flags = HostOptions & { readonly json?: boolean; readonly windows?: string };

/** Adds `media identify`. */
export function addMediaCommand(program: Command): void {
  const media = program.command('media').summary('look into a Windows ISO, a driver CD or an installer');
  withJson(withHost(media.command('identify')))
    .argument('<file>', 'file on the host, or http(s) address of it')
    .addOption(
      new Option('--windows <version>', 'also say whether it fits this Windows').choices([...WINDOWS_IDS]),
    )
    .summary('say what a file really is: version, editions, languages, drivers')
    .addHelpText(
      'after',
      '\nReads a few hundred kilobytes of an ISO, wherever it lies, and all of an installer.\n\nExamples:\n  casement media identify server2022.iso\n  casement media identify /iso/virtio-win.iso --windows 2012r2 --host ssh://admin@kvm1 --json',
    )
    .action(async (file: string, flags: Flags) => {
      const { facts, bytesRead, reads } = await withSource(file, flags, identifyMedia);
      const told = flags.windows === undefined ? facts : { ...facts, notes: notesFor(flags.windows, facts) };
      if (flags.json) printJson({ ...told, bytesRead, reads });
      else print(inWords(told).join('\n'));
    });
}

function withSource<T>(file: string, flags: Flags, use: (source: Source) => Promise<T>): Promise<T> {
  if (/^https?:\/\//i.test(file)) return urlSource(file).then(use);
  return withOpenHost(hostFrom(flags), async (host) => use(await hostSource(host, onHost(file, host.local))));
}

function inWords(facts: MediaFacts): string[] {
  const notes = facts.notes.map(
    ({ level, text }) => `${level === 'problem' ? 'Problem' : 'Warning'}: ${text}`,
  );
  switch (facts.kind) {
    case 'windows':
      return [
        `${facts.title}, build ${facts.build}, ${facts.arch}${facts.evaluation ? ', evaluation' : ''}, languages: ${facts.languages.join(', ') || 'not told'}`,
        ...facts.images.map(
          ({ index, displayName, edition, installationType, bytes }) =>
            `  ${index}. ${displayName} (${edition}, ${installationType}, ${(bytes / 1e9).toFixed(1)} GB unpacked)`,
        ),
        ...notes,
      ];
    case 'virtio-win':
      return [
        `virtio-win drivers, version ${facts.version ?? 'not told'}`,
        ...Object.entries(facts.folders).map(([driver, systems]) => `  ${driver}: ${systems.join(', ')}`),
        ...notes,
      ];
    case 'cloudbase-init':
      return [`Cloudbase-Init ${facts.version}`, ...notes];
    case 'other':
      return [`Something else: ${facts.what}`, ...notes];
  }
}
