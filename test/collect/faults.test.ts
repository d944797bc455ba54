import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFeedClient } from '../../shared/collect/client.ts';
import { silentLog } from '../../shared/lib/log.ts';
import type { Exchange } from '../../shared/model/capture.ts';
import { instant } from '../support/build.ts';
import { type Fault, type FaultyFeed, startFaultyFeed } from '../support/feed.ts';
import { manualTime } from './time.ts';

const DAY = '/api/daily_papers?date=2026-03-04&limit=100&p=0';
const AGENT = 'paperkeep-test/1 (+https://example.org)';

describe('the client of a feed that fails', () => {
  let faulty: FaultyFeed;
  beforeAll(async () => {
    faulty = await startFaultyFeed(instant('2026-03-04T23:00:00Z'));
  });
  afterAll(() => faulty.stop());
  beforeEach(() => {
    faulty.setFault(null);
    faulty.setBudget({ api: 500, pages: 100 });
  });

  const client = () => {
    const time = manualTime();
    const feed = createFeedClient({
      origin: faulty.origin,
      minGapMs: 0,
      userAgent: AGENT,
      clock: time.clock,
      pause: time.pause,
      log: silentLog,
      random: () => 0.5,
    });
    return { get: (path: string) => feed.get(path, time.deadline(3_600_000)), time };
  };
  const entries = (exchange: Exchange | undefined): number =>
    JSON.parse(new TextDecoder().decode(exchange?.body)).length;

  it('gets a day, the trending page and their rate limits while nothing fails', async () => {
    const { get } = client();
    expect(entries((await get(DAY)).exchanges.at(-1))).toBeGreaterThan(10);
    const [page] = (await get('/papers/trending')).exchanges;
    expect(page?.headers.find(([name]) => name === 'ratelimit')?.[1]).toMatch(/^"pages";r=99;t=\d+$/);
    expect(faulty.served.at(-1)).toEqual({ path: '/papers/trending', status: 200, agent: AGENT });
  });

  it.each<[Fault, number[], number[]]>([
    ['429', [429, 429, 429], [1000, 1000]],
    ['500', [500, 500, 500], [500, 1000]],
    ['503', [503, 503, 503], [500, 1000]],
    ['404', [404], []],
    ['challenge', [202], []],
    ['empty', [200], []],
    ['html', [200], []],
    ['cut', [200], []],
    ['slow', [200], []],
    ['reset', [200, 200], [500]],
  ])('retries a response that fails by %s only as far as that may help', async (fault, statuses, waits) => {
    const { get, time } = client();
    faulty.setFault(fault);
    const { exchanges, failure } = await get(DAY);
    expect(exchanges.map(({ status }) => status)).toEqual(statuses);
    expect(exchanges.map(({ cut }) => cut)).toEqual(statuses.map(() => fault === 'reset'));
    expect(failure).toBeNull();
    expect(time.waits).toEqual(waits);
  });

  it.each<Fault>(['429', '503', 'reset'])('gets the list when only every second request fails by %s', async (fault) => {
    const { get } = client();
    faulty.setFault(fault, 2);
    await get(DAY);
    const { exchanges } = await get(DAY);
    expect(exchanges).toHaveLength(2);
    expect(entries(exchanges.at(-1))).toBeGreaterThan(10);
  });

  it('waits for the end of the window once the rate limit of a bucket is used up', async () => {
    const { get, time } = client();
    faulty.setBudget({ api: 1 });
    await get(DAY);
    await get('/papers/trending');
    expect(time.waits).toEqual([]);
    await get(DAY);
    // A window is five minutes, of which the test has used a little.
    expect(time.waits[0]).toBeGreaterThan(200_000);
  });
});
