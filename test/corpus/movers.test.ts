import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../../shared/archive/files.ts';
import { createSnapshot } from '../../shared/archive/warc/write-snapshot.ts';
import { importFiles } from '../../shared/import/run.ts';
import { addSeconds, type Instant, parseInstant, systemClock } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import { NotFoundError } from '../../shared/query/errors.ts';
import { getMovers } from '../../shared/query/movers.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { openTable } from '../../shared/table/open.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { aCapture, aPaper, day, instant } from '../support/build.ts';
import { catalogOf } from '../support/catalog.ts';

const corpus = process.env.PAPERKEEP_CORPUS ?? '';
const NOW = '2026-11-20T12:00:00Z' as Instant;
const DAY_MS = 86_400_000;
/** Trending captures that are collected: a week's; `PAPERKEEP_TRENDING=all` takes all of them, which takes minutes. */
const TRENDING = process.env.PAPERKEEP_TRENDING === 'all' ? Number.POSITIVE_INFINITY : 60;

/** A raw capture: of which list day, when, and of each paper its id, title and upvotes (null where the file has none), first rank first. */
type Raw = {
  readonly day: string;
  readonly at: string;
  readonly rows: readonly { readonly id: string; readonly title: string; readonly upvotes: number | null }[];
};
type Row = Readonly<Record<string, unknown>>;
/** What a plain loop finds between two moments; null without a capture by the first. */
type Found = { entered: Row[]; left: Row[]; moved: Row[]; hours: number; observed: string[] } | null;

const plain = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');

async function dailyCaptures(): Promise<(Raw & { readonly file: string })[]> {
  const files = (await readdir(join(corpus, 'api-daily'))).filter((file) => file.endsWith('.json.gz')).sort();
  return Promise.all(
    files.map(async (file) => {
      const [, day = '', time = ''] = /^(\S{10})__(\d{8}T\d{6}Z)\.json\.gz$/.exec(file) ?? [];
      const at = time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
      const entries = JSON.parse(gunzipSync(await readFile(join(corpus, 'api-daily', file))).toString());
      const rows = entries.map(({ paper }: { paper: { id: string; title: string; upvotes: number } }) => ({
        id: paper.id,
        title: plain(paper.title),
        upvotes: paper.upvotes,
      }));
      return { file, day, at, rows };
    }),
  );
}

/** The newest raw capture of a day by a moment. */
function newestBy(captures: readonly Raw[], at: string): Raw | null {
  let newest: Raw | null = null;
  for (const capture of captures) if (capture.at <= at && (!newest || capture.at > newest.at)) newest = capture;
  return newest;
}

/** Movers by plain loops over the lists of two moments. */
function between(before: readonly Raw[], after: readonly Raw[], isDaily: boolean): Found {
  if (before.length === 0) return null;
  type Place = { capture: Raw; rank: number; title: string; upvotes: number | null };
  const unite = (captures: readonly Raw[]): Record<string, Place> => {
    const places: Record<string, Place> = {};
    for (const capture of captures) {
      for (let at = 0; at < capture.rows.length; at++) {
        const { id, title, upvotes } = capture.rows[at] as Raw['rows'][number];
        const other = places[id]?.capture;
        if (other && (other.at > capture.at || (other.at === capture.at && other.day > capture.day))) continue;
        places[id] = { capture, rank: at + 1, title, upvotes };
      }
    }
    return places;
  };
  const [was, is] = [unite(before), unite(after)];
  const found = { entered: [] as Row[], left: [] as Row[], moved: [] as Row[] };
  for (const [id, { rank, title, upvotes, capture }] of Object.entries(is)) {
    const then = was[id];
    if (!then) found.entered.push({ id, title, rank, upvotes });
    if (!then || then.capture === capture) continue;
    const compared = !isDaily || then.capture.day === capture.day;
    const hours = (Date.parse(capture.at) - Date.parse(then.capture.at)) / 3_600_000;
    found.moved.push({
      id,
      title,
      ...(isDaily && { listedOn: capture.day }),
      rankBefore: compared ? then.rank : null,
      rankAfter: compared ? rank : null,
      upvotesBefore: then.upvotes,
      upvotesAfter: upvotes,
      hours: hours.toFixed(6),
      rate: upvotes === null || then.upvotes === null ? null : ((upvotes - then.upvotes) / hours).toFixed(6),
    });
  }
  for (const [id, { rank, title }] of Object.entries(was))
    if (!is[id]) found.left.push({ id, title, rankBefore: rank });
  const last = (captures: readonly Raw[]) =>
    captures
      .map(({ at }) => at)
      .sort()
      .at(-1) as string;
  const observed = [last(before), last(after)];
  return {
    ...found,
    observed,
    hours: (Date.parse(observed[1] as string) - Date.parse(observed[0] as string)) / 3_600_000,
  };
}

const byId = (rows: readonly Row[]) => rows.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1));

/** Holds an answer against the loops, as sets by id; and its order against its own numbers. */
async function compare(table: TableStore, list: 'daily' | 'trending', from: string, to: string, expected: Found) {
  const answer = await getMovers(
    { table, catalog: catalogOf(table, () => NOW), clock: () => NOW, sample: false },
    list,
    { from: from as Instant, to: to as Instant },
  ).catch((error: unknown) => {
    if (error instanceof NotFoundError) return null;
    throw error;
  });
  expect([from, to, answer === null]).toEqual([from, to, expected === null]);
  if (!answer || !expected) return;
  expect([answer.from.observedAt, answer.to.observedAt]).toEqual(expected.observed);
  expect(answer.hours).toBeCloseTo(expected.hours, 9);
  const moved = answer.moved.map(
    ({ hours, upvotesPerHour, listedOn, starsBefore: _b, starsAfter: _a, starsPerHour: _s, ...row }) => ({
      ...row,
      // the ranks of trending lists that the corpus has do not tell on which daily list a paper was
      ...(list === 'daily' && { listedOn }),
      hours: hours.toFixed(6),
      rate: upvotesPerHour === null ? null : upvotesPerHour.toFixed(6),
    }),
  );
  expect(byId(answer.entered)).toEqual(byId(expected.entered));
  expect(byId(answer.left)).toEqual(byId(expected.left));
  expect(byId(moved).map(withoutMinus)).toEqual(byId(expected.moved).map(withoutMinus));
  const ordered = <T extends { id: string | null }>(rows: readonly T[], by: (row: T) => number) =>
    rows.every((row, at) => {
      const next = rows[at + 1];
      return !next || by(row) < by(next) || (by(row) === by(next) && String(row.id) < String(next.id));
    });
  expect(ordered(answer.entered, ({ rank }) => rank)).toBe(true);
  expect(ordered(answer.left, ({ rankBefore }) => rankBefore)).toBe(true);
  expect(ordered(answer.moved, ({ upvotesPerHour }) => -(upvotesPerHour ?? -1e9))).toBe(true);
}

/** A rate of nothing may come as minus nothing. */
const withoutMinus = (row: Row) => ({ ...row, rate: row.rate === '-0.000000' ? '0.000000' : row.rate });

describe.skipIf(!corpus)('The movers of 419 real captures of daily lists', { timeout: 120_000 }, () => {
  let folder: string;
  let captures: Awaited<ReturnType<typeof dailyCaptures>>;
  let table: TableStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paperkeep-movers-'));
    captures = await dailyCaptures();
    const archive = createFileStore(join(folder, 'archive'));
    table = await openTable(`sqlite:${join(folder, 'papers.sqlite')}`);
    const bring = captures.map(({ file }) => ({
      name: file,
      list: null,
      day: null,
      at: null,
      read: () => readFile(join(corpus, 'api-daily', file)),
    }));
    const recording = { archive, table, parsers };
    for await (const { result } of importFiles(
      {
        archive,
        watched: [],
        clock: systemClock,
        record: (stored, reported) => recordSnapshots(recording, stored, reported),
      },
      bring,
    ))
      expect(result).toBe('done');
  }, 120_000);
  afterAll(async () => {
    await table.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The lists of all days that count, each by its newest capture. */
  function listsBy(at: string, from: string, to: string): Raw[] {
    const first = new Date(Date.parse(from.slice(0, 10)) - 14 * DAY_MS).toISOString().slice(0, 10);
    const days = new Set(captures.map(({ day }) => day).filter((day) => day >= first && day <= to.slice(0, 10)));
    return [...days].flatMap(
      (day) =>
        newestBy(
          captures.filter((capture) => capture.day === day),
          at,
        ) ?? [],
    );
  }

  it('are those that plain loops find, for windows of an hour to two years', async () => {
    let [compared, moved] = [0, 0];
    const pairs: [string, string][] = [];
    // days that were captured several times are the ones on which something moves
    const again = captures.filter((one) => captures.filter(({ day }) => day === one.day).length > 1);
    for (const { at } of [...again, ...captures.filter((_, n) => n % 16 === 0)]) {
      for (const hours of [1, 6, 24, 168, 720]) {
        const to = parseInstant(at) as Instant;
        pairs.push([addSeconds(to, -hours * 3600), to]);
      }
    }
    pairs.push(['2024-05-01T00:00:00Z', '2026-05-01T00:00:00Z'], ['2024-03-01T00:00:00Z', '2024-03-13T06:15:07Z']);
    for (const [from, to] of pairs) {
      const expected = between(listsBy(from, from, to), listsBy(to, from, to), true);
      await compare(table, 'daily', from, to, expected);
      compared += expected ? 1 : 0;
      moved += expected?.moved.length ?? 0;
    }
    expect(compared).toBeGreaterThan(100);
    expect(moved).toBeGreaterThan(100);
  });
});

describe.skipIf(!corpus)('The movers of real captures of the trending list', { timeout: 500_000 }, () => {
  let table: TableStore;
  let captures: Raw[];

  beforeAll(async () => {
    captures = (await trendingCaptures()).slice(0, TRENDING);
    table = await openTable('sqlite::memory:');
    async function* snapshots() {
      for (const { at, day: on, rows } of captures) {
        const papers = rows.map(({ id, title, upvotes }, n) => aPaper({ rank: n + 1, id, title, upvotes }));
        yield await createSnapshot(aCapture({ list: 'trending', day: day(on), at: instant(at), papers }));
      }
    }
    await recordSnapshots({ table, parsers }, snapshots());
  }, 500_000);
  afterAll(() => table.close());

  /** The captures with their ranks; titles and upvotes are those of the daily lists, where those have the paper. */
  async function trendingCaptures(): Promise<Raw[]> {
    const daily = await dailyCaptures();
    const known = new Map<string, Raw['rows'][number]>();
    for (const { rows } of daily) for (const row of rows) known.set(row.id, row);
    const lists = new Map<string, string[]>();
    const text = gunzipSync(await readFile(join(corpus, 'trending/ranks-2026-05..2026-08.csv.gz'))).toString();
    for (const line of text.split('\n').slice(1)) {
      const [at = '', id = '', rank] = line.split(',');
      if (!id) continue;
      const ids = lists.get(at) ?? [];
      ids[Number(rank) - 1] = id;
      lists.set(at, ids);
    }
    // to the second: the last capture of that second counts
    const bySecond = new Map([...lists].map(([at, ids]) => [parseInstant(at) as string, ids]));
    return [...bySecond].map(([at, ids]) => ({
      day: at.slice(0, 10),
      at,
      rows: ids
        .filter(Boolean)
        .slice(0, 50)
        .map((id) => known.get(id) ?? { id, title: `Paper ${id}`, upvotes: 1 }),
    }));
  }

  it('are those that plain loops find between any two captures', async () => {
    let [pairs, changed] = [0, 0];
    for (let n = 0; n < captures.length; n += Math.ceil(captures.length / 30)) {
      for (const back of [1, 2, 7, 23]) {
        const [then, now] = [captures[n - back], captures[n]];
        if (!then || !now) continue;
        const [from, to] = [addSeconds(then.at as Instant, n % 2), addSeconds(now.at as Instant, n % 3)];
        const [before, after] = [newestBy(captures, from) as Raw, newestBy(captures, to) as Raw];
        const expected = between([before], [after], false);
        await compare(table, 'trending', from, to, expected);
        pairs += 1;
        changed += (expected?.entered.length ?? 0) + (expected?.left.length ?? 0);
      }
    }
    const first = captures[0]?.at as Instant;
    await compare(table, 'trending', addSeconds(first, -1), NOW, null);
    expect(pairs).toBeGreaterThan(50);
    expect(changed).toBeGreaterThan(20);
  });
});
