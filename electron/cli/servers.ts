// Commands about the servers of a cloud: the list, and files for other programs.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { CloudSource } from '../../shared/plan.ts';
import { EXPORT_FORMATS, type ExportFormat, type ServerRow } from '../../shared/views-servers.ts';
import { type CliBackend, withBackend } from './backend.ts';
import { type DesktopFlags, desktopFrom, withDesktop } from './desktop-options.ts';
import { type CloudOptions, cloudFrom, withCloud, withJson } from './options.ts';
import { print, printJson, table, usageError } from './output.ts';

const SORTS = ['name', 'state', 'image', 'flavor', 'created'] as const;

interface Flags extends CloudOptions, DesktopFlags {
  readonly search?: string;
  readonly sort: (typeof SORTS)[number];
  readonly all?: boolean;
  readonly export?: ExportFormat;
  readonly out?: string;
  readonly json?: boolean;
}

/** Adds `servers`. */
export function addServersCommand(program: Command): void {
  withDesktop(withJson(withCloud(program.command('servers'))))
    .option('--search <text>', 'only servers with this text in name, address, image, flavor, state or id')
    .addOption(new Option('--sort <column>', 'order of the list').choices(SORTS).default('name'))
    .option('--all', 'list servers too that do not seem to run Windows')
    .addOption(
      new Option(
        '--export <format>',
        'write the list for another program, without passwords; needs --out',
      ).choices(EXPORT_FORMATS),
    )
    .option('--out <folder>', 'where the files of --export go')
    .summary('list the Windows servers of a cloud, or export them for Remmina or mRemoteNG')
    .addHelpText(
      'after',
      '\nExamples:\n  casement servers --cloud demo --search web --sort created\n  casement servers --cloud demo --export mremoteng --out servers/',
    )
    .action(async (flags: Flags) => {
      if (flags.export !== undefined && flags.out === undefined)
        throw usageError('--export names no folder.', 'Add --out FOLDER.');
      const source = cloudFrom(flags);
      await withBackend(async (backend) => {
        const all = await allServers(backend, source);
        const shown = all
          .filter(({ windows }) => windows || flags.all)
          .filter((row) => flags.search === undefined || fits(row, flags.search))
          .toSorted(by(flags.sort));
        if (flags.export !== undefined) await exported(backend, shown, flags.export, flags);
        else if (flags.json) printJson(shown);
        else if (shown.length > 0) print(table([HEAD, ...shown.map(cells)]));
        else print(all.length > 0 ? 'No server fits; --all lists every one.' : 'There are no servers.');
      });
    });
}

/** All servers of a cloud, in the order in which Nova tells them. */
export async function allServers(backend: CliBackend, cloud: CloudSource): Promise<ServerRow[]> {
  const found: ServerRow[] = [];
  const stop = backend.on((name, payload) => {
    if (name === 'servers.page') found.push(...(payload as { servers: readonly ServerRow[] }).servers);
  });
  try {
    await backend.call('servers.list', { cloud, list: 1 });
  } finally {
    stop();
  }
  return found;
}

async function exported(
  backend: CliBackend,
  rows: readonly ServerRow[],
  format: ExportFormat,
  flags: Flags,
): Promise<void> {
  const folder = resolve(flags.out ?? '');
  const { user, via, desktop } = desktopFrom(flags);
  const reachable = rows.flatMap(({ id, name, addresses: [first] }) =>
    first ? [{ id, name, address: first.address }] : [],
  );
  const files = await backend.call('servers.export', {
    ...{ format, user, servers: reachable, group: flags.cloud ?? 'Casement' },
    ...(via ? { via } : {}),
    ...(desktop ? { desktop } : {}),
  });
  await mkdir(folder, { recursive: true });
  for (const { name, text } of files) await writeFile(join(folder, name), text, { mode: 0o600 });
  if (flags.json) printJson({ folder, servers: reachable.length, files: files.map(({ name }) => name) });
  else print(`${reachable.length} servers written to ${folder} (files: ${files.length})`);
}

const HEAD = ['State', 'Name', 'Addresses', 'Image', 'Flavor', 'Created', 'Id'];

const cells = (row: ServerRow): string[] => [
  row.status,
  row.name,
  row.addresses.map(({ address }) => address).join(', ') || '-',
  row.imageName ?? '-',
  row.flavor,
  row.created,
  row.id,
];

function fits(row: ServerRow, text: string): boolean {
  return cells(row).join(' ').toLowerCase().includes(text.toLowerCase());
}

function by(column: (typeof SORTS)[number]) {
  const value = (row: ServerRow): string =>
    ({
      name: row.name,
      state: row.status,
      image: row.imageName ?? '',
      flavor: row.flavor,
      created: row.created,
    })[column];
  // "web10" comes after "web9".
  const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return (a: ServerRow, b: ServerRow): number => compare(value(a), value(b));
}
