import { describe, expect, it } from 'vitest';
import { type CollectDeps, collect } from '../shared/collect.ts';
import type { Answers } from '../shared/fetch/request.ts';
import { deadlineIn, type Instant } from '../shared/kit/clock.ts';
import { PaperkeepError } from '../shared/kit/errors.ts';
import { silentLog } from '../shared/kit/log.ts';
import type { Exchange } from '../shared/model/capture.ts';
import type { Target } from '../shared/model/target.ts';
import { parsers } from '../shared/parse/parsers.ts';
import { sampleFeed } from '../shared/sample/feed.ts';
import { readSnapshot } from '../shared/snapshot/warc.ts';
import { sourcesOf } from '../shared/sources.ts';
import { memorySnapshots } from './support/snapshots.ts';

const NOON = '2026-03-03T12:00:00Z' as Instant;
const DAILY = { source: 'daily', day: '2026-03-03' } as Target;
const BEFORE = { source: 'daily', day: '2026-03-02' } as Target;
const TRENDING = { source: 'trending', day: '2026-03-03' } as Target;

const made = sampleFeed(NOON);
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
const whole = (path: string): Answers => ({ exchanges: [exchange(path)], trouble: null });
const failing =
  (change: Partial<Exchange>) =>
  (path: string): Answers => ({ exchanges: [exchange(path, change)], trouble: null });
const WHY = 'no answer: connect ECONNREFUSED';
const silent = (path: string): Answers => {
  const nothing = { status: null, headers: [], body: new Uint8Array(), unanswered: WHY };
  return { exchanges: [exchange(path, nothing)], trouble: WHY };
};

/** Collecting from a feed that answers a path as told, and what was done about the lease. */
function collecting(answer: (path: string) => Answers, change: Partial<CollectDeps> = {}) {
  const snapshots = memorySnapshots();
  const lease: string[] = [];
  const deps: CollectDeps = {
    ask: async (path) => answer(path),
    snapshots,
    calendar: { between: async () => [] },
    readers: parsers,
    sources: sourcesOf([]),
    clock: () => NOON,
    log: silentLog,
    takeLease: async () => {
      lease.push('taken');
      return { renew: async () => void lease.push('renewed'), release: async () => void lease.push('released') };
    },
    onStored: async () => {},
    ...change,
  };
  return {
    snapshots,
    lease,
    run: (targets: readonly Target[] | null = [DAILY, BEFORE, TRENDING], ms = 600_000) =>
      collect(deps, targets, deadlineIn(ms)),
  };
}

describe('a collecting run', () => {
  it('archives what the feed said and judges it', async () => {
    const { run, snapshots } = collecting(whole);
    const { visits, left, exit } = await run();
    expect({ left, exit }).toEqual({ left: [], exit: 0 });
    expect(visits.map(({ source, target, outcome, complete }) => [source, target, outcome, complete])).toEqual([
      ['daily', '2026-03-03', 'list', true],
      ['daily', '2026-03-02', 'list', true],
      ['trending', '2026-03-03', 'list', null],
    ]);
    for (const { key, at } of visits) {
      const { capture } = await readSnapshot(snapshots, key as string);
      expect(capture).toMatchObject({ at, imported: false });
      expect(capture.exchanges[0]?.body).toEqual(
        exchange(
          new URL(capture.exchanges[0]?.url as string).pathname + new URL(capture.exchanges[0]?.url as string).search,
        ).body,
      );
    }
  });

  it.each<[string, Partial<Exchange>, string, number]>([
    ['a 429', { status: 429 }, 'refused', 3],
    ['a challenge', { status: 202 }, 'challenge', 3],
  ])('leaves the feed alone after %s, and keeps it as an observation', async (_, change, outcome, exit) => {
    const { run, snapshots } = collecting(failing(change));
    expect(await run()).toMatchObject({ visits: [{ outcome, exit, papers: 0 }], left: [BEFORE, TRENDING], exit: 3 });
    expect(snapshots.files.size).toBe(1);
  });

  it.each<[string, Partial<Exchange>, string, number]>([
    ['a 503', { status: 503 }, 'server-error', 3],
    ['a cut body', { cut: true }, 'cut', 3],
    ['an empty body', { body: new Uint8Array() }, 'no-body', 3],
    ['a 404', { status: 404 }, 'not-found', 4],
    ['another shape', { body: new TextEncoder().encode('{"error":"x"}') }, 'other-shape', 4],
  ])('goes on with the next target after %s, and keeps it', async (_, change, outcome, exit) => {
    const { run, snapshots } = collecting((path) =>
      path.includes('2026-03-03') ? failing(change)(path) : whole(path),
    );
    const report = await run();
    expect(report).toMatchObject({ exit, left: [] });
    expect(report.visits.map((visit) => visit.outcome)).toEqual([outcome, 'list', 'list']);
    expect(snapshots.files.size).toBe(3);
  });

  it('leaves the feed alone where nothing answered, and keeps what it asked and why that failed', async () => {
    const { run, snapshots } = collecting(silent);
    const { visits, left, exit } = await run();
    expect({ visits, left, exit }).toMatchObject({
      visits: [{ outcome: 'unreachable', why: WHY, papers: 0, exit: 3 }],
      left: [BEFORE, TRENDING],
      exit: 3,
    });
    expect(snapshots.files.size).toBe(1);
    const { capture } = await readSnapshot(snapshots, visits[0]?.key as string);
    expect(capture.exchanges).toMatchObject([{ status: null, sent: [], unanswered: WHY }]);
  });

  it('has nothing to keep of a target that there was no time to ask for', async () => {
    const why = 'no time: 300000 ms to wait, 60000 ms left';
    const { run, snapshots } = collecting(() => ({ exchanges: [], trouble: why }));
    expect(await run()).toMatchObject({ visits: [{ outcome: null, key: null, why, exit: 3 }], exit: 3 });
    expect(snapshots.files.size).toBe(0);
  });

  it('is worth trying again when a list is lacking its last page', async () => {
    const { run } = collecting((path) => ({ ...whole(path), trouble: path.includes('p=0') ? 'no time' : null }));
    expect((await run([DAILY])).exit).toBe(3);
  });

  it('begins no visit that there is no time for, and says that it is to be run again', async () => {
    const { run, snapshots } = collecting(whole);
    expect(await run([DAILY, TRENDING], 1000)).toEqual({ visits: [], left: [DAILY, TRENDING], exit: 3 });
    expect(snapshots.files.size).toBe(0);
  });

  it('holds the lease from the first visit to the last, whatever happens', async () => {
    const good = collecting(whole);
    await good.run([DAILY, TRENDING]);
    expect(good.lease).toEqual(['taken', 'renewed', 'renewed', 'released']);
    const full = async () => {
      throw new PaperkeepError('DISK_FULL', 'no space', 'free some');
    };
    const bad = collecting(whole, { onStored: full });
    await expect(bad.run()).rejects.toThrow('no space');
    expect(bad.lease).toEqual(['taken', 'renewed', 'released']);
  });

  it('needs no lease when nothing is due', async () => {
    const { run, lease } = collecting(whole, { sources: [] });
    expect(await run(null)).toEqual({ visits: [], left: [], exit: 0 });
    expect(lease).toEqual([]);
  });

  it('records a capture before it goes on to the next', async () => {
    const order: string[] = [];
    const { run } = collecting(
      (path) => {
        order.push(path.startsWith('/api') ? 'daily asked' : 'trending asked');
        return whole(path);
      },
      { onStored: async ({ capture }) => void order.push(`${capture.source} stored`) },
    );
    await run([DAILY, TRENDING]);
    expect(order).toEqual(['daily asked', 'daily stored', 'trending asked', 'trending stored']);
  });
});
