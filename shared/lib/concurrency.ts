import pMap from 'p-map';

/** Enough to hide the latency of a table in the cloud, few enough for one pool of connections. */
const CONCURRENCY = 16;

/** Calls `mapper` for every input, at most 16 at once; the results are in the order of the inputs. Rejects with the first error. */
export const mapConcurrent = <T, R>(inputs: readonly T[], mapper: (input: T) => Promise<R>): Promise<R[]> =>
  pMap(inputs, mapper, { concurrency: CONCURRENCY });

/**
 * Groups inputs into arrays of `size`; the last one holds the rest. With `first` the first array is of that size and each next one twice as
 * large, up to `size`, so that work on them starts sooner.
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
 * Yields the result of `work` for each input, in order. The work on the next input starts while the caller uses the result before it.
 * Returns only when all started work has ended, also where the caller stops early.
 */
export async function* prefetch<T, R>(
  inputs: Iterable<T> | AsyncIterable<T>,
  work: (input: T) => Promise<R>,
): AsyncGenerator<R> {
  let started: Promise<R>[] = [];
  try {
    for await (const input of inputs) {
      const next = work(input);
      // An error is thrown when its turn comes; until then nothing handles it.
      next.catch(() => {});
      const [before] = started;
      started = before ? [before, next] : [next];
      if (!before) continue;
      yield before;
      started = [next];
    }
    const [last] = started;
    if (last) yield last;
  } finally {
    await Promise.allSettled(started);
  }
}
