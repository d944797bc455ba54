import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../../shared/archive/files.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { importFiles } from '../../shared/import/run.ts';
import { type Day, type Instant, systemClock } from '../../shared/lib/time.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { getList } from '../../shared/query/list.ts';
import { ALL_ITEMS } from '../../shared/query/paging.ts';
import { getTop, type TopBy } from '../../shared/query/top.ts';
import { getTopic } from '../../shared/query/topic.ts';
import type { Topic } from '../../shared/query/topic-counts.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import { openTable } from '../../shared/table/open.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { catalogOf } from '../support/catalog.ts';

/** Leaderboards and topics of the real captures, against plain loops over their JSON that share no code with ours. */
const corpus = process.env.PAPERKEEP_CORPUS ?? '';
const NOW = '2026-11-20T12:00:00Z' as Instant;
const DAY = 86_400_000;

/** An entry of the feed, with the fields that this test reads. */
type Entry = {
  readonly paper: {
    readonly id: string;
    readonly title: string;
    readonly summary: string;
    readonly upvotes: number;
    readonly ai_keywords?: readonly string[];
  };
};
type Capture = { readonly file: string; readonly day: string; readonly at: string; readonly entries: readonly Entry[] };

async function readCorpus(): Promise<Capture[]> {
  const files = (await readdir(join(corpus, 'api-daily'))).filter((file) => file.endsWith('.json.gz')).sort();
  const captures: Capture[] = [];
  for (const file of files) {
    const [day = '', time = ''] = file.replace('.json.gz', '').split('__');
    const at = `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 8)}T${time.slice(9, 11)}:${time.slice(11, 13)}:${time.slice(13, 15)}Z`;
    const entries = JSON.parse(gunzipSync(await readFile(join(corpus, 'api-daily', file))).toString());
    captures.push({ file, day, at, entries });
  }
  // in the order in which they were taken: what comes later is newer
  return captures.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** One sight of a paper on the list of a day. */
type Seen = { readonly day: string; readonly at: string; readonly upvotes: number };

/** Days from one to another, by the calendar that JavaScript has. */
function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += DAY)
    days.push(new Date(time).toISOString().slice(0, 10));
  return days;
}

/** The week of a day by counting from the Monday before the 4th of January of each year. */
function weekOf(day: string): string {
  const time = Date.parse(day);
  const mondayOfFirst = (year: number) => {
    const fourth = Date.UTC(year, 0, 4);
    return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY;
  };
  let year = new Date(time).getUTCFullYear() + 1;
  while (mondayOfFirst(year) > time) year -= 1;
  return `${year}-W${String(1 + Math.floor((time - mondayOfFirst(year)) / (7 * DAY))).padStart(2, '0')}`;
}

/** All sights of papers on the lists of a range, oldest first, by id. */
function sightsIn(captures: readonly Capture[], from: string, to: string): Map<string, Seen[]> {
  const sights = new Map<string, Seen[]>();
  for (const { day, at, entries } of captures) {
    if (day < from || day > to) continue;
    for (const { paper } of entries) {
      const seen = sights.get(paper.id) ?? [];
      seen.push({ day, at, upvotes: paper.upvotes });
      sights.set(paper.id, seen);
    }
  }
  return sights;
}

type Valued = { readonly id: string; readonly value: number | null; readonly readAt: string | null };

/** What a paper is ranked by. */
function ranked(id: string, seen: readonly Seen[], by: TopBy, ageHours: number | null, listedOn: string): Valued {
  const last = seen.at(-1) as Seen;
  if (by === 'days') return { id, value: new Set(seen.map(({ day }) => day)).size, readAt: last.at };
  if (by === 'gain' && ageHours === null)
    return { id, value: seen.length < 2 ? null : last.upvotes - (seen[0] as Seen).upvotes, readAt: last.at };
  if (ageHours === null) return { id, value: last.upvotes, readAt: last.at };
  const wanted = Date.parse(listedOn) + ageHours * 3_600_000;
  let best: Seen | null = null;
  for (const one of seen) {
    const away = Math.abs(Date.parse(one.at) - wanted);
    if (away > Math.max(3_600_000, (ageHours * 3_600_000) / 6)) continue;
    if (!best || away < Math.abs(Date.parse(best.at) - wanted)) best = one;
  }
  const first = seen[0] as Seen;
  if (by === 'gain')
    return { id, value: best && best.at > first.at ? best.upvotes - first.upvotes : null, readAt: best?.at ?? null };
  return { id, value: best?.upvotes ?? null, readAt: best?.at ?? null };
}

const HOUR = 3_600_000;
const CURVE_AGES = [1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 48, 60, 72, 96, 120, 168, 240, 336];

/** The median upvotes, at an age of the curve, of the papers on the lists of the 90 days before a day; null for fewer than 100. */
function medianBefore(captures: readonly Capture[], day: string, age: number, upTo: string): number | null {
  const nearest = new Map<string, { away: number; upvotes: number }>();
  for (const { day: listed, at, entries } of captures) {
    if (Date.parse(listed) >= Date.parse(day) || Date.parse(listed) < Date.parse(day) - 90 * DAY || at > upTo) continue;
    const away = Math.abs(Date.parse(at) - Date.parse(listed) - age * HOUR);
    if (away > Math.max(HOUR, (age / 6) * HOUR)) continue;
    for (const { paper } of entries) {
      const before = nearest.get(`${listed} ${paper.id}`);
      if (!before || away < before.away) nearest.set(`${listed} ${paper.id}`, { away, upvotes: paper.upvotes });
    }
  }
  const sorted = [...nearest.values()].map(({ upvotes }) => upvotes).sort((a, b) => a - b);
  if (sorted.length < 100) return null;
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2;
}

/** The upvotes to expect of a paper of that list day at that age. */
function expectedAt(captures: readonly Capture[], day: string, age: number, upTo: string): number | null {
  for (let at = 0; at < CURVE_AGES.length; at++) {
    const [low, high] = [CURVE_AGES[at] as number, CURVE_AGES[at + 1] ?? (CURVE_AGES[at] as number)];
    if (age < low || age > high) continue;
    const [below, above] = [medianBefore(captures, day, low, upTo), medianBefore(captures, day, high, upTo)];
    if (age === low) return below;
    if (age === high) return above;
    if (below !== null && above !== null) return below + ((above - below) * (age - low)) / (high - low);
    if (below !== null && age - low <= Math.max(1, low / 6)) return below;
    return above !== null && high - age <= Math.max(1, high / 6) ? above : null;
  }
  return null;
}

/** Words of a text as the full-text index takes them: letters, digits and marks, lower case, without accents. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{Co}]+/u)
    .filter(Boolean);

function holds(text: string, phrase: readonly string[]): boolean {
  const words = wordsOf(text);
  for (let at = 0; at + phrase.length <= words.length; at++) {
    let same = 0;
    while (same < phrase.length && words[at + same] === phrase[same]) same++;
    if (same === phrase.length) return true;
  }
  return false;
}

/** A keyword as it stands in an address. */
function slugged(keyword: string): string {
  let slug = '';
  for (const letter of keyword.normalize('NFKD').toLowerCase()) {
    if (/\p{M}/u.test(letter)) continue;
    if (/[\p{L}\p{N}]/u.test(letter)) slug += letter;
    else if (slug !== '' && !slug.endsWith('-')) slug += '-';
  }
  return slug.endsWith('-') ? slug.slice(0, -1) : slug;
}

/** A keyword by which spellings of it are the same: without hyphens, each word in the singular. */
function folded(slug: string): string {
  let text = '';
  for (const word of slug.split('-')) {
    const isPlural = word.length > 3 && word.endsWith('s') && !'sui'.includes(word.at(-2) ?? '');
    if (word.length > 3 && word.endsWith('ies')) text += `${word.slice(0, -3)}y`;
    else text += isPlural ? word.slice(0, -1) : word;
  }
  return text;
}

describe.skipIf(!corpus)('The answers over real captures of daily lists', { timeout: 300_000 }, () => {
  let folder: string;
  let captures: Capture[];
  let table: TableStore;
  let context: QueryContext;
  /** Each paper as its newest capture has it, and the day of the list of that capture. */
  const newest = new Map<string, { readonly entry: Entry; readonly day: string }>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paperkeep-spans-'));
    captures = await readCorpus();
    for (const { day, entries } of captures) for (const entry of entries) newest.set(entry.paper.id, { entry, day });
    const archive = createFileStore(join(folder, 'archive'));
    table = await openTable(`sqlite:${join(folder, 'papers.sqlite')}`);
    const deps = { archive, table, parsers, read: (key: string) => readSnapshot(archive, key) };
    const bring = captures.map(({ file }) => ({
      name: file,
      list: null,
      day: null,
      at: null,
      read: () => readFile(join(corpus, 'api-daily', file)),
    }));
    const reported = importFiles(
      {
        archive,
        watched: [],
        clock: systemClock,
        record: (stored, reported) => recordSnapshots(deps, stored, reported),
      },
      bring,
    );
    for await (const { result } of reported) expect(result).toBe('done');
    context = { table, catalog: catalogOf(table, () => NOW), clock: () => NOW, sample: false };
  }, 300_000);

  afterAll(async () => {
    await table.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ranges = [
    ['2024-06-10', '2024-06-16'],
    ['2024-12-30', '2025-01-05'],
    ['2025-01-06', '2025-01-12'],
    ['2025-06-02', '2025-06-08'],
    ['2026-05-04', '2026-05-10'],
    ['2024-04-01', '2024-04-30'],
    ['2025-01-01', '2025-01-31'],
    ['2025-03-01', '2025-03-31'],
    ['2026-05-01', '2026-05-31'],
    ['2024-03-01', '2026-08-31'],
  ] as const;
  const ways: readonly (readonly [TopBy, number | null])[] = [
    ['upvotes', null],
    ['gain', null],
    ['days', null],
    ['upvotes', 8],
    ['upvotes', 24],
    ['upvotes', 48],
    ['upvotes', 168],
    ['gain', 24],
    ['gain', 168],
  ];

  it.each(ranges)('agree with plain loops on the leaderboards of %s to %s', async (from, to) => {
    const sights = sightsIn(captures, from, to);
    expect(sights.size).toBeGreaterThan(0);
    for (const [by, ageHours] of ways) {
      const rows = [...sights].map(([id, seen]) => ranked(id, seen, by, ageHours, newest.get(id)?.day as string));
      rows.sort((a, b) => {
        if (a.value !== b.value) return a.value === null ? 1 : b.value === null ? -1 : b.value - a.value;
        return a.id < b.id ? -1 : 1;
      });
      const range = { from: from as Day, to: to as Day };
      const answer = await getTop(context, range, { list: 'daily', by, age: ageHours, limit: ALL_ITEMS, cursor: null });
      const shown = answer.papers.map(({ id, value, readAt }) => ({ id, value, readAt }));
      expect([by, ageHours, shown]).toEqual([by, ageHours, rows]);
      expect(answer.papers.map(({ rank }) => rank)).toEqual(rows.map((_, at) => at + 1));
    }
  });

  it.each(ranges)('have the captured values for the papers of the leaderboard of %s to %s', async (from, to) => {
    const within = captures.filter(({ day }) => day >= from && day <= to);
    const sights = sightsIn(captures, from, to);
    const range = { from: from as Day, to: to as Day };
    const ranking = { list: 'daily', by: 'upvotes', age: null, limit: ALL_ITEMS, cursor: null } as const;
    const answer = await getTop(context, range, ranking);
    for (const paper of answer.papers) {
      const seen = sights.get(String(paper.id)) as Seen[];
      const { day } = newest.get(String(paper.id)) as { day: string };
      expect(paper).toMatchObject({
        listedOn: day,
        firstSeen: seen[0]?.at,
        firstUpvotes: seen[0]?.upvotes,
        peakUpvotes: Math.max(...seen.map(({ upvotes }) => upvotes)),
        upvotes: seen.at(-1)?.upvotes,
      });
    }
    expect(answer.coverage).toMatchObject({
      captures: within.length,
      failures: 0,
      first: within[0]?.at ?? null,
      last: within.at(-1)?.at ?? null,
      daysCaptured: new Set(within.map(({ day }) => day)).size,
      daysExpected: daysBetween(from, to).length,
    });
  });

  it.each(['now', '3 hours after a capture of that day'] as const)(
    'upvotes to expect are those of plain loops, as of %s',
    async (when) => {
      let known = 0;
      for (const { day, at: capturedAt, entries } of captures.filter((_, place) => place % 12 === 0)) {
        const at =
          when === 'now'
            ? NOW
            : (new Date(Date.parse(capturedAt) + 3 * HOUR).toISOString().replace('.000', '') as Instant);
        const list = await getList(
          context,
          { list: 'daily', day: day as Day },
          { at: when === 'now' ? null : at, sort: 'rank' },
        );
        expect(list.papers.length).toBeGreaterThan(0);
        expect(entries.length).toBeGreaterThan(0);
        const age = (Date.parse(list.observedAt as string) - Date.parse(day)) / HOUR;
        const wanted = expectedAt(captures, day, age, at);
        if (wanted !== null) known += 1;
        for (const { listedOn, expectedUpvotes } of list.papers) {
          if (listedOn !== day) continue;
          if (wanted === null) expect([day, age, expectedUpvotes]).toEqual([day, age, null]);
          else expect(expectedUpvotes).toBeCloseTo(wanted, 9);
        }
      }
      expect(known).toBeGreaterThan(15);
    },
  );

  it.each([8, 10])('papers are ranked against what is expected at %i hours as plain loops do', async (age) => {
    const [from, to] = ['2026-04-01', '2026-04-30'];
    const range = { from: from as Day, to: to as Day };
    const answer = await getTop(context, range, { list: 'daily', by: 'expected', age, limit: ALL_ITEMS, cursor: null });
    const rows = [...sightsIn(captures, from, to)].map(([id, seen]) => {
      const listedOn = newest.get(id)?.day as string;
      const { value } = ranked(id, seen, 'upvotes', age, listedOn);
      const usual = expectedAt(captures, listedOn, age, NOW);
      return [id, value === null || !usual ? null : value / usual] as const;
    });
    expect(rows.filter(([, value]) => value !== null).length).toBeGreaterThan(50);
    const values = new Map(rows);
    expect(answer.papers.map(({ id }) => id).sort()).toEqual([...values.keys()].sort());
    for (const { id, value } of answer.papers)
      expect([id, value?.toFixed(9)]).toEqual([id, values.get(id ?? '')?.toFixed(9)]);
    const ranks = answer.papers.map(({ value }) => value ?? -1);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  });

  const topics: readonly Topic[] = [
    ...['reinforcement-learning', 'diffusion-models', 'large-language-models', 'transformer', 'chain-of-thought'].map(
      (topic) => ({ kind: 'keyword' as const, topic }),
    ),
    ...['language model', 'diffusion models', 'chain of thought', 'open-source', 'video'].map((topic) => ({
      kind: 'phrase' as const,
      topic,
    })),
  ];

  describe.each(['week', 'month'] as const)('by %s', (by) => {
    it.each(topics)('agree with plain loops on the counts of the $kind $topic', async (topic) => {
      const [from, to] = ['2024-03-06', '2026-08-19'];
      const phrase = wordsOf(topic.topic);
      const isOf = ({ paper }: Entry): boolean =>
        topic.kind === 'keyword'
          ? (paper.ai_keywords ?? []).some((keyword) => folded(slugged(keyword)) === folded(topic.topic))
          : holds(paper.title, phrase) || holds(paper.summary, phrase);
      const matching = new Map([...newest].map(([id, { entry }]) => [id, isOf(entry)]));
      const points = new Map<string, { days: number; captured: Set<string>; last: Map<string, number> }>();
      for (const day of daysBetween(from, to)) {
        const name = by === 'week' ? weekOf(day) : day.slice(0, 7);
        const point = points.get(name) ?? { days: 0, captured: new Set(), last: new Map() };
        point.days += 1;
        points.set(name, point);
      }
      for (const { day, entries } of captures) {
        const point = points.get(by === 'week' ? weekOf(day) : day.slice(0, 7));
        if (!point || day < from || day > to) continue;
        point.captured.add(day);
        for (const { paper } of entries) point.last.set(paper.id, paper.upvotes);
      }
      const expected = [...points].map(([period, { days, captured, last }]) => {
        let [papers, total, upvotes, totalUpvotes] = [0, 0, 0, 0];
        for (const [id, votes] of last) {
          if (topic.kind === 'keyword' && !newest.get(id)?.entry.paper.ai_keywords?.some((keyword) => keyword !== ''))
            continue;
          total += 1;
          totalUpvotes += votes;
          if (!matching.get(id)) continue;
          papers += 1;
          upvotes += votes;
        }
        const reported = total > 0 && total >= last.size / 2;
        return {
          period,
          papers,
          total,
          totalListed: last.size,
          share: reported ? papers / total : null,
          upvotes,
          totalUpvotes,
          upvotesShare: reported && totalUpvotes > 0 ? upvotes / totalUpvotes : null,
          daysCaptured: captured.size,
          daysExpected: days,
        };
      });
      const answer = await getTopic(context, topic, { by, from: from as Day, to: to as Day });
      expect(answer?.points).toEqual(expected);
      expect(expected.some(({ papers }) => papers > 0)).toBe(true);
    });
  });
});
