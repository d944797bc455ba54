import { describe, expect, it } from 'vitest';
import { getSimilarPapers } from '../../shared/query/similar.ts';
import { anArchive, papers, seen } from './archive.ts';

/** Papers with nothing in common but what is given. */
const plain = (title: string, keywords: readonly string[] | null = null, abstract = 'It is made up.') => ({
  title,
  abstract,
  keywords,
  authors: [],
});

const others = Array.from({ length: 40 }, (_, n) => [10 + n, 1, plain(`Lantern number n${n}`)] as const);
const captures = [
  seen(
    'daily 2025-01-08',
    '2025-01-08T06:00:00Z',
    papers(
      [1, 9, plain('Brewing tea slowly', ['patient brewing'])],
      [2, 8, plain('Coffee', ['patient brewing'])],
      [3, 7, plain('Tea in the rain')],
      [4, 6, plain('Umbrellas', null, 'They keep slowly walking people dry.')],
      ...others,
    ),
  ),
];

describe('papers similar to one', () => {
  it('share with it what few others have, the nearest first, without the paper itself', async () => {
    const answer = await getSimilarPapers(await anArchive(captures), '2501.00001');
    expect(answer?.papers.map(({ id }) => id?.slice(-1))).toEqual(['2', '3', '4']);
    expect(answer?.terms).toEqual(expect.arrayContaining(['patient brewing', 'tea', 'slowly']));
    const scores = answer?.papers.map(({ score }) => score) ?? [];
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(answer).toMatchObject({ title: 'Brewing tea slowly', total: 3, catalogAsOf: '2025-01-20T12:00:00Z' });
  });

  it('are at most ten, equals newest first and then by id, the same each time', async () => {
    const tea = Array.from({ length: 14 }, (_, n) => [50 + n, 1, plain('Samovar')] as const);
    const asked = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers(...tea.slice(0, 8), ...others, [99, 1, plain('Stew')])),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers(...tea.slice(8))),
      seen(
        'trending 2025-01-09',
        '2025-01-09T06:00:00Z',
        papers(...Array.from({ length: 90 }, (_, n) => [100 + n, 1, plain('Stew')] as const)),
      ),
    ]);
    const one = await getSimilarPapers(asked, '2501.00050');
    expect(one?.papers.map(({ id }) => Number(id?.slice(-2)))).toEqual([58, 59, 60, 61, 62, 63, 51, 52, 53, 54]);
    expect(await getSimilarPapers(asked, '2501.00050')).toEqual(one);
  });

  it('are an empty list where papers share only words that many papers have', async () => {
    const asked = await anArchive(captures);
    expect(await getSimilarPapers(asked, '2501.00010')).toMatchObject({ terms: [], papers: [], total: 0 });
  });

  it('are a 404 for a paper that was never seen', async () => {
    await expect(getSimilarPapers(await anArchive(captures), '2501.99999')).rejects.toMatchObject({
      code: 'NEVER_SEEN',
    });
  });
});
