/** How many papers of the daily lists are of a topic: the counts that topics are made of. */

import { tables } from '../catalog/schema.ts';
import { PAPERS_WITH_KEYWORD } from '../catalog/sql.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { plainLetters } from '../lib/letters.ts';
import type { DateRange, Period } from '../lib/period.ts';
import type { Day, Instant } from '../lib/time.ts';
import { foldKeyword } from '../model/paper.ts';
import { cached, cachedRows } from './cached-rows.ts';
import { between, findPapers, type Piece } from './pieces.ts';

/** A keyword by its slug, or a phrase that stands in a title or an abstract. */
export type Topic = { readonly kind: 'keyword' | 'phrase'; readonly topic: string };

/** Papers of a week or month, each once, and their upvotes as last read on its lists (null: unknown). */
export type TopicCounts = { readonly papers: number; readonly upvotes: number | null };
/** What a period's lists hold: all papers, those whose keywords are known, and the days with a usable capture. */
export type ListedCounts = { readonly all: TopicCounts; readonly known: TopicCounts; readonly daysCaptured: number };

/** Papers of one daily list, and those among them whose keywords are known. */
type ListCounts = {
  readonly day: Day;
  readonly papers: number;
  readonly upvotes: number | null;
  readonly known: number;
  readonly knownUpvotes: number | null;
  /** The first and the last of their rowids. */
  readonly first: number;
  readonly last: number;
};
/** A row of a paper that was moved from one daily list to another: a week or month counts it once, with its last upvotes. */
type MovedRow = {
  readonly paper: number;
  readonly day: Day;
  readonly upvotes: number | null;
  readonly read_at: Instant | null;
  readonly has_keywords: number;
};

/**
 * Reads the daily lists from one day to another, with the papers found (a JSON list of rowids; null: with all). Rows of copied text are left out:
 * nothing is known of them.
 */
function readLists(
  catalog: Catalog,
  found: string | null,
  range: readonly [from: Day, to: Day],
): { readonly counts: readonly ListCounts[]; readonly moved: readonly MovedRow[] } {
  const read = <Row extends object>(columns: string, view: string, end: string): readonly Row[] => {
    const select = (rows: string) => `SELECT ${columns} FROM ${rows} WHERE d.day BETWEEN ? AND ? ${end}`;
    return found === null
      ? cachedRows(catalog, select(`${view} AS d`), range)
      : // few papers are found: look up their rows rather than read those of all days
        catalog.all(select(`json_each(?) AS found CROSS JOIN ${view} AS d ON d.paper = found.value`), [
          found,
          ...range,
        ]);
  };
  return {
    counts: read(
      `d.day, count(*) AS papers, sum(d.upvotes) AS upvotes, sum(has_keywords) AS known,
        sum(d.upvotes) FILTER (WHERE has_keywords = 1) AS knownUpvotes, min(d.paper) AS first, max(d.paper) AS last`,
      'daily_papers',
      'GROUP BY d.day',
    ),
    moved: read('d.*', 'moved_papers', ''),
  };
}

/** A condition on a rowid: it is one from the first to the last of the papers on the daily lists of a range. */
function isWithin(catalog: Catalog, rowid: string, range: readonly [from: Day, to: Day]): Piece {
  const { counts, moved } = readLists(catalog, null, range);
  const papers = [...counts.flatMap(({ first, last }) => [first, last]), ...moved.map(({ paper }) => paper)];
  return between(rowid, Math.min(...papers), Math.max(...papers));
}

/** Counts the papers on the daily lists of each period: those found (a JSON list of rowids; null: all). */
function countByPeriod(
  catalog: Catalog,
  found: string | null,
  periods: readonly Period[],
): ReadonlyMap<string, Omit<ListedCounts, 'daysCaptured'>> {
  const { counts, moved } = readLists(catalog, found, wholeRange(periods));
  const [countsIn, movedIn] = [groupByPeriod(counts, periods), groupByPeriod(moved, periods)];
  return new Map(
    periods.map(({ name }) => {
      const within = [...(countsIn.get(name) ?? []), ...countOnce(movedIn.get(name) ?? [])];
      return [name, { all: sumOf(within, 'papers', 'upvotes'), known: sumOf(within, 'known', 'knownUpvotes') }];
    }),
  );
}

/** Groups rows by the names of the periods of their days. Rows in the order of their days need few comparisons. */
function groupByPeriod<Row extends { readonly day: Day }>(
  rows: readonly Row[],
  periods: readonly Period[],
): ReadonlyMap<string | undefined, Row[]> {
  let last: Period | undefined;
  const isIn = (day: Day, { from, to }: Period): boolean => day >= from && day <= to;
  return Map.groupBy(rows, ({ day }) => {
    if (!last || !isIn(day, last)) last = periods.find((period) => isIn(day, period));
    return last?.name;
  });
}

function wholeRange(periods: readonly Period[]): readonly [from: Day, to: Day] {
  const days = periods.flatMap(({ from, to }) => [from, to]).sort();
  return [days[0] as Day, days.at(-1) as Day];
}

/** Of each paper the row that was read last. */
function countOnce(moved: readonly MovedRow[]): ListCounts[] {
  const last = new Map<number, MovedRow>();
  const order = ({ read_at, day }: MovedRow): string => `${read_at ?? ''}${day}`;
  for (const row of moved) {
    const before = last.get(row.paper);
    if (!before || order(before) < order(row)) last.set(row.paper, row);
  }
  return [...last.values()].map(({ paper, day, upvotes, has_keywords }) => ({
    first: paper,
    last: paper,
    day,
    papers: 1,
    upvotes,
    known: has_keywords,
    knownUpvotes: has_keywords === 1 ? upvotes : null,
  }));
}

function sumOf(
  lists: readonly ListCounts[],
  papers: 'papers' | 'known',
  upvotes: 'upvotes' | 'knownUpvotes',
): TopicCounts {
  const votes = lists.flatMap((list) => list[upvotes] ?? []);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const count = sum(lists.map((list) => list[papers]));
  return { papers: count, upvotes: count > 0 && votes.length === 0 ? null : sum(votes) };
}

/** A phrase for MATCH, whatever characters it has: its words in this order, in the title or the abstract. */
const asMatch = (phrase: string): string => `{title abstract} : "${plainLetters(phrase).replaceAll('"', '""')}"`;

/** What the daily lists of each period hold. */
export function countListed(catalog: Catalog, periods: readonly Period[]): (period: Period) => ListedCounts {
  const counts = countByPeriod(catalog, null, periods);
  const captured = groupByPeriod(
    catalog.all<{ day: Day }>(
      "SELECT day FROM coverage WHERE list = 'daily' AND captures > 0 AND day BETWEEN ? AND ? ORDER BY day",
      wholeRange(periods),
    ),
    periods,
  );
  const listed = new Map(
    periods.map(({ name }) => {
      const daysCaptured = captured.get(name)?.length ?? 0;
      return [name, { ...(counts.get(name) as Omit<ListedCounts, 'daysCaptured'>), daysCaptured }];
    }),
  );
  return ({ name }) => listed.get(name) as ListedCounts;
}

/** The papers of a topic on the daily lists of each period. */
export function countTopicPapers(
  catalog: Catalog,
  { kind, topic }: Topic,
  periods: readonly Period[],
): (period: Period) => TopicCounts {
  const counts = cached(catalog, ['topic', kind, topic, periods], () => {
    const [select, rowid, value] =
      kind === 'keyword'
        ? [PAPERS_WITH_KEYWORD, 'paper', foldKeyword(topic)]
        : ['SELECT rowid AS paper FROM papers_fts WHERE papers_fts MATCH ?', 'papers_fts.rowid', asMatch(topic)];
    const { sql, values } = isWithin(catalog, rowid, wholeRange(periods));
    const found = findPapers(catalog, { sql: `${select} AND ${sql}`, values: [value, ...values] });
    return countByPeriod(catalog, found, periods);
  });
  return ({ name }) => counts.get(name)?.all as TopicCounts;
}

/** The papers on the daily lists from one day to another. Node 22 cannot bind numbered parameters, which would name each day once. */
const ON_DAILY = `SELECT paper FROM (SELECT paper, day FROM daily_papers UNION ALL SELECT paper, day FROM moved_papers)
  WHERE day BETWEEN ? AND ?`;

/** How many papers on the daily lists of a range have each keyword, by its folded form. */
export function countKeywords(catalog: Catalog, { from, to }: DateRange): ReadonlyMap<string, { count: number }> {
  const [row] = catalog.all<{ keywords: string | null }>(
    `SELECT group_concat(keywords) AS keywords FROM paper_facets WHERE paper IN (${ON_DAILY})`,
    [from, to],
  );
  // objects, since a map of many values is then written only for new ones
  const counts = new Map<string, { count: number }>();
  for (const keyword of row?.keywords?.split(',') ?? []) {
    const known = counts.get(keyword);
    if (known) known.count++;
    else counts.set(keyword, { count: 1 });
  }
  return counts;
}

/** What a topic is counted against: for a keyword the papers whose keywords are known, for a phrase all. */
export const topicTotal = (kind: Topic['kind'], { all, known }: ListedCounts): TopicCounts =>
  kind === 'keyword' ? known : all;

/** A part of a total, or null if there is no such thing, and where the total stands for less than half of what was listed. */
export const topicShare = (part: number | null, total: number | null, isTelling: boolean): number | null =>
  part === null || !total || !isTelling ? null : part / total;

/** True when a total stands for at least half of what was listed. */
export const hasEnoughKeywords = (total: TopicCounts, { all }: ListedCounts): boolean => total.papers * 2 >= all.papers;

/** Days from which the feed has something that a keyword's numbers depend on. */
export const keywordSeriesBreaks = (): { day: Day; what: string }[] =>
  tables.paper_keywords.columns.flatMap(({ name, since }) =>
    name === 'keyword' && since ? [{ day: since, what: 'the feed names keywords from here on' }] : [],
  );
