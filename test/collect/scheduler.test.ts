import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunningSample, runScheduler, type SchedulerDeps } from '../../shared/collect/scheduler.ts';
import { type Instant, sleep } from '../../shared/lib/time.ts';
import type { ListDay } from '../../shared/model/list.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { serveSample } from '../../shared/sample/server.ts';
import { hasUsableCapture } from '../../shared/table/calendar.ts';
import { openCollectedArchive } from '../integration/collected-archive.ts';
import { startLoopback } from '../support/loopback.ts';

const NOON = '2026-03-04T12:20:00Z' as Instant;
const MINUTE = 60_000;

/** A schedule that stops at every wait until a test continues it, and what it did. */
function standing(change: Partial<SchedulerDeps>) {
  const waits: { ms: number; go: () => void }[] = [];
  const did: string[] = [];
  const said: string[] = [];
  const stop = new AbortController();
  const sample: RunningSample = {
    show: () => void did.push('sample shown'),
    advance: async () => void did.push('sample advanced'),
    close: async () => void did.push('sample closed'),
  };
  const deps: SchedulerDeps = {
    collectDue: async () => void did.push('collected'),
    hasUsableCapture: async () => false,
    openSample: async () => {
      did.push('sample opened');
      return sample;
    },
    showArchive: () => void did.push('archive shown'),
    wait: (ms) => new Promise<void>((go) => waits.push({ ms, go })),
    clock: () => NOON,
    log: { info: (event) => void said.push(event), warn: (event) => void said.push(event) },
    origin: 'http://feed',
    ...change,
  };
  const ended = runScheduler(deps, stop.signal);
  return {
    did,
    said,
    ended,
    /** Until it waits for the next run; tells how long it would. */
    async untilItWaits(): Promise<number> {
      while (!waits.some(({ ms }) => ms > MINUTE)) await sleep(1);
      return waits.find(({ ms }) => ms > MINUTE)?.ms as number;
    },
    /** Until it has had enough of waiting for the first run. */
    losePatience: () => waits.find(({ ms }) => ms < MINUTE)?.go(),
    goOn() {
      const due = waits.splice(0);
      for (const { go } of due) go();
    },
    async stop() {
      stop.abort();
      for (const { go } of waits) go();
      await ended;
    },
  };
}

describe('the schedule of a server', () => {
  it('shows the sample while the feed cannot be reached, tries again, and switches once it answers', async () => {
    let up = false;
    const made = createSampleFeed(NOON);
    const feed = await startLoopback(({ path }) =>
      up ? made.answer(new URL(path, 'http://feed')) : { manner: 'lost' },
    );
    onTestFinished(feed.stop);
    const collected = await openCollectedArchive(feed.origin, NOON);
    onTestFinished(collected.end);
    const today: ListDay[] = [{ list: 'daily', day: '2026-03-04' as ListDay['day'] }];
    const schedule = standing({
      collectDue: async () => void (await collected.collect(NOON, today)),
      hasUsableCapture: () => hasUsableCapture(collected.workspace.table),
    });
    expect(await schedule.untilItWaits()).toBe(10 * MINUTE);
    expect(schedule.did).toEqual(['sample opened', 'sample shown', 'sample advanced']);
    expect(schedule.said).toEqual([
      expect.stringMatching(/^no list could be captured from http:\/\/feed .*sample of invented papers/),
    ]);

    up = true;
    schedule.goOn();
    // 12:20, so the next run is at 13:02
    expect(await schedule.untilItWaits()).toBe(42 * MINUTE);
    expect(schedule.did.slice(3)).toEqual(['archive shown', 'sample closed']);
    expect(schedule.said.at(-1)).toMatch(/^http:\/\/feed answers now/);
    expect((await collected.daily('2026-03-04' as ListDay['day'], null)).papers.length).toBeGreaterThan(5);
    await schedule.stop();
  });

  it('shows the sample while the feed takes long to answer', async () => {
    let answered = false;
    let answer = () => {};
    const schedule = standing({
      collectDue: () =>
        new Promise((done) => {
          answer = () => {
            answered = true;
            done();
          };
        }),
      hasUsableCapture: async () => answered,
    });
    schedule.losePatience();
    while (schedule.did.length < 2) await sleep(1);
    expect(schedule.did).toEqual(['sample opened', 'sample shown']);
    answer();
    expect(await schedule.untilItWaits()).toBe(42 * MINUTE);
    expect(schedule.did.slice(2)).toEqual(['archive shown', 'sample closed']);
    await schedule.stop();
  });

  it('shows the sample at once when a request gets no response', async () => {
    let fail = () => {};
    const schedule = standing({
      collectDue: (onUnanswered) =>
        new Promise((done) => {
          onUnanswered();
          fail = done;
        }),
    });
    while (schedule.did.length < 2) await sleep(1);
    expect(schedule.did).toEqual(['sample opened', 'sample shown']);
    fail();
    await schedule.untilItWaits();
    await schedule.stop();
  });

  it('does not show the sample when the feed answered while it was being opened', async () => {
    let answered = false;
    let answer = () => {};
    const schedule = standing({
      collectDue: () => new Promise((done) => (answer = done)),
      hasUsableCapture: async () => answered,
      openSample: async () => {
        answered = true;
        return {
          show: () => void schedule.did.push('sample shown'),
          advance: async () => {},
          close: async () => void schedule.did.push('sample closed'),
        };
      },
    });
    schedule.losePatience();
    while (schedule.did.length < 1) await sleep(1);
    answer();
    expect(await schedule.untilItWaits()).toBe(42 * MINUTE);
    expect(schedule.did).not.toContain('sample shown');
    expect(schedule.did).toContain('sample closed');
    await schedule.stop();
  });

  it('never shows the sample when the archive has a usable capture, however old', async () => {
    const feed = await serveSample();
    onTestFinished(feed.stop);
    const old = '2026-01-06T12:00:00Z' as Instant;
    feed.setNow(old);
    const collected = await openCollectedArchive(feed.origin, old);
    onTestFinished(collected.end);
    expect(await hasUsableCapture(collected.workspace.table)).toBe(false);
    await collected.collect(old, [{ list: 'daily', day: '2026-01-06' as ListDay['day'] }]);
    expect(await hasUsableCapture(collected.workspace.table)).toBe(true);
    const schedule = standing({ hasUsableCapture: () => hasUsableCapture(collected.workspace.table) });
    expect(await schedule.untilItWaits()).toBe(42 * MINUTE);
    expect(schedule.did).toEqual(['collected']);
    await schedule.stop();
  });

  it('continues without a sample that cannot be opened, and tries again', async () => {
    let full = true;
    const schedule = standing({
      openSample: async () => {
        if (full) throw new Error('no space');
        const show = () => void schedule.did.push('sample shown');
        return { show, advance: async () => {}, close: async () => {} };
      },
    });
    expect(await schedule.untilItWaits()).toBe(42 * MINUTE);
    expect(schedule.did).toEqual(['collected']);
    full = false;
    schedule.goOn();
    expect(await schedule.untilItWaits()).toBe(10 * MINUTE);
    expect(schedule.did).toEqual(['collected', 'collected', 'sample shown']);
    await schedule.stop();
  });

  it('opens no sample when it is stopped while it collects for the first time', async () => {
    let answer = () => {};
    const schedule = standing({ collectDue: () => new Promise((done) => (answer = done)) });
    const stopped = schedule.stop();
    answer();
    await stopped;
    expect(schedule.did).toEqual([]);
  });

  it('closes the sample when it is stopped while it waits', async () => {
    const schedule = standing({});
    await schedule.untilItWaits();
    await schedule.stop();
    expect(schedule.did.at(-1)).toBe('sample closed');
  });
});
