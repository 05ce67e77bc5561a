// What is known about files of the host: their hashes, remembered by path, size and time of change.
import { z } from 'zod';
import { inTurn } from '../host/transfer-turns.ts';
import type { Host } from '../host/types.ts';

const entry = z.object({
  bytes: z.number().int().nonnegative(),
  modified: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Address it was downloaded from (without user and password), and what the server said of that version. */
  url: z.string().optional(),
  version: z.string().optional(),
});
const index = z.object({ files: z.record(z.string(), entry) });
export type Known = z.output<typeof entry>;

/** Files remembered at most; the oldest are forgotten first. */
const MOST = 200;

/** All that is remembered, by path; empty when the index is absent or damaged, since it can always be made anew. */
export async function readKnown(host: Host, dir: string): Promise<Readonly<Record<string, Known>>> {
  const path = `${dir}/index.json`;
  if ((await host.files.stat(path)) === null) return {};
  try {
    return index.parse(JSON.parse((await host.files.read(path)).toString('utf8'))).files;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}

/** Remembers one file. Another process that writes at the same moment may win: then the file is hashed once more. */
export async function remember(host: Host, dir: string, path: string, known: Known): Promise<void> {
  await inTurn(`${host.key} ${dir}/index.json`, AbortSignal.timeout(60_000), async () => {
    const { [path]: _, ...others } = await readKnown(host, dir);
    const files = Object.fromEntries([...Object.entries(others), [path, known] as const].slice(-MOST));
    await host.files.write(`${dir}/index.json`, JSON.stringify({ files }, null, 2));
  });
}

/** The remembered hash of a path, if the file has not changed since. */
export async function stillKnown(host: Host, path: string, known: Known | undefined): Promise<Known | null> {
  if (!known) return null;
  const now = await host.files.stat(path).catch(() => null);
  return now?.kind === 'file' && now.bytes === known.bytes && now.modified === known.modified ? known : null;
}
