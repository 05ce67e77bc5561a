// The command that shows what a server says: its console log, or where its console is shown.
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { CONSOLE_KINDS, type ConsoleKind } from '../../shared/views-launch.ts';
import type { Cloud } from '../cloud/types.ts';
import { withCloudService } from './backend.ts';
import { findServer } from './find.ts';
import { type CloudOptions, cloudFrom, withCloud, withJson } from './options.ts';
import { print, printJson, usageError } from './output.ts';

interface Flags extends CloudOptions {
  readonly url?: boolean;
  readonly kind?: ConsoleKind;
  readonly lines: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** Nova is asked for new lines this often, in ms. */
const EVERY_MS = 2000;
/** Lines that are looked at while following: more than any server writes between two looks. */
const FOLLOWED = 2000;

/** Adds `console`. */
export function addConsoleCommand(program: Command): void {
  withJson(withCloud(program.command('console')))
    .argument('<server>', 'name or id of the server')
    .option('--lines <number>', 'last lines of the console log', '200')
    .option('--follow', 'go on printing what is written; end it with Ctrl+C')
    .option(
      '--url',
      'print where the console is shown instead; the address works as a password for some minutes',
    )
    .addOption(
      new Option('--kind <kind>', 'kind of console for --url (default: the first there is)').choices(
        CONSOLE_KINDS,
      ),
    )
    .summary('print the console log of a server, where Cloudbase-Init reports, or the address of its console')
    .addHelpText(
      'after',
      '\nExamples:\n  casement console web1 --cloud demo --follow\n  casement console web1 --url',
    )
    .action(async (name: string, flags: Flags) => {
      await withCloudService(cloudFrom(flags), async (cloud) => {
        const { id } = await findServer(cloud, name);
        if (flags.url) {
          const shown = await cloud.consoleUrl(id, flags.kind);
          if (flags.json) printJson(shown);
          else print(shown.url);
        } else if (flags.follow) await followLog(cloud, id, flags.json ?? false);
        else {
          const log = await cloud.consoleLog(id, linesOf(flags.lines));
          if (flags.json) printJson({ server: id, log });
          else print(log.trimEnd());
        }
      });
    });
}

async function followLog(cloud: Cloud, id: string, json: boolean): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  let before = '';
  while (!stop.signal.aborted) {
    const now = await cloud.consoleLog(id, FOLLOWED);
    const text = newPart(before, now);
    before = now;
    if (text !== '' && json) printJson({ server: id, log: text });
    else if (text !== '') print(text.replace(/\r?\n$/, ''));
    await pause(EVERY_MS, undefined, { signal: stop.signal }).catch(() => {});
  }
}

/** What was written since `before`: after a restart of the server, or when lines fell off the top, the log begins anew. */
export function newPart(before: string, now: string): string {
  if (now.startsWith(before)) return now.slice(before.length);
  // The top fell off: the longest end of the old text with which the new one begins.
  const lines = before.split('\n');
  for (let from = 1; from < lines.length; from++) {
    const rest = lines.slice(from).join('\n');
    if (rest !== '' && now.startsWith(rest)) return now.slice(rest.length);
  }
  return now;
}

function linesOf(text: string): number {
  const lines = Number(text);
  if (Number.isInteger(lines) && lines > 0) return lines;
  throw usageError(`"${text}" is no number of lines.`, 'Write a whole number from 1 on.');
}
