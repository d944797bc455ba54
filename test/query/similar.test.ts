import { describe, expect, it } from 'vitest';
import { findSimilar, isSimilarDue, updateSimilar } from '../../shared/catalog/similar.ts';
import type { CatalogFile } from '../../shared/catalog/sqlite.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { getSimilarPapers } from '../../shared/query/similar.ts';
import { instant } from '../support/build.ts';
import { anArchive, papers, seen } from './archive.ts';

const NIGHT = instant('2025-01-20T04:00:00Z');

/** A paper with nothing in common with others but what is given. */
const plain = (title: string, abstract = '') => ({ title, abstract, keywords: null, authors: [] });

const captures = [
  seen(
    'daily 2025-01-08',
    '2025-01-08T06:00:00Z',
    papers(
      [1, 9, plain('Brewing tea slowly', 'Patient brewing of green tea in clay pots.')],
      [2, 8, plain('Clay pots', 'Green tea keeps warm.')],
      [3, 7, plain('Tea in the rain')],
      [4, 6, plain('Umbrellas')],
    ),
  ),
];

/** Compares the papers of an archive as at night. */
async function compare({ catalog }: Pick<QueryContext, 'catalog'>): Promise<void> {
  updateSimilar((await catalog()) as CatalogFile, NIGHT);
}
const idsOf = async (context: QueryContext, id: string) =>
  (await getSimilarPapers(context, id)).papers.map(({ id }) => id?.slice(-1));

describe('similar texts', () => {
  const similarTo = (texts: readonly string[]) => [...findSimilar(texts.length, (index) => texts[index] as string)];

  it('are those with the greatest cosine, 1 for the same words', () => {
    const [first] = similarTo(['red kite', 'red kite', 'red boat', 'blue boat']);
    expect(first?.map(({ index, score }) => [index, Number(score.toFixed(3))])).toEqual([
      [1, 1],
      [2, expect.any(Number)],
    ]);
    expect(first?.[1]?.score).toBeLessThan(0.5);
  });

  it('share rare words more than common ones', () => {
    const texts = ['kite sea', 'kite sky', 'sea moor', 'sea marsh', 'sea fen', 'sea bog'];
    expect(similarTo(texts)[0]?.[0]?.index).toBe(1);
  });

  it('are at most ten, equals in their order', () => {
    expect(similarTo([...Array.from({ length: 14 }, () => 'samovar'), 'stew'])[13]?.map(({ index }) => index)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  it('are an empty list for a text that shares no word, and for an empty text', () => {
    expect(similarTo(['one', 'two', '', ''])).toEqual([[], [], [], []]);
    expect(similarTo([])).toEqual([]);
  });
});

describe('papers similar to one', () => {
  it('are those stored when all papers were compared, nearest first', async () => {
    const asked = await anArchive(captures);
    await compare(asked);
    expect(await idsOf(asked, '2501.00001')).toEqual(['2', '3']);
    const answer = await getSimilarPapers(asked, '2501.00001');
    expect(answer).toMatchObject({ title: 'Brewing tea slowly', total: 2, comparedAt: NIGHT });
    expect(answer.papers[0]?.score).toBeGreaterThan(answer.papers[1]?.score ?? 1);
    expect(await getSimilarPapers(asked, '2501.00004')).toMatchObject({ papers: [], comparedAt: NIGHT });
  });

  it('are the same whenever the same papers are compared', async () => {
    const rows = await Promise.all(
      [captures, captures.toReversed()].map(async (captures) => {
        const asked = await anArchive(captures);
        await compare(asked);
        return (await asked.catalog()).all('SELECT * FROM similar ORDER BY paper_id');
      }),
    );
    expect(rows[0]).toEqual(rows[1]);
  });

  it('stay as they were when there is no time to compare all papers', async () => {
    const asked = await anArchive(captures);
    await compare(asked);
    expect(updateSimilar((await asked.catalog()) as CatalogFile, instant('2025-01-21T04:00:00Z'), () => 0)).toBe(false);
    expect(await getSimilarPapers(asked, '2501.00001')).toMatchObject({ total: 2, comparedAt: NIGHT });
  });

  it('are not known of a paper that has come since', async () => {
    const asked = await anArchive(captures);
    expect(await getSimilarPapers(asked, '2501.00001')).toMatchObject({ papers: [], total: 0, comparedAt: null });
  });

  it('are not found for a paper that was never seen', async () => {
    await expect(getSimilarPapers(await anArchive(captures), '2501.99999')).rejects.toMatchObject({
      code: 'NEVER_SEEN',
    });
  });

  it('are due a day after they were compared', async () => {
    const asked = await anArchive(captures);
    const catalog = await asked.catalog();
    expect(isSimilarDue(catalog, NIGHT)).toBe(true);
    await compare(asked);
    expect(isSimilarDue(catalog, instant('2025-01-21T03:59:59Z'))).toBe(false);
    expect(isSimilarDue(catalog, instant('2025-01-21T04:00:00Z'))).toBe(true);
  });
});
