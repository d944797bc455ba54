import { beforeAll, describe, expect, it } from 'vitest';
import { archiveCapture } from '../../shared/archive/put.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { silentLog } from '../../shared/lib/log.ts';
import {
  addDays,
  addSeconds,
  type Day,
  dayOf,
  eachDay,
  type Instant,
  secondsBetween,
  startOfDay,
  weekdayOf,
} from '../../shared/lib/time.ts';
import type { ListName } from '../../shared/model/list.ts';
import type { ListingRow } from '../../shared/model/listing.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { createApp } from '../../shared/web/app.ts';
import { aCapture, aPaper } from '../support/build.ts';
import { catalogOf } from '../support/catalog.ts';
import { installFeedparser, parseFeeds } from '../support/feedparser.ts';
import { JsonFeed } from '../support/json-feed.ts';
import { createMemoryArchive } from '../support/snapshots.ts';

/**
 * Feed readers that poll every hour through three weeks, while lists are captured, some of them late. What a reader marks unread is
 * compared with the papers of the simulation itself.
 */

const FIRST = '2025-01-06' as Day;
const LAST = addDays(FIRST, 20);
const HOURS = Array.from({ length: 21 * 24 }, (_, hour) => addSeconds(startOfDay(FIRST), hour * 3600 + 600));
/** All day the daily list could not be reached; its captures are imported three days later. */
const LATE_DAY = addDays(FIRST, 8);
const LATE_TRENDING = HOURS[250];
/** The hour at which the table is thrown away and made again from the archive. */
const REPLAY_AT = addSeconds(startOfDay(FIRST), 13 * 86_400 + 600);

/** A paper of the simulation: when it appears, on which list day it ends up, and how many upvotes an hour it gains. */
type Paper = {
  readonly id: string;
  readonly at: Instant;
  readonly day: Day;
  readonly movedTo: Day | null;
  readonly number: number;
};

const PAPERS = eachDay(FIRST, LAST).flatMap((day, at): Paper[] =>
  weekdayOf(day) > 5
    ? []
    : [1, 6, 11, 20].map((hour, number) => ({
        id: `2501.${String(at * 10 + number + 1).padStart(5, '0')}`,
        at: addSeconds(startOfDay(day), hour * 3600),
        day,
        // the feed moves a paper to another day now and then
        movedTo: number === 3 && at % 4 === 1 && weekdayOf(day) < 5 ? addDays(day, 1) : null,
        number,
      })),
);
const MOVED = new Set(PAPERS.filter(({ movedTo }) => movedTo).map(({ id }) => id));
/** A paper that comes and goes on trending, and was there before the first capture. */
const OLD = '1802.00979';

const ageHours = ({ at }: Paper, now: Instant): number => secondsBetween(at, now) / 3600;
/** Upvotes change at 0, 6, 12 and 18 o'clock, and stop growing after three days. */
function upvotesOf(paper: Paper, now: Instant): number {
  const changed = addSeconds(startOfDay(dayOf(now)), Math.floor(Number(now.slice(11, 13)) / 6) * 6 * 3600);
  return Math.ceil(Math.min(72, Math.max(0, ageHours(paper, changed))) / 6) * (paper.number + 1);
}
const dayAt = (paper: Paper, now: Instant): Day =>
  paper.movedTo && ageHours(paper, now) >= 30 ? paper.movedTo : paper.day;

function rowsOf(papers: readonly Paper[], now: Instant): ListingRow[] {
  return papers
    .toSorted((a, b) => upvotesOf(b, now) - upvotesOf(a, now))
    .map((paper, at) =>
      aPaper({
        rank: at + 1,
        id: paper.id,
        upvotes: upvotesOf(paper, now),
        listedOn: dayAt(paper, now),
        publishedAt: addSeconds(paper.at, -86_400),
        // keywords come some hours after the paper
        keywords: ageHours(paper, now) < 5 ? null : [paper.number === 2 ? 'agents' : 'tables'],
        title: `${paper.number === 1 ? 'Lanterns' : 'Paper'} ${paper.id}`,
      }),
    );
}

const known = (now: Instant) => PAPERS.filter(({ at }) => at <= now);
/** A list as a capture shows it. */
type Shown = { readonly list: ListName; readonly day: Day; readonly at: Instant; readonly rows: readonly ListingRow[] };

const dailyList = (day: Day, at: Instant): Shown => ({
  list: 'daily',
  day,
  at,
  rows: rowsOf(
    known(at).filter((paper) => dayAt(paper, at) === day),
    at,
  ),
});
function trendingList(at: Instant): Shown {
  const isOldThere = Number(at.slice(11, 13)) % 12 < 6;
  const recent = known(at).filter((paper) => ageHours(paper, at) >= 10 && ageHours(paper, at) < 60);
  const old = aPaper({ rank: 50, id: OLD, keywords: null, title: 'Paper of old' });
  return { list: 'trending', day: dayOf(at), at, rows: [...rowsOf(recent, at), ...(isOldThere ? [old] : [])] };
}
const watchedList = (at: Instant): Shown => ({
  list: 'watched:lanterns',
  day: dayOf(at),
  at,
  rows: rowsOf(
    known(at).filter(({ number }) => number === 1),
    at,
  ),
});

/** What is captured at an hour: today's list, yesterday's every three hours, older ones daily until they are settled; trending; a search. */
function listsAt(at: Instant): Shown[] {
  const [today, hour] = [dayOf(at), Number(at.slice(11, 13))];
  const days = [
    today,
    ...(hour % 3 === 0 ? [addDays(today, -1)] : []),
    ...(hour === 0 ? eachDay(addDays(today, -15), addDays(today, -2)) : []),
  ];
  return [
    ...days.filter((day) => day >= FIRST).map((day) => dailyList(day, at)),
    ...(hour === 7 ? [watchedList(at)] : []),
    trendingList(at),
  ];
}

/** When a capture is recorded: all daily ones of a day are imported three days later, and one of trending is two hours late. */
function recordedAt({ list, at }: Shown): Instant {
  if (list === 'daily' && dayOf(at) === LATE_DAY) return addSeconds(at, 3 * 86_400);
  return list === 'trending' && at === LATE_TRENDING ? addSeconds(at, 2 * 3600) : at;
}

/** Which rows belong into the feed of a page, by the list that shows them. */
const FEEDS: Readonly<Record<string, (row: ListingRow, list: ListName) => boolean>> = {
  '/daily': (_, list) => list === 'daily',
  '/daily?minUpvotes=30': ({ upvotes }, list) => list === 'daily' && (upvotes ?? 0) >= 30,
  // the old paper was there at the first capture, so it did not enter
  '/trending': ({ id }, list) => list === 'trending' && id !== OLD,
  '/watched/lanterns': (_, list) => list === 'watched:lanterns',
  '/keywords/agents': ({ content }) => content.keywords?.includes('agents') ?? false,
  '/search?q=lanterns': ({ content }) => content.title.startsWith('Lanterns'),
  '/new': () => true,
};

/** A reader of one feed: when each entry was updated, by id; how often each paper became unread; what it complained about. */
type Reader = {
  readonly updated: Map<string, string>;
  readonly unread: Map<string, number>;
  readonly complaints: string[];
};

/** Records what is captured hour by hour, and polls all feeds after each hour as readers do, with the ETag of their last response. */
async function simulate() {
  const archive = createMemoryArchive();
  let now = HOURS[0] as Instant;
  const clock = () => now;
  const open = (table: TableStore) => ({
    table,
    site: createApp({
      context: { table, catalog: catalogOf(table, clock), clock, sample: false },
      archive: async () => archive,
      watched: ['watched:lanterns'],
      log: silentLog,
      versions: { paperkeep: '0', node: '24', schema: 1, parsers: {} },
    }),
  });
  let { table, site } = open(openSqliteTable(':memory:'));
  const record = async (keys: readonly string[]) =>
    recordSnapshots({ table, parsers }, await Promise.all(keys.map((key) => readSnapshot(archive, key))));

  const readers = new Map<string, Reader>();
  const expected = new Map<string, Set<string>>();
  for (const page of Object.keys(FEEDS)) {
    readers.set(page, { updated: new Map(), unread: new Map(), complaints: [] });
    expected.set(page, new Set());
  }
  const etags = new Map<string, string>();
  const waiting: Shown[] = [];
  let unchanged = 0;
  let polled: { readonly page: string; readonly body: string }[] = [];
  for (const hour of HOURS) {
    now = hour;
    waiting.push(...listsAt(hour));
    const due = waiting.filter((shown) => recordedAt(shown) <= hour);
    waiting.splice(0, waiting.length, ...waiting.filter((shown) => recordedAt(shown) > hour));
    const keys: string[] = [];
    for (const { rows, ...visit } of due) {
      keys.push((await archiveCapture(archive, aCapture({ ...visit, papers: rows }))).key);
      for (const [page, isIn] of Object.entries(FEEDS))
        for (const row of rows) if (isIn(row, visit.list)) expected.get(page)?.add(row.id ?? '');
    }
    await record(keys);
    if (hour === REPLAY_AT) {
      await table.close();
      ({ table, site } = open(openSqliteTable(':memory:')));
      await record([...archive.files.keys()]);
    }
    for (const page of Object.keys(FEEDS)) {
      const headers = { host: 'papers.example.org', 'if-none-match': etags.get(page) ?? '' };
      const response = await site.request(page.replace(/(?=\?)|$/, '.atom'), { headers });
      if (response.status === 304) unchanged += 1;
      // a keyword that was never seen has no page either
      if (response.status === 304 || response.status === 404) continue;
      etags.set(page, response.headers.get('etag') ?? '');
      polled.push({ page, body: await response.text() });
    }
    if (!hour.includes('T23')) continue;
    const feeds = await parseFeeds(polled.map(({ body }) => body));
    for (const [at, { bozo, entries }] of feeds.entries()) {
      const { updated, unread, complaints } = readers.get(polled[at]?.page ?? '') as Reader;
      if (bozo !== null) complaints.push(bozo);
      for (const entry of entries) {
        const paper = entry.link.split('/').at(-1) ?? '';
        const before = updated.get(entry.id);
        if (before === undefined) unread.set(paper, (unread.get(paper) ?? 0) + 1);
        else if (entry.updated > before && !MOVED.has(paper)) complaints.push(`${entry.id} was updated again`);
        updated.set(entry.id, entry.updated);
      }
    }
    polled = [];
    for (const [page, { updated, complaints }] of readers) {
      const response = await site.request(page.replace(/(?=\?)|$/, '.feed.json'));
      if (response.status === 404) continue;
      const { success, data, error } = JsonFeed.safeParse(await response.json());
      if (!success) complaints.push(error.message);
      // the same entries as Atom, which was polled within the hour
      for (const { id } of data?.items ?? []) if (!updated.has(id)) complaints.push(`${id} is only in JSON Feed`);
    }
  }
  await table.close();
  return { readers, expected, unchanged };
}

describe('the feeds of three weeks, polled every hour by feedparser', () => {
  let missing: string | null = null;
  let simulated: Awaited<ReturnType<typeof simulate>> | null = null;
  beforeAll(async () => {
    missing = await installFeedparser();
    if (missing === null) simulated = await simulate();
  }, 600_000);

  it.for(Object.keys(FEEDS))(
    'of %s mark each paper unread exactly once, after a late import and a replay too',
    (page, context) => {
      if (simulated === null) return context.skip(`feedparser cannot be installed: ${missing}`);
      const { readers, expected } = simulated;
      const { unread, complaints } = readers.get(page) as Reader;
      expect(complaints).toEqual([]);
      expect([...unread.values()].every((times) => times === 1)).toBe(true);
      expect([...unread.keys()].sort()).toEqual([...(expected.get(page) ?? [])].sort());
      expect(unread.size).toBeGreaterThan(10);
    },
  );

  it('are mostly answered with 304, since votes change only every six hours', (context) => {
    if (simulated === null) return context.skip(`feedparser cannot be installed: ${missing}`);
    expect(simulated.unchanged).toBeGreaterThan((HOURS.length * Object.keys(FEEDS).length) / 2);
  });
});
