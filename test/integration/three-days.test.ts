import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSeconds, type Day, dayOf, type Instant } from '../../shared/lib/time.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { getCoverage } from '../../shared/query/coverage.ts';
import { getHistory } from '../../shared/query/history.ts';
import { recordSnapshotKeys } from '../../shared/record/reconcile.ts';
import { verifyArchive } from '../../shared/record/verify.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { openTable } from '../../shared/table/open.ts';
import { beginKeeping, everythingIn, type Keeping } from './keeping.ts';

/**
 * The whole of paperkeep in one place. A made-up feed runs on this machine; its clock is moved hour by hour through three days, and every
 * hour we look: plan what is due, fetch it, archive the raw answers, parse them, record them. Then we ask what the feed had shown then,
 * and compare with the feed itself. At last everything is made again from the archive alone.
 */

// In the sample feed's calendar the first of these days has an hour of failing (06:00), the third one of answers cut short (18:00).
const [TUESDAY, WEDNESDAY, THURSDAY] = ['2026-03-03', '2026-03-04', '2026-03-05'] as [Day, Day, Day];
const FIRST = '2026-03-03T00:00:00Z' as Instant;
const LAST = '2026-03-05T23:00:00Z' as Instant;
const HOURS = Array.from({ length: 72 }, (_, hour) => addSeconds(FIRST, hour * 3600));

/** What the feed itself says of a day at a time: ids and upvotes in its order. */
function told(day: Day, at: Instant): [id: string, upvotes: number][] {
  const { body } = createSampleFeed(at).answer(new URL(`http://feed/api/daily_papers?date=${day}&limit=100`));
  const entries = JSON.parse(body) as { paper: { id: string; upvotes: number } }[];
  return entries.map(({ paper }) => [paper.id, paper.upvotes]);
}

describe('three days of a feed, looked at every hour', () => {
  let feed: SampleServer;
  let keeping: Keeping;
  let context: QueryContext;

  beforeAll(async () => {
    feed = await serveSample();
    keeping = await beginKeeping(feed.origin, LAST, 'agents=agents');
    const { table, catalog } = keeping.workspace;
    context = { table, catalog, clock: () => LAST, sample: false };
    for (const hour of HOURS) {
      feed.setNow(hour);
      await keeping.collect(hour);
    }
  });
  afterAll(async () => {
    await keeping.end();
    await feed.stop();
  });

  const shown = async (day: Day, at: Instant) =>
    (await keeping.daily(day, at)).papers.map(({ id, upvotes }) => [id, upvotes]);

  it.each([
    '2026-03-03T05:00:00Z',
    '2026-03-03T14:00:00Z',
    '2026-03-04T09:30:00Z',
    '2026-03-05T17:59:59Z',
  ] as Instant[])('tells the list of that day as the feed showed it at %s', async (at) => {
    const day = dayOf(at);
    const hour = `${at.slice(0, 13)}:00:00Z` as Instant;
    const answer = await keeping.daily(day, at);
    expect(answer.observedAt).toBe(hour);
    expect(answer.coverage).toMatchObject({ status: 'captured', complete: true, last: hour });
    expect(await shown(day, at)).toEqual(told(day, hour));
    expect(answer.papers.map(({ rank }) => rank)).toEqual(answer.papers.map((_, place) => place + 1));
  });

  it('keeps looking at a day that is over, every three hours', async () => {
    const { observedAt } = await keeping.daily(TUESDAY, '2026-03-04T08:00:00Z' as Instant);
    expect(observedAt).toBe('2026-03-04T06:00:00Z');
    expect(await shown(TUESDAY, '2026-03-04T08:00:00Z' as Instant)).toEqual(told(TUESDAY, observedAt as Instant));
  });

  it('shows what it saw before while the feed fails or its answers are cut short, and counts those visits', async () => {
    const failing = await keeping.daily(TUESDAY, '2026-03-03T06:30:00Z' as Instant);
    expect(failing.observedAt).toBe('2026-03-03T05:00:00Z');
    expect(failing.coverage).toMatchObject({ status: 'captured', captures: 6, failures: 1 });
    const cut = await keeping.daily(THURSDAY, '2026-03-05T18:30:00Z' as Instant);
    expect(cut.observedAt).toBe('2026-03-05T17:00:00Z');
    expect(cut.coverage).toMatchObject({ status: 'captured', captures: 18, failures: 1 });
  });

  it('knows nothing before it began, and says so', async () => {
    const answer = await keeping.daily(TUESDAY, addSeconds(FIRST, -1));
    expect(answer).toMatchObject({ observedAt: null, papers: [], coverage: { status: 'missing', captures: 0 } });
  });

  it('makes the visits that the schedule has due, and makes good a day that failed while it is no longer looked at hourly', async () => {
    const { days } = await getCoverage(context, 'daily', { from: TUESDAY, to: THURSDAY });
    expect(days.map(({ expected, captures, failures }) => [expected, captures, failures])).toEqual([
      [24 + 8 + 1, 24 + 8 + 1 - 1, 1],
      // Its visit of Thursday 18:00 failed and was made again at 19:00.
      [24 + 8, 24 + 8, 1],
      [24, 24 - 1, 1],
    ]);
  });

  it('tells how a paper rose: its place and its votes whenever it was seen', async () => {
    const [top] = (await keeping.daily(WEDNESDAY, LAST)).papers;
    const history = await getHistory(context, top?.id as string, { list: 'daily', from: null, to: null });
    const seen = history?.observations ?? [];
    expect(seen.length).toBeGreaterThan(12);
    for (const { at, day, rank, upvotes } of seen)
      expect(told(day as Day, at as Instant)[rank - 1]).toEqual([top?.id, upvotes]);
    expect(top).toMatchObject({
      upvotes: seen.at(-1)?.upvotes,
      gain: (seen.at(-1)?.upvotes ?? 0) - (seen[0]?.upvotes ?? 0),
    });
  });

  it('finds nothing wrong with itself', async () => {
    const report = await verifyArchive(keeping.workspace.reread, {});
    expect(report.findings).toEqual([]);
    // hourly today and trending, the first run's 14 days and the search, yesterday every 3 hours, older days daily
    expect(report.snapshots).toBeGreaterThan(200);
  });

  it('is made again from the archive alone, to the last item, in whatever order', async () => {
    const keys: string[] = [];
    for await (const { key } of keeping.workspace.archive.list('raw/')) keys.push(key);
    const table = await openTable('sqlite::memory:');
    expect(await recordSnapshotKeys({ ...keeping.workspace.reread, table }, keys.reverse())).toEqual([]);
    expect(await everythingIn(table)).toEqual(await everythingIn(keeping.workspace.table));
    await table.close();
  });
});
