import { describe, expect, it } from 'vitest';
import { batches, prefetch } from '../../shared/lib/concurrency.ts';

async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of given) found.push(one);
  return found;
}

describe('batches', () => {
  it('have the given size, the last one the rest', async () => {
    expect(await all(batches([1, 2, 3, 4, 5], 2))).toEqual([[1, 2], [3, 4], [5]]);
    expect(await all(batches([1, 2], 2))).toEqual([[1, 2]]);
    expect(await all(batches([], 2))).toEqual([]);
  });

  it('begin with the first size where one is given, and double up to the full size', async () => {
    expect(await all(batches([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 1))).toEqual([[1], [2, 3], [4, 5, 6], [7, 8, 9]]);
  });
});

describe('The results of working ahead', () => {
  it('come in order, each while only the next one is being made', async () => {
    const started: number[] = [];
    const work = async (n: number) => {
      started.push(n);
      return n * 10;
    };
    const results = prefetch([1, 2, 3], work);
    expect((await results.next()).value).toBe(10);
    expect(started).toEqual([1, 2]);
    expect((await results.next()).value).toBe(20);
    expect(started).toEqual([1, 2, 3]);
    expect(await all(results)).toEqual([30]);
    expect(await all(prefetch([], work))).toEqual([]);
  });

  it('report a failure in its turn, after the results before it', async () => {
    const results = prefetch([1, 2, 3], async (n) => {
      if (n === 2) throw new Error('two');
      return n;
    });
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow('two');
  });

  it('wait for the work that has started when the caller stops early', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let ended = false;
    const results = prefetch([1, 2], async (n) => {
      if (n === 2) await promise;
      ended = n === 2;
    });
    await results.next();
    const stopped = results.return(undefined).then(() => ended);
    resolve();
    expect(await stopped).toBe(true);
  });
});
