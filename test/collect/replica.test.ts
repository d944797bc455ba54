import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFeedClient } from '../../shared/collect/client.ts';
import { silentLog } from '../../shared/lib/log.ts';
import type { Exchange } from '../../shared/model/capture.ts';
import { type Replica, startReplica } from '../support/replica.ts';
import { manualTime } from './time.ts';

const DAY = '/api/daily_papers?date=2025-01-08&limit=100&p=0';

describe.skipIf(!process.env.PAPERKEEP_CORPUS)('the feed as it was captured', () => {
  let replica: Replica;
  beforeAll(async () => {
    replica = await startReplica({ now: '2025-01-08T23:00:00Z' });
  });
  afterAll(() => replica.stop());
  beforeEach(async () => {
    await replica.fault(null);
    await replica.budget({ api: 500, pages: 100 });
  });

  const client = () => {
    const time = manualTime();
    const ask = createFeedClient({
      origin: replica.origin,
      minGapMs: 0,
      userAgent: 'paperkeep-test/1 (+https://example.org)',
      clock: time.clock,
      pause: time.pause,
      log: silentLog,
      random: () => 0.5,
    });
    return { ask: (path: string) => ask(path, time.deadline(3_600_000)), time };
  };
  const entries = (exchange: Exchange | undefined): number =>
    JSON.parse(new TextDecoder().decode(exchange?.body)).length;

  it('answers with a day, its trending page and its rate limits', async () => {
    const { ask } = client();
    expect(entries((await ask(DAY)).exchanges.at(-1))).toBeGreaterThan(10);
    const [page] = (await ask('/papers/trending')).exchanges;
    expect(page?.headers.find(([name]) => name === 'ratelimit')?.[1]).toMatch(/^"pages";r=99;t=\d+$/);
    expect((await replica.log()).at(-1)).toMatchObject({ agent: 'paperkeep-test/1 (+https://example.org)' });
  });

  it.each([
    ['429:1', [429, 429, 429], [1000, 1000]],
    ['500:1', [500, 500, 500], [500, 1000]],
    ['503:1', [503, 503, 503], [500, 1000]],
    ['404:1', [404], []],
    ['challenge:1', [202], []],
    ['empty:1', [200], []],
    ['html:1', [200], []],
    ['cut:1', [200], []],
    ['reset:1', [200, 200], [500]],
  ])('failing by %s is asked as often as that is worth', async (fault, statuses, waits) => {
    const { ask, time } = client();
    await replica.fault(fault);
    const { exchanges, failure } = await ask(DAY);
    expect(exchanges.map(({ status }) => status)).toEqual(statuses);
    expect(exchanges.map(({ cut }) => cut)).toEqual(statuses.map(() => fault === 'reset:1'));
    expect(failure).toBeNull();
    expect(time.waits).toEqual(waits);
  });

  it.each(['429:2', '503:2', 'reset:2'])('failing every second time (%s) still brings the list', async (fault) => {
    const { ask } = client();
    await replica.fault(fault);
    await ask(DAY);
    const { exchanges } = await ask(DAY);
    expect(exchanges).toHaveLength(2);
    expect(entries(exchanges.at(-1))).toBeGreaterThan(10);
  });

  it('is left alone once its budget is used up', async () => {
    const { ask, time } = client();
    await replica.budget({ api: 1 });
    await ask(DAY);
    expect(time.waits).toEqual([]);
    await ask('/papers/trending');
    expect(time.waits).toEqual([]);
    await ask(DAY);
    // A window is five minutes; how much of it is left is the replica's to say.
    expect(time.waits[0]).toBeGreaterThan(200_000);
  });
});
