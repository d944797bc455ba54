import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueryContext } from '../../shared/query/context.ts';
import { getIndexedPapers } from '../../shared/query/named.ts';
import { decodeCursor } from '../../shared/query/paging.ts';
import { aPaper, day } from '../support/build.ts';
import { anArchive, papers, seen } from './archive.ts';

const ADA = { kind: 'author', slug: 'ada-example', from: null, to: null, limit: 500, cursor: null } as const;
const ids = ({ papers }: { papers: readonly { id: string | null }[] }) => papers.map(({ id }) => id?.slice(-1));

const archive = () =>
  anArchive([
    seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1, 3], [2, 2, { authors: ['Eve Elsewhere'] }])),
    seen('daily 2025-01-08', '2025-01-08T18:00:00Z', papers([1, 9], [2, 8, { authors: ['Eve Elsewhere'] }])),
    seen(
      'daily 2025-01-10',
      '2025-01-10T06:00:00Z',
      papers([3, 5, { listedOn: day('2025-01-10'), keywords: ['Tea'] }]),
    ),
    seen('trending 2025-01-11', '2025-01-11T06:00:00Z', papers([4, 7, { listedOn: day('2025-01-09') }], [1, 11])),
  ]);

describe('the papers of a name', () => {
  it('come newest first, with the votes last seen on their daily list', async () => {
    const found = await getIndexedPapers(await archive(), ADA);
    expect(found).toMatchObject({
      kind: 'author',
      slug: 'ada-example',
      name: 'Ada Example',
      total: 3,
      next: null,
    });
    expect(found.papers.map(({ id, listedOn, upvotes }) => [id?.slice(-1), listedOn, upvotes])).toEqual([
      ['3', '2025-01-10', 5],
      ['4', '2025-01-09', null],
      ['1', '2025-01-08', 9],
    ]);
  });

  it('are those of a range of days, both ends included', async () => {
    const found = async (from: string | null, to: string | null) =>
      ids(
        await getIndexedPapers(await archive(), {
          ...ADA,
          from: from === null ? null : day(from),
          to: to === null ? null : day(to),
        }),
      );
    expect(await found('2025-01-09', null)).toEqual(['3', '4']);
    expect(await found(null, '2025-01-09')).toEqual(['4', '1']);
    expect(await found('2025-01-09', '2025-01-09')).toEqual(['4']);
    expect(await found('2025-02-01', null)).toEqual([]);
  });

  it('are found by organization and keyword too, under the name as the feed spells it', async () => {
    const acme = await getIndexedPapers(await archive(), { ...ADA, kind: 'organization', slug: 'acme' });
    expect([acme.name, ids(acme)]).toEqual(['acme', ['3', '4', '2', '1']]);
    const tea = await getIndexedPapers(await archive(), { ...ADA, kind: 'keyword', slug: 'tea' });
    expect([tea.name, ids(tea)]).toEqual(['Tea', ['3']]);
  });

  it('are not found for a name that was never seen', async () => {
    await expect(getIndexedPapers(await archive(), { ...ADA, slug: 'unseen-author' })).rejects.toThrow(
      'no paper of the author unseen-author was seen',
    );
  });

  it('come once each, a paper that moved to another day under the newer one', async () => {
    const moved = await anArchive([
      seen('daily 2025-01-08', '2025-01-08T06:00:00Z', papers([1])),
      seen('daily 2025-01-09', '2025-01-09T06:00:00Z', papers([1, 20, { listedOn: day('2025-01-09') }])),
    ]);
    const found = await getIndexedPapers(moved, ADA);
    expect(found.papers.map(({ listedOn, upvotes }) => [listedOn, upvotes])).toEqual([['2025-01-09', 20]]);
  });
});

describe('pages of a name', () => {
  const walk = async (of: QueryContext, limit: number) => {
    const pages: (string | null)[][] = [];
    let cursor: string | null = null;
    do {
      const found = await getIndexedPapers(of, { ...ADA, limit, cursor });
      pages.push(found.papers.map(({ id }) => id));
      cursor = found.next && decodeCursor(found.next);
    } while (cursor);
    return pages;
  };

  it('hold every paper once, whatever the limit', async () => {
    const rows = Array.from({ length: 17 }, (_, n) => aPaper({ rank: n + 1, id: `2501.000${10 + n}` }));
    const of = await anArchive([seen('daily 2025-01-08', '2025-01-08T06:00:00Z', rows)]);
    const [whole] = await walk(of, 500);
    expect(whole).toHaveLength(17);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (limit) => {
        const pages = await walk(of, limit);
        expect(pages.flat()).toEqual(whole);
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('continue from a position whose paper no longer exists', async () => {
    const found = await getIndexedPapers(await archive(), { ...ADA, limit: 1, cursor: '2025-01-09#2501.99999' });
    expect(ids(found)).toEqual(['4']);
  });
});
