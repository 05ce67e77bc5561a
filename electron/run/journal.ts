// The journal of a run: one JSON line a fact, appended and synced. Reading tolerates a torn last line.
import { open, readFile } from 'node:fs/promises';
import type { JournalLine } from '../../shared/views.ts';

export interface Journal {
  /** Resolves when the line is on the disk (progress lines: when they are written). */
  append(line: JournalLine): Promise<void>;
  close(): Promise<void>;
}

/** Opens a journal for appending; a torn last line of a killed process is closed off first. */
export async function openJournal(path: string): Promise<Journal> {
  const torn = await isTorn(path);
  const file = await open(path, 'a', 0o600);
  if (torn) await file.appendFile('\n');
  let queue: Promise<void> = Promise.resolve();
  const write = async (line: JournalLine): Promise<void> => {
    await file.appendFile(`${JSON.stringify(line)}\n`);
    if (line.state !== 'progress') await file.datasync();
  };
  return {
    append(line) {
      queue = queue.catch(() => {}).then(() => write(line));
      return queue;
    },
    async close() {
      await queue.catch(() => {});
      await file.close();
    },
  };
}

/** All whole lines of a journal, oldest first; an absent journal has none. */
export async function readJournal(path: string): Promise<JournalLine[]> {
  return parseJournal(await readFile(path, 'utf8').catch(() => ''));
}

/** The whole lines of a journal's text; what a kill left half-written is passed over. */
export function parseJournal(text: string): JournalLine[] {
  const lines: JournalLine[] = [];
  for (const row of text.split('\n')) {
    const line = parseLine(row);
    if (line) lines.push(line);
  }
  return lines;
}

function parseLine(row: string): JournalLine | null {
  if (row === '') return null;
  try {
    const value: unknown = JSON.parse(row);
    if (typeof value !== 'object' || value === null) return null;
    return 'state' in value && 'at' in value && 'stage' in value ? (value as JournalLine) : null;
  } catch {
    return null;
  }
}

async function isTorn(path: string): Promise<boolean> {
  const text = await readFile(path).catch(() => Buffer.alloc(0));
  return text.length > 0 && text[text.length - 1] !== '\n'.charCodeAt(0);
}
