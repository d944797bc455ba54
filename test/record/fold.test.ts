import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, startOfDay } from '../../shared/lib/time.ts';
import type { ListDay } from '../../shared/model/list.ts';
import type { ListingRow } from '../../shared/model/listing.ts';
import { foldListings } from '../../shared/record/fold.ts';
import { createSummaryItems, isSettled, type ListDaySummary, type ListingItem } from '../../shared/table/items.ts';
import { sizeOf } from '../bench/counting.ts';
import { aPaper, DAILY, DAY, instant, ranked } from '../support/build.ts';
import { aVisit, type VisitSpec } from './visits.ts';

const folded = (visits: readonly VisitSpec[], listDay: ListDay = DAILY): ListDaySummary =>
  foldListings(
    listDay,
    visits.map((visit) => aVisit({ listDay, ...visit })),
  ) as ListDaySummary;

/** What a summary says of one paper, by column. */
function lifeOf(summary: ListDaySummary, paper: string): Record<string, unknown> {
  const at = summary.papers.indexOf(paper);
  const columns = Object.entries(summary).filter(([, column]) => Array.isArray(column) && column.length > at);
  return Object.fromEntries(columns.map(([name, column]) => [name, (column as unknown[])[at]]));
}

const one = (upvotes: number | null, rank = 1): ListingRow[] => [aPaper({ rank, upvotes })];
const ONE = '2501.00001';

describe('the fold of a list', () => {
  it('keeps one run of a content over a capture that does not show the paper', () => {
    const summary = folded([
      { at: '06:00', rows: one(1) },
      { at: '07:00', rows: ranked(2) },
      { at: '08:00', rows: one(3) },
    ]);
    const runs = summary.runs[summary.papers.indexOf(ONE)];
    expect(runs).toEqual([[expect.any(String), 0, 2]]);
  });

  it('rounds the longest gap to whole minutes', () => {
    const gapAfter = (at: string) => folded([{ at: '06:00' }, { at }]).standing.longestGapMinutes;
    expect(gapAfter('2025-01-08T07:30:29Z')).toBe(90);
    expect(gapAfter('2025-01-08T07:30:31Z')).toBe(91);
  });

  it('is null without listings', () => {
    expect(foldListings(DAILY, [])).toBeNull();
  });

  it('is the same for the same set of listings, whatever their order', () => {
    const visit = fc.record({
      minute: fc.nat(5),
      outcome: fc.constantFrom('list' as const, 'empty' as const, 'server-error' as const),
      papers: fc.uniqueArray(fc.nat(4), { maxLength: 4 }),
      upvotes: fc.option(fc.nat(9)),
      complete: fc.constantFrom(true, null, false),
      epoch: fc.integer({ min: 1, max: 3 }),
    });
    const listings = fc
      .uniqueArray(visit, { minLength: 1, maxLength: 8, selector: ({ minute }) => minute })
      .map((visits) =>
        visits.map(({ minute, papers, upvotes, complete, outcome, epoch }) =>
          aVisit({
            at: `06:0${minute}`,
            rows: ranked(...papers).map((row) => ({ ...row, upvotes })),
            listing: { complete },
            outcome,
            epoch,
          }),
        ),
      );
    const twoOrders = listings.chain((set) =>
      fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length, maxLength: set.length })),
    );
    fc.assert(
      fc.property(twoOrders, ([set, shuffled]) => {
        expect(foldListings(DAILY, shuffled)).toEqual(foldListings(DAILY, set));
      }),
    );
  });

  it('keeps apart two captures of one second', () => {
    const visits = [aVisit({ at: '06:15', rows: one(1) }), aVisit({ at: '06:15', rows: one(2) })];
    const [there, back] = [foldListings(DAILY, visits), foldListings(DAILY, visits.toReversed())];
    expect(there).toEqual(back);
    expect(there?.standing.captures).toBe(2);
  });

  it('has a version that counts listings and their epochs, failed visits too', () => {
    expect(folded([{ at: '06:15' }]).version).toBe(2);
    expect(folded([{ at: '06:15' }, { at: '07:15', outcome: 'refused' }]).version).toBe(4);
    expect(folded([{ at: '06:15' }, { at: '07:15', epoch: 3 }]).version).toBe(6);
  });
});

describe('the status of a list', () => {
  const list = { rows: ranked(1, 2) };
  const cut = { rows: ranked(1), listing: { complete: false } };
  const unknown = { rows: ranked(1, 2), listing: { complete: null } };
  const empty = { outcome: 'empty', rows: [] } as const;
  const failed = { outcome: 'server-error' } as const;
  const drifted = { outcome: 'drift', rows: ranked(1) } as const;
  it.each<[status: string, visits: Omit<VisitSpec, 'at'>[]]>([
    ['captured', [list]],
    ['captured', [unknown]],
    ['captured', [failed, list, failed]],
    ['captured', [cut, list, cut]],
    ['captured', [empty, list]],
    ['partial', [cut]],
    ['partial', [failed, cut, cut]],
    ['empty', [empty]],
    ['empty', [failed, empty, failed]],
    ['empty', [list, empty]],
    ['failed', [failed]],
    ['failed', [drifted]],
    ['failed', [failed, { outcome: 'not-found' }, { outcome: 'challenge' }]],
  ])('is %s', (status, visits) => {
    expect(folded(visits.map((visit, hour) => ({ at: `0${hour}:15`, ...visit }))).standing.status).toBe(status);
  });

  it('counts usable visits and the rest, and names the first and last usable ones', () => {
    const { standing } = folded([
      { at: '05:15', ...failed },
      { at: '06:15', ...list },
      { at: '07:15', ...drifted },
      { at: '08:15', ...empty },
      { at: '09:15', ...failed },
    ]);
    expect(standing).toMatchObject({
      captures: 2,
      failures: 3,
      failing: 1,
      first: `${DAY}T06:15:00Z`,
      last: `${DAY}T08:15:00Z`,
      lastVisit: `${DAY}T09:15:00Z`,
    });
  });

  it('counts how often it failed since the last usable visit, from the first when there was none', () => {
    const failing = (...visits: Omit<VisitSpec, 'at'>[]) =>
      folded(visits.map((visit, hour) => ({ at: `0${hour}:15`, ...visit }))).standing.failing;
    expect(failing(list)).toBe(0);
    expect(failing(failed, failed, list)).toBe(0);
    expect(failing(list, failed, drifted, failed)).toBe(3);
    expect(failing(failed, failed)).toBe(2);
  });

  it('does not count visits without an answer among the failures in a row, and says when the newest visit was one', () => {
    const lost = { outcome: 'unreachable' } as const;
    const standing = (...visits: Omit<VisitSpec, 'at'>[]) =>
      folded(visits.map((visit, hour) => ({ at: `0${hour}:15`, ...visit }))).standing;
    expect(standing(list, failed, lost)).toMatchObject({ failures: 2, failing: 1, unreachable: true });
    expect(standing(lost)).toMatchObject({ status: 'failed', failures: 1, failing: 0, unreachable: true });
    expect(standing(lost, failed)).not.toHaveProperty('unreachable');
    expect(standing(lost, list)).not.toHaveProperty('unreachable');
  });

  it('knows the longest gap between usable visits in minutes, null when there are fewer than two', () => {
    const gap = (...visits: VisitSpec[]) => folded(visits).standing.longestGapMinutes;
    expect(gap({ at: '06:15', ...list })).toBeNull();
    expect(gap({ at: '06:15', ...list }, { at: '07:00', ...failed })).toBeNull();
    expect(
      gap({ at: '06:15', ...list }, { at: '07:00', ...failed }, { at: '09:45', ...list }, { at: '10:00', ...list }),
    ).toBe(210);
  });

  it('is settled by a usable visit on day 14 or later, a daily list only', () => {
    const settled = (at: string, visit: Omit<VisitSpec, 'at'>, listDay: ListDay = DAILY) =>
      folded([{ at, ...visit }], listDay).standing.settledAt;
    expect(settled('2025-01-21T23:59:59Z', list)).toBeNull();
    expect(settled('2025-01-22T00:00:00Z', list)).toBe('2025-01-22T00:00:00Z');
    expect(settled('2025-01-22T00:00:00Z', empty)).toBe('2025-01-22T00:00:00Z');
    expect(settled('2025-01-22T00:00:00Z', failed)).toBeNull();
    expect(settled('2025-01-22T00:00:00Z', list, { list: 'trending', day: DAY })).toBeNull();
    expect(
      folded([
        { at: '2025-01-23T00:00:00Z', ...list },
        { at: '2025-01-25T00:00:00Z', ...list },
      ]).standing.settledAt,
    ).toBe('2025-01-23T00:00:00Z');
  });

  it('counts as settled once that visit is past, or up to five minutes ahead of this clock', () => {
    const { standing } = folded([{ at: '2025-01-23T00:00:00Z', ...list }]);
    const at = (now: string) => isSettled(standing, instant(now));
    expect([at('2025-01-23T00:00:00Z'), at('2025-01-22T23:55:00Z'), at('2025-01-22T23:54:59Z')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('the listing that is shown', () => {
  it('is the newest usable one, not a failed visit after it', () => {
    const summary = folded([
      { at: '06:15', rows: ranked(1) },
      { at: '07:15', rows: ranked(2, 1) },
      { at: '08:15', outcome: 'drift', rows: ranked(3) },
    ]);
    expect(summary.shown).toMatchObject({ at: `${DAY}T07:15:00Z`, via: 'api' });
    expect(summary.rank).toEqual([1, 2]);
    expect(summary.papers).toEqual(['2501.00002', ONE]);
  });

  it('is a complete one before a newer cut one, and unknown completeness counts as complete', () => {
    const shown = (...complete: (boolean | null)[]) =>
      folded(complete.map((whole, hour) => ({ at: `0${hour}:15`, rows: ranked(hour), listing: { complete: whole } })))
        .papers[0];
    expect(shown(true, false)).toBe('2501.00000');
    expect(shown(null, false)).toBe('2501.00000');
    expect(shown(true, false, null)).toBe('2501.00002');
    expect(shown(false, false)).toBe('2501.00001');
  });

  it('has how many papers were listed, on how many pages, and whether the list is complete', () => {
    const summary = folded([
      { at: '06:15', rows: ranked(1), listing: { listed: 101, pages: 2, complete: null } },
      { at: '07:15', rows: ranked(1), listing: { listed: 50, pages: 1, complete: false } },
    ]);
    expect(summary.standing).toMatchObject({ listed: 101, pages: 2, complete: null, papers: 1 });
  });

  it('leaves the ranks of rejected entries free', () => {
    const rows = [aPaper({ rank: 1 }), aPaper({ rank: 3, id: '2501.00003' })];
    const summary = folded([{ at: '06:15', rows, listing: { listed: 3, complete: false } }]);
    expect(summary.rank).toEqual([1, 3]);
    expect(summary.standing).toMatchObject({ status: 'partial', listed: 3, papers: 2 });
  });

  it('comes first in the columns, by rank, and papers that left follow without a current rank', () => {
    const summary = folded([
      { at: '06:15', rows: ranked(9, 8, 1) },
      { at: '07:15', rows: ranked(3, 1) },
    ]);
    expect(summary.papers).toEqual(['2501.00003', ONE, '2501.00008', '2501.00009']);
    expect(summary.rank).toEqual([1, 2, null, null]);
    expect(summary.upvotes).toEqual([10, 10, null, null]);
    expect(summary.comments).toEqual([2, 2, null, null]);
  });

  it('is empty when the feed listed no papers, and the papers seen before are kept', () => {
    const summary = folded([
      { at: '06:15', rows: ranked(1) },
      { at: '07:15', outcome: 'empty' },
    ]);
    expect(summary).toMatchObject({ papers: [ONE], rank: [null], shown: { at: `${DAY}T07:15:00Z` } });
  });
});

describe('a paper of a list', () => {
  it('has its previous rank from the usable listing before the one shown, null when it was not in it', () => {
    const summary = folded([
      { at: '05:15', rows: ranked(3, 1, 2) },
      { at: '06:15', rows: ranked(1, 2) },
      { at: '06:45', outcome: 'cut' },
      { at: '07:15', rows: ranked(2, 1, 3) },
    ]);
    expect(summary.papers).toEqual(['2501.00002', ONE, '2501.00003']);
    expect(summary.previousRank).toEqual([2, 1, null]);
  });

  it('has the rank before the listing shown, not before a newer one that was cut', () => {
    const summary = folded([
      { at: '05:15', rows: ranked(2, 1) },
      { at: '06:15', rows: ranked(1, 2) },
      { at: '07:15', rows: ranked(1), listing: { complete: false } },
    ]);
    expect(summary.previousRank).toEqual([2, 1]);
  });

  it('has no previous rank in the first listing, nor after it left', () => {
    expect(folded([{ at: '05:15', rows: ranked(1) }]).previousRank).toEqual([null]);
    expect(
      folded([
        { at: '05:15', rows: ranked(1) },
        { at: '06:15', rows: ranked(2) },
      ]).previousRank,
    ).toEqual([null, null]);
  });

  it('has its first, best and last rank, its first, highest and last upvotes', () => {
    const summary = folded([
      { at: '05:15', rows: one(4, 5) },
      { at: '06:15', rows: one(62, 1) },
      { at: '07:15', rows: one(61, 2) },
    ]);
    expect(lifeOf(summary, ONE)).toMatchObject({
      firstRank: 5,
      bestRank: 1,
      lastRank: 2,
      firstUpvotes: 4,
      peakUpvotes: 62,
      lastUpvotes: 61,
      captures: 3,
      firstSeen: 0,
      lastSeen: 2,
    });
  });

  it('has the upvotes of its first listing, null when they were unknown then', () => {
    const summary = folded([
      { at: '05:15', rows: one(null) },
      { at: '06:15', rows: one(7) },
      { at: '07:15', rows: one(null) },
    ]);
    expect(lifeOf(summary, ONE)).toMatchObject({ firstUpvotes: null, peakUpvotes: 7, lastUpvotes: null, captures: 3 });
  });

  it('counts as seen in usable listings only, cut ones included', () => {
    const summary = folded([
      { at: '05:15', outcome: 'drift', rows: one(1) },
      { at: '06:15', rows: one(2) },
      { at: '07:15', rows: one(3), listing: { complete: false } },
    ]);
    expect(lifeOf(summary, ONE)).toMatchObject({ captures: 2, firstUpvotes: 2, upvotes: 2, lastUpvotes: 3 });
    expect(summary.times).toEqual([`${DAY}T06:15:00Z`, `${DAY}T07:15:00Z`]);
  });

  it('has a run for each series of captures with one content; a content that returns begins a new one', () => {
    const titled = (title: string) => [aPaper({ title })];
    const summary = folded([
      { at: '05:15', rows: titled('A') },
      { at: '06:15', rows: titled('A') },
      { at: '07:15', rows: titled('B') },
      { at: '08:15', rows: titled('A') },
    ]);
    const [runs = []] = summary.runs;
    expect(runs.map(([, from, to]) => [from, to])).toEqual([
      [0, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(runs[0]?.[0]).toBe(runs[2]?.[0]);
    expect(runs[1]?.[0]).not.toBe(runs[0]?.[0]);
  });

  describe('whose content flips in every capture', () => {
    /** Hourly captures in which every paper has another content than in the one before. */
    const flipping = (papers: number, captures: number) =>
      folded(
        Array.from({ length: captures }, (_, hour) => ({
          at: addSeconds(startOfDay(DAY), hour * 3600),
          rows: Array.from({ length: papers }, (_, at) =>
            aPaper({ id: `2501.${10_000 + at}`, rank: at + 1, title: `T${hour % 2}` }),
          ),
        })),
      );

    it('keeps all its runs while a summary is far from the largest item of DynamoDB', () => {
      expect(flipping(100, 60).runs.every((runs) => runs.length === 60)).toBe(true);
    });

    it('keeps its first run and the newest ones of 150 papers and 100 captures, in half the largest item', () => {
      const summary = flipping(150, 100);
      expect(sizeOf(createSummaryItems(DAILY, summary).summary)).toBeLessThan(200 * 1024);
      for (const runs of summary.runs) {
        expect(runs).toHaveLength(40);
        expect([runs[0], runs[1], runs.at(-1)].map((run) => run?.[1])).toEqual([0, 61, 99]);
      }
    });
  });

  it('is identified by its title when it comes from copied text', () => {
    const text = (title: string) => [aPaper({ id: null, upvotes: null, comments: null, title })];
    const summary = folded([
      { at: '05:15', rows: text('Long tables, read twice'), listing: { via: 'text', complete: null } },
      { at: '06:15', rows: text('Long Tables:  read twice'), listing: { via: 'text', complete: null } },
    ]);
    expect(summary.papers).toEqual([expect.stringMatching(/^~[0-9a-f]{16}$/)]);
    expect(summary).toMatchObject({ captures: [2], upvotes: [null], peakUpvotes: [null], shown: { via: 'text' } });
  });
});

describe('a watched search whose query was changed', () => {
  const listDay: ListDay = { list: 'watched:agents', day: DAY };
  const asked = (query: string) => ({ query, complete: null });
  const visits: VisitSpec[] = [
    { at: '05:15', rows: ranked(1, 2), listing: asked('agents') },
    { at: '06:15', rows: ranked(2, 1), listing: asked('agents') },
    { at: '07:15', rows: ranked(3, 1), listing: asked('tool use') },
  ];

  it('starts a new series: papers, ranks and times are those of the newest query', () => {
    const summary = folded(visits, listDay);
    expect(summary).toMatchObject({
      query: 'tool use',
      papers: ['2501.00003', ONE],
      previousRank: [null, null],
      captures: [1, 1],
      times: [`${DAY}T07:15:00Z`],
    });
    expect(summary.standing).toMatchObject({ captures: 3, papers: 2 });
  });

  it('continues the old series when the query returns', () => {
    const summary = folded([...visits, { at: '08:15', rows: ranked(1), listing: asked('agents') }], listDay);
    expect(summary).toMatchObject({ query: 'agents', captures: [3, 2], previousRank: [2, null] });
  });

  it('is unchanged when a visit after it failed', () => {
    const summary = folded([...visits, { at: '08:15', outcome: 'refused' }], listDay);
    expect(summary).toMatchObject({ query: 'tool use', shown: { at: `${DAY}T07:15:00Z` } });
  });
});

describe('Listings', () => {
  const { papers, ranks }: ListingItem = aVisit({
    at: '05:15',
    rows: [1, 2, 3].map((rank) =>
      aPaper({ rank, id: null, title: rank === 2 ? 'Another one' : 'One that was copied twice' }),
    ),
    listing: { via: 'text', listed: 3 },
  });

  it('have one row, the first, for a title that copied text has twice', () => {
    expect(ranks).toEqual([1, 2]);
    expect(new Set(papers).size).toBe(2);
  });

  it('have no rows for a visit that was not usable, and say why', () => {
    const listing = aVisit({ at: '05:15', outcome: 'drift', rows: ranked(1, 2) });
    expect(listing).toMatchObject({ outcome: 'drift', papers: [], ranks: [], listed: 2 });
    expect(aVisit({ at: '05:15', outcome: 'refused' })).toMatchObject({
      listed: null,
      pages: null,
      complete: null,
      via: null,
    });
  });

  it('name at most 20 rejects and count them all', () => {
    const rejects = Array.from({ length: 30 }, (_, at) => ({ path: `[${at}].paper`, why: 'x'.repeat(1000) }));
    const listing = aVisit({ at: '05:15', rows: ranked(1), listing: { rejects } });
    expect(listing.rejected).toBe(30);
    expect(listing.rejects).toHaveLength(20);
    expect(Math.max(...listing.rejects.map((said) => said.length))).toBe(300);
  });
});
