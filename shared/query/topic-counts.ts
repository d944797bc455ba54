/** How many papers of the daily lists are of a topic: the counts that topics are made of. */

import { tables } from '../catalog/schema.ts';
import { PAPERS_WITH_KEYWORD } from '../catalog/sql.ts';
import type { Catalog, SqlValue } from '../catalog/sqlite.ts';
import { plainLetters } from '../lib/letters.ts';
import type { DateRange, Period } from '../lib/period.ts';
import { type Day, eachDay, type Instant } from '../lib/time.ts';
import { foldKeyword } from '../model/paper.ts';
import { cached } from './cached-rows.ts';
import { indexRange } from './index-range.ts';

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
};
/** A row of a paper that was moved from one daily list to another: a week or month counts it once, with its last upvotes. */
type MovedRow = {
  readonly paper: number;
  readonly day: Day;
  readonly upvotes: number | null;
  readonly read_at: Instant | null;
  readonly has_keywords: number;
};

/** The papers on the daily lists from one day to another. Node 22 cannot bind numbered parameters, which would name each day once. */
const ON_DAILY = `SELECT paper FROM (SELECT paper, day FROM daily_papers UNION ALL SELECT paper, day FROM moved_papers)
  WHERE day BETWEEN ? AND ?`;

/** A condition on `paper`, a rowid, with its values. */
type PaperCondition = { readonly sql: string; readonly values: readonly SqlValue[] };

/** Counts the papers on the daily lists of each period that fit a condition. Rows of copied text are left out: nothing is known of them. */
function countByPeriod(
  catalog: Catalog,
  fits: PaperCondition,
  periods: readonly Period[],
): ReadonlyMap<string, Omit<ListedCounts, 'daysCaptured'>> {
  const values = [...wholeRange(periods), ...fits.values];
  const counts = catalog.all<ListCounts>(
    `SELECT day, count(*) AS papers, sum(upvotes) AS upvotes, sum(has_keywords) AS known,
        sum(upvotes) FILTER (WHERE has_keywords = 1) AS knownUpvotes
      FROM daily_papers WHERE day BETWEEN ? AND ? AND ${fits.sql} GROUP BY day`,
    values,
  );
  const moved = catalog.all<MovedRow>(`SELECT * FROM moved_papers WHERE day BETWEEN ? AND ? AND ${fits.sql}`, values);
  return new Map(
    periods.map(({ name, from, to }) => {
      const isWithin = ({ day }: { readonly day: Day }) => day >= from && day <= to;
      const within = [...counts.filter(isWithin), ...countOnce(moved.filter(isWithin))];
      return [name, { all: sumOf(within, 'papers', 'upvotes'), known: sumOf(within, 'known', 'knownUpvotes') }];
    }),
  );
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
  return [...last.values()].map(({ day, upvotes, has_keywords }) => ({
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
  const counts = countByPeriod(catalog, { sql: 'true', values: [] }, periods);
  const captured = new Set(
    catalog
      .all<{ day: Day }>(
        "SELECT day FROM coverage WHERE list = 'daily' AND captures > 0 AND day BETWEEN ? AND ?",
        wholeRange(periods),
      )
      .map(({ day }) => day),
  );
  const listed = new Map(
    periods.map(({ name, from, to }) => {
      const daysCaptured = eachDay(from, to).filter((day) => captured.has(day)).length;
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
    const { sql, values } = indexRange(catalog, ON_DAILY, wholeRange(periods));
    return countByPeriod(
      catalog,
      kind === 'keyword'
        ? { sql: `paper IN (${PAPERS_WITH_KEYWORD})`, values: [foldKeyword(topic)] }
        : {
            sql: `paper IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ? AND ${sql})`,
            values: [asMatch(topic), ...values],
          },
      periods,
    );
  });
  return ({ name }) => counts.get(name)?.all as TopicCounts;
}

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
