// Whether a file will fit on the host, asked before it is sent.
import { CasementError } from '../../shared/errors.ts';
import { visible } from './faults.ts';
import type { Host } from './types.ts';

/** Kept free beside the file itself, so that journals and logs still find room. Bytes. */
const RESERVE = 64 * 1024 * 1024;

/** Free bytes of the file system of an existing folder of the host; null where `df` does not tell. */
export async function freeBytes(host: Host, folder: string): Promise<number | null> {
  const { stdout } = await host.run(['env', 'LC_ALL=C', 'df', '-Pk', '--', folder], { allowFailure: true });
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  const blocks = /\s\d+\s+\d+\s+(\d{1,15})\s+\d+%\s/.exec(line)?.[1];
  return blocks === undefined ? null : Number(blocks) * 1024;
}

/** Throws `host.disk-full` with both numbers when `needed` bytes do not fit into `folder`. */
export async function checkSpace(host: Host, folder: string, needed: number): Promise<void> {
  const free = await freeBytes(host, folder);
  if (free === null || needed + RESERVE <= free) return;
  throw new CasementError({
    code: 'host.disk-full',
    title: 'The disk of the host is too full',
    whatHappened: `The file needs ${size(needed)} in ${visible(folder)}, but only ${size(free)} are free there.`,
    whatToDo: 'Free some space on the host, or remove builds you no longer need.',
    detail: `needed ${needed} bytes, free ${free} bytes, kept in reserve ${RESERVE} bytes`,
  });
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

function size(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
