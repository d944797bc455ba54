import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSeconds, type Day, dayOf, type Instant } from '../../shared/lib/time.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { getCoverage } from '../../shared/query/coverage.ts';
import { getHistory } from '../../shared/query/history.ts';
import { recordSnapshotsByKey } from '../../shared/record/reconcile.ts';
import { verifyArchive } from '../../shared/record/verify.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { type SampleServer, serveSample } from '../../shared/sample/server.ts';
import { openTable } from '../../shared/table/open.ts';
import { type CollectedArchive, everythingIn, openCollectedArchive } from './collected-archive.ts';

/**
 * The whole pipeline in one place. The sample feed runs on this machine; its clock moves hour by hour through three days, and every hour
 * what is due is collected, archived, parsed and recorded. Then the answers of the archive are compared with what the feed showed at the
 * time, and at last the table is made again from the archive alone.
 */

// In the sample feed's calendar the first of these days has an hour of failing (06:00), the third one of answers cut short (18:00).
const [TUESDAY, WEDNESDAY, THURSDAY] = ['2026-03-03', '2026-03-04', '2026-03-05'] as [Day, Day, Day];
const FIRST = '2026-03-03T00:00:00Z' as Instant;
const LAST = '2026-03-05T23:00:00Z' as Instant;
const HOURS = Array.from({ length: 72 }, (_, hour) => addSeconds(FIRST, hour * 3600));

/** What the feed itself shows of a day at a time: ids and upvotes in its order. */
function feedList(day: Day, at: Instant): [id: string, upvotes: number][] {
  const { body } = createSampleFeed(at).answer(new URL(`http://feed/api/daily_papers?date=${day}&limit=100`));
  const entries = JSON.parse(body) as { paper: { id: string; upvotes: number } }[];
  return entries.map(({ paper }) => [paper.id, paper.upvotes]);
}

describe('an archive of three days, collected every hour', () => {
  let feed: SampleServer;
  let collected: CollectedArchive;
  let context: QueryContext;

  beforeAll(async () => {
    feed = await serveSample();
    collected = await openCollectedArchive(feed.origin, LAST, 'agents=agents');
    const { table, catalog } = collected.workspace;
    context = { table, catalog, clock: () => LAST, sample: false };
    for (const hour of HOURS) {
      feed.setNow(hour);
      await collected.collect(hour);
    }
  });
  afterAll(async () => {
    await collected.end();
    await feed.stop();
  });

  const shown = async (day: Day, at: Instant) =>
    (await collected.daily(day, at)).papers.map(({ id, upvotes }) => [id, upvotes]);

  it.each([
    '2026-03-03T05:00:00Z',
    '2026-03-03T14:00:00Z',
    '2026-03-04T09:30:00Z',
    '2026-03-05T17:59:59Z',
  ] as Instant[])('shows the list of that day as the feed showed it at %s', async (at) => {
    const day = dayOf(at);
    const hour = `${at.slice(0, 13)}:00:00Z` as Instant;
    const answer = await collected.daily(day, at);
    expect(answer.observedAt).toBe(hour);
    expect(answer.coverage).toMatchObject({ status: 'captured', complete: true, last: hour });
    expect(await shown(day, at)).toEqual(feedList(day, hour));
    expect(answer.papers.map(({ rank }) => rank)).toEqual(answer.papers.map((_, place) => place + 1));
  });

  it('captures a day that is over every three hours', async () => {
    const { observedAt } = await collected.daily(TUESDAY, '2026-03-04T08:00:00Z' as Instant);
    expect(observedAt).toBe('2026-03-04T06:00:00Z');
    expect(await shown(TUESDAY, '2026-03-04T08:00:00Z' as Instant)).toEqual(feedList(TUESDAY, observedAt as Instant));
  });

  it('shows the capture before while the feed fails or its responses are cut, and counts those visits', async () => {
    const failing = await collected.daily(TUESDAY, '2026-03-03T06:30:00Z' as Instant);
    expect(failing.observedAt).toBe('2026-03-03T05:00:00Z');
    expect(failing.coverage).toMatchObject({ status: 'captured', captures: 6, failures: 1 });
    const cut = await collected.daily(THURSDAY, '2026-03-05T18:30:00Z' as Instant);
    expect(cut.observedAt).toBe('2026-03-05T17:00:00Z');
    expect(cut.coverage).toMatchObject({ status: 'captured', captures: 18, failures: 1 });
  });

  it('has no list before its first capture, and says that it is missing', async () => {
    const answer = await collected.daily(TUESDAY, addSeconds(FIRST, -1));
    expect(answer).toMatchObject({ observedAt: null, papers: [], coverage: { status: 'missing', captures: 0 } });
  });

  it('makes the visits that are due, and repeats a failed visit of a day that is no longer visited every hour', async () => {
    const { days } = await getCoverage(context, 'daily', { from: TUESDAY, to: THURSDAY });
    expect(days.map(({ expected, captures, failures }) => [expected, captures, failures])).toEqual([
      [24 + 8 + 1, 24 + 8 + 1 - 1, 1],
      // Its visit of Thursday 18:00 failed and was made again at 19:00.
      [24 + 8, 24 + 8, 1],
      [24, 24 - 1, 1],
    ]);
  });

  it('has the rank and the upvotes of a paper whenever it was seen', async () => {
    const [top] = (await collected.daily(WEDNESDAY, LAST)).papers;
    const history = await getHistory(context, top?.id as string, { list: 'daily', from: null, to: null });
    const seen = history?.observations ?? [];
    expect(seen.length).toBeGreaterThan(12);
    for (const { at, day, rank, upvotes } of seen)
      expect(feedList(day as Day, at as Instant)[rank - 1]).toEqual([top?.id, upvotes]);
    expect(top).toMatchObject({
      upvotes: seen.at(-1)?.upvotes,
      gain: (seen.at(-1)?.upvotes ?? 0) - (seen[0]?.upvotes ?? 0),
    });
  });

  it('verifies without a finding', async () => {
    const report = await verifyArchive(collected.workspace.reread, {});
    expect(report.findings).toEqual([]);
    // hourly today and trending, the first run's 14 days and the search, yesterday every 3 hours, older days daily
    expect(report.snapshots).toBeGreaterThan(200);
  });

  it('gives the same table, item by item, when it is recorded again in another order', async () => {
    const keys: string[] = [];
    for await (const { key } of collected.workspace.archive.list('raw/')) keys.push(key);
    const table = await openTable('sqlite::memory:');
    expect(await recordSnapshotsByKey({ ...collected.workspace.reread, table }, keys.reverse())).toEqual([]);
    expect(await everythingIn(table)).toEqual(await everythingIn(collected.workspace.table));
    await table.close();
  });
});
