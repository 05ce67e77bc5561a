// One at a time: works under the same key wait for each other. Within this process; across processes the names of
// files follow from their content and a hash is compared before a file counts, so nothing wrong is ever used.

const last = new Map<string, Promise<unknown>>();

/** Runs `work` when everybody before it under `key` has ended, however they ended. Aborting while waiting rejects at once. */
export async function inTurn<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const before = last.get(key) ?? Promise.resolve();
  let done = () => {};
  const mine = new Promise<void>((resolve) => {
    done = resolve;
  });
  const tail = before.then(() => mine);
  last.set(key, tail);
  try {
    await Promise.race([before, aborted(signal)]);
    return await work();
  } finally {
    done();
    if (last.get(key) === tail) last.delete(key);
  }
}

/** Rejects when the signal fires; never resolves. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
