import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import type { FeedResult } from '../../shared/collect/client.ts';
import { type CollectDeps, collectLists } from '../../shared/collect/run.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { silentLog } from '../../shared/lib/log.ts';
import { deadlineAfter, type Instant } from '../../shared/lib/time.ts';
import { configuredLists } from '../../shared/lists.ts';
import type { Exchange } from '../../shared/model/capture.ts';
import type { ListDay } from '../../shared/model/list.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { createSampleFeed } from '../../shared/sample/feed.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
const DAILY = { list: 'daily', day: '2026-03-03' } as ListDay;
const BEFORE = { list: 'daily', day: '2026-03-02' } as ListDay;
const TRENDING = { list: 'trending', day: '2026-03-03' } as ListDay;

const made = createSampleFeed(NOON);
const exchange = (path: string, change: Partial<Exchange> = {}): Exchange => {
  const { status, headers, body } = made.answer(new URL(path, 'http://feed'));
  const bytes = new TextEncoder().encode(body);
  return {
    url: `http://feed${path}`,
    at: NOON,
    status,
    headers: Object.entries(headers),
    sent: [],
    body: bytes,
    cut: false,
    ...change,
  };
};
const whole = (path: string): FeedResult => ({ exchanges: [exchange(path)], failure: null });
const failing =
  (change: Partial<Exchange>) =>
  (path: string): FeedResult => ({ exchanges: [exchange(path, change)], failure: null });
const WHY = 'no answer: connect ECONNREFUSED';
const silent = (path: string): FeedResult => {
  const nothing = { status: null, headers: [], body: new Uint8Array(), unanswered: WHY };
  return { exchanges: [exchange(path, nothing)], failure: WHY };
};

/** Collecting from a feed that answers each path by a function, and what was done with the lease. */
function collecting(answer: (path: string) => FeedResult, change: Partial<CollectDeps> = {}) {
  const archive = createMemoryArchive();
  const lease: string[] = [];
  const deps: CollectDeps = {
    feed: { get: async (path) => answer(path) },
    archive,
    readCalendar: async () => [],
    parsers,
    lists: configuredLists([]),
    since: null,
    clock: () => NOON,
    log: silentLog,
    takeLease: async () => {
      lease.push('taken');
      return {
        waited: false,
        renew: async () => void lease.push('renewed'),
        release: async () => void lease.push('released'),
      };
    },
    onStored: async () => {},
    ...change,
  };
  return {
    archive,
    lease,
    run: (listDays: readonly ListDay[] | null = [DAILY, BEFORE, TRENDING], ms = 600_000) =>
      collectLists(deps, listDays, deadlineAfter(ms)),
  };
}

describe('a collecting run', () => {
  it('archives the responses of the feed and reports their outcomes', async () => {
    const { run, archive } = collecting(whole);
    const { visits, left } = await run();
    expect(left).toEqual([]);
    expect(visits.map(({ list, day, outcome, complete }) => [list, day, outcome, complete])).toEqual([
      ['daily', '2026-03-03', 'list', true],
      ['daily', '2026-03-02', 'list', true],
      ['trending', '2026-03-03', 'list', null],
    ]);
    for (const { key, at } of visits) {
      const { capture } = await readSnapshot(archive, key as string);
      expect(capture).toMatchObject({ at, imported: false });
      expect(capture.exchanges[0]?.body).toEqual(
        exchange(
          new URL(capture.exchanges[0]?.url as string).pathname + new URL(capture.exchanges[0]?.url as string).search,
        ).body,
      );
    }
  });

  it.each<[string, Partial<Exchange>, string, string]>([
    ['a 429', { status: 429 }, 'refused', 'retry'],
    ['a challenge', { status: 202 }, 'challenge', 'retry'],
  ])('ends after %s, and archives it', async (_, change, outcome, result) => {
    const { run, archive } = collecting(failing(change));
    expect(await run()).toMatchObject({ visits: [{ outcome, result, papers: 0 }], left: [BEFORE, TRENDING] });
    expect(archive.files.size).toBe(1);
  });

  it.each<[string, Partial<Exchange>, string, string]>([
    ['a 503', { status: 503 }, 'server-error', 'retry'],
    ['a cut body', { cut: true }, 'cut', 'retry'],
    ['an empty body', { body: new Uint8Array() }, 'no-body', 'retry'],
    ['a 404', { status: 404 }, 'not-found', 'unreadable'],
    ['another shape', { body: new TextEncoder().encode('{"error":"x"}') }, 'other-shape', 'unreadable'],
  ])('continues with the next list day after %s, and archives it', async (_, change, outcome, result) => {
    const { run, archive } = collecting((path) => (path.includes('2026-03-03') ? failing(change)(path) : whole(path)));
    const report = await run();
    expect(report.left).toEqual([]);
    expect(report.visits[0]).toMatchObject({ result });
    expect(report.visits.map((visit) => visit.outcome)).toEqual([outcome, 'list', 'list']);
    expect(archive.files.size).toBe(3);
  });

  it('ends when nothing answered, and archives the request and why it failed', async () => {
    const { run, archive } = collecting(silent);
    const report = await run();
    expect(report).toMatchObject({
      visits: [{ outcome: 'unreachable', why: WHY, papers: 0, result: 'retry' }],
      left: [BEFORE, TRENDING],
    });
    expect(archive.files.size).toBe(1);
    const { capture } = await readSnapshot(archive, report.visits[0]?.key as string);
    expect(capture.exchanges).toMatchObject([{ status: null, sent: [], unanswered: WHY }]);
  });

  it('archives nothing of a list day that there was no time to request', async () => {
    const why = 'no time: 300000 ms to wait, 60000 ms left';
    const { run, archive } = collecting(() => ({ exchanges: [], failure: why }));
    expect(await run()).toMatchObject({ visits: [{ outcome: null, key: null, why, result: 'retry' }] });
    expect(archive.files.size).toBe(0);
  });

  it('reports a list without its last page as worth retrying', async () => {
    const { run } = collecting((path) => ({ ...whole(path), failure: path.includes('p=0') ? 'no time' : null }));
    expect((await run([DAILY])).visits).toMatchObject([{ result: 'retry' }]);
  });

  it('begins no visit that there is no time for, and reports what is left', async () => {
    const { run, archive } = collecting(whole);
    expect(await run([DAILY, TRENDING], 1000)).toEqual({ visits: [], left: [DAILY, TRENDING] });
    expect(archive.files.size).toBe(0);
  });

  it('holds the lease from the first visit to the last, whatever happens', async () => {
    const good = collecting(whole);
    await good.run([DAILY, TRENDING]);
    expect(good.lease).toEqual(['taken', 'renewed', 'renewed', 'released']);
    const full = async () => {
      throw new PaperkeepError({ code: 'DISK_FULL', message: 'no space', hint: 'free some' });
    };
    const bad = collecting(whole, { onStored: full });
    await expect(bad.run()).rejects.toThrow('no space');
    expect(bad.lease).toEqual(['taken', 'renewed', 'released']);
  });

  it('needs no lease when nothing is due', async () => {
    const { run, lease } = collecting(whole, { lists: [] });
    expect(await run(null)).toEqual({ visits: [], left: [] });
    expect(lease).toEqual([]);
  });

  it('records a capture before the next visit', async () => {
    const order: string[] = [];
    const { run } = collecting(
      (path) => {
        order.push(path.startsWith('/api') ? 'daily asked' : 'trending asked');
        return whole(path);
      },
      { onStored: async ({ capture }) => void order.push(`${capture.list} stored`) },
    );
    await run([DAILY, TRENDING]);
    expect(order).toEqual(['daily asked', 'daily stored', 'trending asked', 'trending stored']);
  });
});
