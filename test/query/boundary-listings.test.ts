import { describe, expect, it } from 'vitest';
import { getMovers, resolveMoversRange } from '../../shared/query/movers.ts';
import { countOperations } from '../bench/counting.ts';
import { instant } from '../support/build.ts';
import { anArchive, papers, seen } from './archive.ts';

describe('The two times of a question', () => {
  const now = instant('2025-01-20T12:00:00Z');
  const at = (from: string | null, to: string | null, window: '24h' | '7d' | '30d' | null = null) =>
    resolveMoversRange(
      { from: from === null ? null : instant(from), to: to === null ? null : instant(to), window },
      now,
    );

  it('span a day that ends now, unless a range is given', () => {
    expect(at(null, null)).toEqual({ from: '2025-01-19T12:00:00Z', to: now });
    expect(at(null, null, '7d')).toEqual({ from: '2025-01-13T12:00:00Z', to: now });
    expect(at(null, null, '30d')).toEqual({ from: '2024-12-21T12:00:00Z', to: now });
  });

  it('begin a window before the given end, and end now where none is given', () => {
    expect(at(null, '2025-01-10T00:00:00Z', '24h')?.from).toBe('2025-01-09T00:00:00Z');
    expect(at(null, '2025-01-10T00:00:00Z')?.from).toBe('2025-01-09T00:00:00Z');
    expect(at('2025-01-10T00:00:00Z', null)).toEqual({ from: '2025-01-10T00:00:00Z', to: now });
  });

  it('are now where they lie in the future', () => {
    expect(at('2025-01-10T00:00:00Z', '2999-01-01T00:00:00Z')?.to).toBe(now);
    expect(at(null, '2999-01-01T00:00:00Z', '7d')).toEqual({ from: '2025-01-13T12:00:00Z', to: now });
  });

  it('are refused where the first is not before the second', () => {
    expect(at('2025-01-10T00:00:00Z', '2025-01-10T00:00:00Z')).toBeNull();
    expect(at('2025-01-11T00:00:00Z', '2025-01-10T00:00:00Z')).toBeNull();
    expect(at('2999-01-01T00:00:00Z', null)).toBeNull();
    expect(at(now, '2999-01-01T00:00:00Z')).toBeNull();
  });
});

describe('The number of requests to the table', () => {
  it('is one listing for a list that did not change between the edges, two for one that did, none for one that began after', async () => {
    const context = await anArchive([
      seen('daily 2025-01-06', '2025-01-06T12:00:00Z', papers([1])),
      seen('daily 2025-01-07', '2025-01-07T12:00:00Z', papers([2])),
      seen('daily 2025-01-07', '2025-01-08T12:00:00Z', papers([2])),
      seen('daily 2025-01-08', '2025-01-09T12:00:00Z', papers([3])),
      ...Array.from({ length: 9 }, (_, n) => seen('daily 2025-01-05', `2025-01-05T1${n}:00:00Z`, papers([9]))),
    ]);
    const { table, takeOperations } = countOperations(context.table);
    const edges = { from: instant('2025-01-08T06:00:00Z'), to: instant('2025-01-08T18:00:00Z') };
    expect((await getMovers({ ...context, table }, 'daily', edges)).moved).toHaveLength(1);
    const { read } = takeOperations();
    const listings = read.filter(({ sk }) => sk.startsWith('AT#')).map(({ pk }) => pk.slice(-10));
    expect(listings.sort()).toEqual(['2025-01-05', '2025-01-06', '2025-01-07', '2025-01-07']);
    expect(read.filter(({ sk }) => sk.startsWith('CONTENT#'))).toHaveLength(1);
  });
});
