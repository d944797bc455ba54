import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ListDay } from '../../shared/model/list.ts';
import { getCapture } from '../../shared/query/captures.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { aFolder, run, spawned } from '../cli/run.ts';
import { day, instant } from '../support/build.ts';
import { type Fault, type FaultyFeed, startFaultyFeed } from '../support/feed.ts';
import { type CollectedArchive, openCollectedArchive } from './collected-archive.ts';

const DAY = day('2026-03-04');
const TODAY: ListDay[] = [{ list: 'daily', day: DAY }];
const at = (hour: number) => instant(`2026-03-04T${hour}:00:00Z`);

describe('collecting from a feed that fails', () => {
  let feed: FaultyFeed;
  beforeAll(async () => {
    feed = await startFaultyFeed(at(18));
  });
  afterAll(() => feed.stop());

  const findCapture = ({ workspace: { table, catalog } }: CollectedArchive, time: ReturnType<typeof at>) =>
    getCapture({ table, catalog, clock: () => at(23), sample: false }, { list: 'daily', day: DAY }, time);

  it.each<[fault: Fault, every: number, result: string, outcome: string]>([
    ['429', 1, 'retry', 'refused'],
    ['500', 1, 'retry', 'server-error'],
    ['503', 1, 'retry', 'server-error'],
    ['reset', 1, 'retry', 'cut'],
    ['cut', 1, 'retry', 'cut'],
    ['challenge', 1, 'retry', 'challenge'],
    ['empty', 1, 'retry', 'no-body'],
    ['404', 1, 'unreadable', 'not-found'],
    ['html', 1, 'unreadable', 'other-shape'],
    // Only the API fails, and the page of the day has the right list.
    ['retype', 1, 'done', 'list'],
    ['zero', 1, 'done', 'list'],
    ['html', 2, 'done', 'list'],
  ])(
    'a visit that fails by %s (every %ith request) is kept, changes no list that is shown, and the next visit is as usual',
    async (fault, every, result, outcome) => {
      const collected = await openCollectedArchive(feed.origin, at(23));
      onTestFinished(collected.end);
      feed.setFault(null);
      feed.setBudget({ api: 500, pages: 100 });
      expect((await collected.collect(at(18), TODAY)).visits).toMatchObject([{ result: 'done' }]);
      const before = await collected.daily(DAY, null);
      expect(before.papers.length).toBeGreaterThan(10);

      feed.setFault(fault, every);
      // The first request of two succeeds: use it up.
      if (every === 2) await fetch(`${feed.origin}/papers/trending`);
      expect((await collected.collect(at(19), TODAY)).visits).toMatchObject([{ result }]);
      expect(await findCapture(collected, at(19))).toMatchObject({ outcome, via: result === 'done' ? 'page' : null });
      const during = await collected.daily(DAY, null);
      expect(during.observedAt).toBe(result === 'done' ? at(19) : at(18));
      expect(during.papers.map(({ id, rank, upvotes }) => [id, rank, upvotes])).toEqual(
        before.papers.map(({ id, rank, upvotes }) => [id, rank, upvotes]),
      );

      feed.setFault(null);
      expect((await collected.collect(at(20), TODAY)).visits).toMatchObject([{ result: 'done' }]);
      const after = await collected.daily(DAY, null);
      expect(after).toMatchObject({ observedAt: at(20), coverage: { status: 'captured', complete: true } });
      expect(after.coverage.failures).toBe(result === 'done' ? 0 : 1);
    },
  );

  it.each<[fault: Fault, outcome: string, requests: number]>([
    ['429', 'refused', 3],
    ['cut', 'cut', 1],
  ])('the command exits with 3 after a visit that fails by %s, and has kept it', async (fault, outcome, requests) => {
    const env = { PAPERKEEP_ORIGIN: feed.origin, PAPERKEEP_DATA: aFolder() };
    const before = feed.served.length;
    feed.setFault(fault);
    const ran = await spawned(['collect', 'daily', '--at', at(19), '--json', '--quiet'], env);
    feed.setFault(null);
    expect(ran).toMatchObject({ exit: 3, err: '' });
    expect(JSON.parse(ran.out)).toMatchObject({
      visits: [{ list: 'daily', day: DAY, outcome, result: 'retry' }],
      left: [],
    });
    expect(feed.served.length - before).toBe(requests);
    expect(await spawned(['verify'], env)).toMatchObject({ exit: 0, out: '' });
  });
});

it('a day with more papers than a page of the API has is stored whole', async () => {
  // The sample feed's day with two pages.
  const now = instant('2026-02-24T23:00:00Z');
  const feed = await startFaultyFeed(now);
  onTestFinished(feed.stop);
  const env = { PAPERKEEP_ORIGIN: feed.origin, PAPERKEEP_DATA: aFolder() };
  expect(await run(['collect', 'daily', '--at', now, '--json'], env)).toMatchObject({ exit: 0 });
  const { papers, coverage } = JSON.parse((await run(['show', 'daily', '2026-02-24', '--json'], env)).out);
  const ids = [0, 1].flatMap((page): string[] => {
    const path = `/api/daily_papers?date=2026-02-24&limit=100&p=${page}`;
    const entries = JSON.parse(createSampleFeed(now).answer(new URL(path, feed.origin)).body);
    return entries.map(({ paper }: { paper: { id: string } }) => paper.id);
  });
  expect(ids.length).toBeGreaterThan(100);
  expect(papers.map(({ id }: { id: string }) => id)).toEqual(ids);
  expect(coverage).toMatchObject({ status: 'captured', complete: true, pages: 2, listed: ids.length });
});
