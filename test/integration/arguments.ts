// Argument lists of all processes, which everybody on a computer may read: no secret may ever stand in one.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

interface Sampled {
  readonly samples: number;
  /** Between two looks, in ms. */
  readonly longestPause: number;
  /** The argument lists that held the secret. */
  readonly found: readonly string[];
}

/** Looks for a secret in every argument list, every 10 ms, until `stop` tells what was found. */
export async function sampleArguments(secret: string): Promise<{ stop(): Promise<Sampled> }> {
  const program = join(process.cwd(), 'test/integration/argument-watch.ts');
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${secret}\n`);
  if ((await lines.next()).value !== 'watching') throw new Error('the argument lists cannot be watched');
  return {
    async stop() {
      child.stdin.end();
      const { value } = await lines.next();
      return JSON.parse(String(value)) as Sampled;
    },
  };
}
