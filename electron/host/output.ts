// Collects what a command says, however much that is. Pure.

/** A command's output kept in memory may not pass this; longer output is for `onStdout`. */
const LIMIT = 64 * 1024 * 1024;

/** Gathers chunks, hands each to `listener`, and gives the text at the end (at most its first 64 MiB). */
export function collector(listener?: (chunk: Buffer) => void) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(chunk: Buffer): void {
      listener?.(chunk);
      if (bytes >= LIMIT) return;
      bytes += chunk.length;
      chunks.push(chunk);
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
