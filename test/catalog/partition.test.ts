import { describe, expect, it } from 'vitest';
import {
  collectPartitionPapers,
  type ListDayPartition,
  readPartition,
  summarizedListings,
} from '../../shared/catalog/partition.ts';
import { foldListings } from '../../shared/record/fold.ts';
import { createSummaryItems, encodeListing, type ListDaySummary, type ListingItem } from '../../shared/table/items.ts';
import { titleKey } from '../../shared/table/keys.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { aVisit, type VisitSpec } from '../record/visits.ts';
import { aPaper, DAILY, ranked } from '../support/build.ts';

const partition = (visits: readonly VisitSpec[]): ListDayPartition => {
  const listings = visits.map(aVisit);
  return { listDay: DAILY, listings, summary: foldListings(DAILY, listings) as ListDaySummary, copied: new Map() };
};
const votesOf = (visits: readonly VisitSpec[]) =>
  collectPartitionPapers(partition(visits)).map(({ id, votes }) => [id, votes]);
const unknown = (...ids: number[]) => ranked(...ids).map((row) => ({ ...row, upvotes: null }));

describe('the upvotes of a list day in the catalog', () => {
  it('change only where a capture says another number', () => {
    const row = (upvotes: number) => [aPaper({ upvotes })];
    expect(
      votesOf([
        { at: '06:00', rows: row(3) },
        { at: '07:00', rows: row(3) },
        { at: '08:00', rows: row(5) },
      ]),
    ).toEqual([['2501.00001', [0, 3, 2, 5]]]);
  });

  it('are unknown while the paper is not listed, and after it was listed last', () => {
    const visits = [
      { at: '06:00', rows: ranked(1, 2) },
      { at: '07:00', rows: ranked(2) },
      { at: '08:00', rows: ranked(1, 2) },
    ];
    expect(votesOf(visits)).toContainEqual(['2501.00001', [0, 10, 1, null, 2, 10]]);
    expect(votesOf(visits.slice(0, 2))).toContainEqual(['2501.00001', [0, 10, 1, null]]);
  });

  it('do not repeat that they are unknown', () => {
    const visits = [
      { at: '06:00', rows: unknown(1, 2) },
      { at: '07:00', rows: ranked(2) },
      { at: '08:00', rows: ranked(1, 2) },
    ];
    expect(votesOf(visits)).toContainEqual(['2501.00001', [0, null, 2, 10]]);
    expect(votesOf(visits.slice(0, 2))).toContainEqual(['2501.00001', [0, null]]);
  });
});

describe('the numbers of a paper on a list day', () => {
  it('are those of the last capture that knew its upvotes, beside the stars that were known first', () => {
    const row = (upvotes: number | null, githubStars: number | null) => [aPaper({ upvotes, comments: 1, githubStars })];
    const [paper] = collectPartitionPapers(
      partition([
        { at: '06:00', rows: row(3, null) },
        { at: '07:00', rows: row(4, 70) },
        { at: '08:00', rows: row(null, 90) },
      ]),
    );
    expect(paper?.firstStars).toBe(70);
    expect(paper?.lastVotes).toMatchObject({ upvotes: 4, githubStars: 70, readAt: '2025-01-08T07:00:00Z' });
  });
});

describe('a list day as the catalog reads it', () => {
  it('counts only listings of the query that its summary is about', () => {
    const mixed = partition([
      { at: '06:00', rows: ranked(1), listing: { query: 'agents' } },
      { at: '07:00', rows: ranked(2), listing: { query: 'language agents' } },
    ]);
    expect(summarizedListings(mixed).map(({ query }) => query)).toEqual(['language agents']);
  });

  it('has the version of the stored summary, so that a listing put after it makes it read again', async () => {
    const table = openSqliteTable(':memory:');
    const put = async (listings: readonly ListingItem[]) => {
      for (const listing of listings) await table.put(encodeListing(listing));
    };
    const copied = [{ ...aPaper(), id: null }];
    const [first, second] = [aVisit({ at: '06:00', rows: copied }), aVisit({ at: '07:00', rows: copied })];
    await put([first]);
    await table.put(createSummaryItems(DAILY, foldListings(DAILY, [first]) as ListDaySummary).summary);
    await put([second]);
    const read = await readPartition(table, DAILY);
    expect([...(read?.copied ?? [])]).toEqual([[titleKey(aPaper().content.title), null]]);
    expect(read?.listings).toHaveLength(2);
    expect(read?.summary.version).toBe(foldListings(DAILY, [first])?.version);
    await table.close();
  });
});
