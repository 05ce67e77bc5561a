import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, parseJournal, readJournal } from '../../../electron/run/journal.ts';
import type { JournalLine } from '../../../shared/views.ts';

const line = (message: string): JournalLine => ({
  at: '2026-01-01T00:00:00.000Z',
  run: 'r',
  stage: 'host',
  state: 'note',
  message,
});
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casement-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a journal', () => {
  it('keeps lines in the order in which they were written', async () => {
    const journal = await openJournal(path);
    await Promise.all(['a', 'b', 'c'].map((message) => journal.append(line(message))));
    await journal.close();
    expect((await readJournal(path)).map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });

  it('passes over a torn last line and goes on behind it', async () => {
    await writeFile(path, `${JSON.stringify(line('whole'))}\n{"at":"2026","run":"r","sta`);
    const journal = await openJournal(path);
    await journal.append(line('after'));
    await journal.close();
    expect((await readJournal(path)).map(({ message }) => message)).toEqual(['whole', 'after']);
  });

  it('is empty when it does not exist', async () => {
    expect(await readJournal(path)).toEqual([]);
  });

  it('reads any text without failing, and every cut of a journal as a prefix of it', async () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseJournal(text))));
    const text = ['é', 'two', 'three\nlines'].map((message) => `${JSON.stringify(line(message))}\n`).join('');
    const all = parseJournal(text);
    for (let cut = 0; cut <= text.length; cut++)
      expect(all.slice(0, parseJournal(text.slice(0, cut)).length)).toEqual(parseJournal(text.slice(0, cut)));
  });

  it('never loses what was appended before by somebody else', async () => {
    const journal = await openJournal(path);
    await journal.append(line('one'));
    await appendFile(path, `${JSON.stringify(line('two'))}\n`);
    await journal.append(line('three'));
    await journal.close();
    expect((await readFile(path, 'utf8')).match(/"message":"(\w+)"/g)).toHaveLength(3);
  });
});
