/** Asks at most this many things of the table at once: enough to hide its latency, few enough for a small database connection pool. */
const AT_ONCE = 16;

/** Runs `ask` over all inputs, some at once, keeping their order. */
export async function mapConcurrent<T, R>(inputs: readonly T[], ask: (input: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let at = 0; at < inputs.length; at += AT_ONCE) {
    answers.push(...(await Promise.all(inputs.slice(at, at + AT_ONCE).map(ask))));
  }
  return answers;
}

/**
 * The inputs in arrays of `size`, the last one of what is left. With `first` the first array is of that size and each next one twice as
 * large, up to `size`: so what is to be done with them begins sooner.
 */
export async function* batches<T>(
  inputs: Iterable<T> | AsyncIterable<T>,
  size: number,
  first = size,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  let full = first;
  for await (const input of inputs) {
    batch.push(input);
    if (batch.length < full) continue;
    yield batch;
    batch = [];
    full = Math.min(size, 2 * full);
  }
  if (batch.length > 0) yield batch;
}

/**
 * What becomes of each input, in their order. The work on one is begun while the caller still has to do with the result before it.
 * Ends only when the work that was begun has ended, also where the caller stops early.
 */
export async function* prefetch<T, R>(
  inputs: Iterable<T> | AsyncIterable<T>,
  work: (input: T) => Promise<R>,
): AsyncGenerator<R> {
  let begun: Promise<R>[] = [];
  try {
    for await (const input of inputs) {
      const next = work(input);
      // It is told when its turn comes; until then nobody listens.
      next.catch(() => {});
      const [before] = begun;
      begun = before ? [before, next] : [next];
      if (!before) continue;
      yield before;
      begun = [next];
    }
    const [last] = begun;
    if (last) yield last;
  } finally {
    await Promise.allSettled(begun);
  }
}
