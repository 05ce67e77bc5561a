import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { print, printError, printJson } from '../../../electron/cli/output.ts';
import { progressText, runScreen } from '../../../electron/cli/progress.ts';
import { terminalAsk } from '../../../electron/cli/terminal.ts';
import type { RunView } from '../../../shared/views.ts';

afterEach(() => vi.restoreAllMocks());

/** C0, DEL and C1: what a terminal obeys instead of showing it. */
const CONTROL = /[^\P{Cc}\n]/u;
const hostile = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xa0 }).map((code) => String.fromCharCode(code)),
    fc.constantFrom('\x1b[2J', '\x1b]0;owned\x07', '\x9b31m', '\r\n', '\u202e', 'word'),
  ),
});

/** What the given work writes to the program's own streams. */
function written(work: () => void): string {
  const said: string[] = [];
  const keep = (chunk: string | Uint8Array): boolean => said.push(String(chunk)) > 0;
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(keep),
  );
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return said.join('');
}

/** A terminal that keeps what it was sent; its person answers every prompt with Enter. */
function terminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const said: string[] = [];
  const output = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 80,
    write: (chunk: string) => {
      said.push(chunk);
      if (chunk.endsWith(': ') || chunk.endsWith(') ')) setImmediate(() => input.write('\r'));
      return true;
    },
  });
  return {
    input: input as unknown as typeof process.stdin,
    output: output as unknown as typeof process.stderr,
    said,
  };
}

const progress = (message: string) => ({
  done: 1,
  total: 2,
  unit: 'steps' as const,
  rate: null,
  etaSeconds: null,
  message,
  lastActivity: '',
});

describe('words of a hostile host or cloud', () => {
  it('never steer the terminal through what is printed', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const error = { code: 'x.y', title: text, whatHappened: text, whatToDo: text, detail: text };
        const all = written(() => {
          print(text);
          printError(error, false);
          printError(error, true);
        });
        expect(all).not.toMatch(CONTROL);
      }),
    );
  });

  it('mean the same in JSON as before', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(JSON.parse(written(() => printJson({ text })))).toEqual({ text });
      }),
    );
  });

  it('keep the lines of a table and lose nothing that can be seen', () => {
    expect(written(() => print('a  b\nç  d\r\n\x1b[31m'))).toBe('a  b\nç  d\n\\x1b[31m\n');
  });

  it('never steer the terminal through the progress of a run', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const said: string[] = [];
        const out = { isTTY: false, write: (line: string) => said.push(line) };
        const base = {
          startedAt: null,
          endedAt: null,
          progress: progress(text),
          waitingFor: text,
          outcome: { Reason: text },
        };
        const error = { code: 'x', title: text, whatHappened: text, whatToDo: text, detail: text };
        const stages = (['started', 'waiting', 'skipped', 'failed'] as const).map((state) => ({
          ...base,
          id: 'host' as const,
          state,
          error,
        }));
        runScreen(out as unknown as NodeJS.WriteStream).show({ stages } as unknown as RunView);
        expect(said).toHaveLength(4);
        for (const line of [...said, progressText(progress(text))]) {
          expect(line).not.toMatch(CONTROL);
          expect(line.trimEnd()).not.toContain('\n');
        }
      }),
    );
  });

  it('never steer the terminal through a question', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const { input, output, said } = terminal();
        const question = { kind: 'secret' as const, title: text, text, fingerprint: text };
        await terminalAsk(input, output).ask({ ...question, fields: [{ label: text, echo: false }] });
        expect(said.join('')).not.toMatch(CONTROL);
      }),
      { numRuns: 30 },
    );
  });
});
