import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileStore } from '../../shared/archive/files.ts';
import { eachDay } from '../../shared/lib/time.ts';
import { parseSnapshotKey } from '../../shared/model/list.ts';
import { createRandom } from '../../shared/sample/random.ts';
import { aFolder, type Env, run, spawned, start } from '../cli/run.ts';
import { day, instant } from '../support/build.ts';
import { type FaultyFeed, startFaultyFeed } from '../support/feed.ts';

// The sample feed has lists of six weeks. Its day with two pages is the first of them, which is left out: here a day is a request.
const NOW = instant('2026-04-06T00:00:00Z');
const [FROM, TO] = [day('2026-02-25'), day('2026-03-31')];
const DAYS = eachDay(FROM, TO);
const BACKFILL = ['backfill', 'daily', '--from', FROM, '--to', TO, '--at', NOW];

describe('a backfill of five weeks', () => {
  let feed: FaultyFeed;
  let env: Env & { PAPERKEEP_DATA: string };

  beforeAll(async () => {
    feed = await startFaultyFeed(NOW);
  });
  afterAll(() => feed.stop());
  beforeEach(() => {
    feed.setFault(null);
    feed.setBudget({ api: 100_000, pages: 100_000 });
    env = { PAPERKEEP_ORIGIN: feed.origin, PAPERKEEP_DATA: aFolder() };
  });

  /** The days that were requested after the first `count` requests, in order. */
  const requestedAfter = (count: number): string[] =>
    feed.served.slice(count).map(({ path }) => new URL(path, feed.origin).searchParams.get('date') ?? path);

  async function archivedDays(): Promise<Set<string>> {
    const days = new Set<string>();
    for await (const { key } of createFileStore(`${env.PAPERKEEP_DATA}/archive`).list('raw/'))
      days.add(parseSnapshotKey(key)?.day ?? key);
    return days;
  }

  const missingDays = async (): Promise<string[]> =>
    JSON.parse((await run([...BACKFILL, '--dry-run', '--json'], env)).out).days;

  /** Every day is archived, the table agrees, and a further backfill requests nothing. */
  async function expectWhole() {
    expect([...(await archivedDays())].sort()).toEqual(DAYS);
    expect(await run(['verify'], env)).toMatchObject({ exit: 0, out: '' });
    const served = feed.served.length;
    expect(await run(BACKFILL, env)).toMatchObject({
      exit: 0,
      out: '0 days captured, 0 failed, 0 left\n',
    });
    expect(requestedAfter(served)).toEqual([]);
  }

  it('shows its plan first, requests each day once, newest first, and captures days without papers too', async () => {
    const served = feed.served.length;
    const { exit, err } = await spawned(BACKFILL, env);
    expect(exit).toBe(0);
    expect(err.split('\n')[0]).toContain('35 of 35 days not captured yet; takes at least 35 requests');
    expect(requestedAfter(served)).toEqual(DAYS.toReversed());
    const { summary } = JSON.parse((await run(['show', 'coverage', '--from', FROM, '--to', TO, '--json'], env)).out);
    // Ten of the days are those of weekends.
    expect(summary).toMatchObject({ captured: 25, empty: 10 });
    await expectWhole();
  });

  it('requests only what is not archived when it is run again after a kill at any moment', async () => {
    const random = createRandom('backfill');
    let kills = 0;
    for (let time = 0; time < 5; time += 1) {
      const archived = await archivedDays();
      const served = feed.served.length;
      const { child, ended } = start(BACKFILL, env);
      await Promise.race([ended, feed.untilServed(served + 1 + Math.floor(random() * 7))]);
      child.kill('SIGKILL');
      if ((await ended).exit === null) kills += 1;
      expect(requestedAfter(served).filter((requested) => archived.has(requested))).toEqual([]);
    }
    expect(kills).toBeGreaterThan(2);
    const archived = await archivedDays();
    const served = feed.served.length;
    expect(await spawned(BACKFILL, env)).toMatchObject({ exit: 0 });
    expect(requestedAfter(served)).toEqual(DAYS.filter((on) => !archived.has(on)).reverse());
    await expectWhole();
  });

  it('stops when the feed refuses, keeps what it has, says how to continue, and then continues to the end', async () => {
    const served = feed.served.length;
    const { ended } = start(BACKFILL, env);
    await feed.untilServed(served + 8);
    feed.setFault('429');
    const refused = await ended;
    expect(refused.exit).toBe(3);
    expect(refused.out).toContain('The feed refuses more requests for now. Everything captured so far is kept.');
    const missing = await missingDays();
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(DAYS.length - 6);
    // The day that was refused three times is the last that was requested.
    expect(requestedAfter(served).slice(-3)).toEqual([missing[0], missing[0], missing[0]]);
    expect(await run(['verify'], env)).toMatchObject({ exit: 0, out: '' });

    feed.setFault(null);
    const before = feed.served.length;
    expect(await spawned(BACKFILL, env)).toMatchObject({ exit: 0 });
    expect(requestedAfter(before)).toEqual(missing);
    await expectWhole();
  });

  it('waits for the next window when the rate limit is used up, and never gets a 429', async () => {
    const served = feed.served.length;
    const twelveDays = ['backfill', 'daily', '--from', FROM, '--to', DAYS[11] as string, '--at', NOW];
    // Run in this process: one of its own might begin when the window has ended, and the next one is five minutes long.
    feed.setBudget({ api: 10, windowMs: 2000 });
    expect(await run(twelveDays, env)).toMatchObject({ exit: 0 });
    expect(feed.served.slice(served).map(({ status }) => status)).toEqual(DAYS.slice(0, 12).map(() => 200));
  });
});
