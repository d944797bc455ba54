/** How many papers of the daily lists are of a topic: the counts that topics are made of. */

import { tables } from '../catalog/schema.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { plainLetters } from '../lib/letters.ts';
import type { Period } from '../lib/period.ts';
import type { Day } from '../lib/time.ts';
import { foldKeyword } from '../model/paper.ts';
import { cachedRows } from './cached-rows.ts';

/** A keyword by its slug, or a phrase that stands in a title or an abstract. */
export type Topic = { readonly kind: 'keyword' | 'phrase'; readonly topic: string };

/** Papers of a week or month, each once, and their upvotes as last read on its lists (null: unknown). */
export type TopicCounts = { readonly papers: number; readonly upvotes: number | null };
/** What a period's lists hold: all papers, those whose keywords are known, and the days with a usable capture. */
export type ListedCounts = { readonly all: TopicCounts; readonly known: TopicCounts; readonly daysCaptured: number };

const NONE: TopicCounts = { papers: 0, upvotes: 0 };

type Row = { readonly period: string; readonly papers: number; readonly upvotes: number | null };
type ListedRow = Row & { readonly known: number; readonly knownUpvotes: number | null };

/** The periods as a table; made once, since parsing JSON for every paper is slow. */
const PERIODS = `WITH
  periods (name, first, last) AS MATERIALIZED (SELECT value ->> 'name', value ->> 'from', value ->> 'to' FROM json_each(?))`;

/**
 * Papers on the daily lists of each period, each once with the upvotes of its last capture there. The grouping by a period and a paper keeps
 * the row with the greatest time; a paper on two lists of a period (it was moved to another day) is rare. Rows of copied text, whose keys begin
 * with `~`, are left out: neither their keywords nor their upvotes can be known.
 */
const onLists = (rows = 'periods AS p CROSS JOIN appearances AS a', and = ''): string => `${PERIODS},
  listed AS (SELECT p.name AS period, a.paper_id, a.upvotes AS votes, max(coalesce(a.read_at, '') || a.day)
    FROM ${rows} WHERE a.list = 'daily' AND a.day BETWEEN p.first AND p.last AND a.paper_id < '~' ${and}
    GROUP BY period, a.paper_id)`;

const LISTED = `${onLists()} SELECT period, count(*) AS papers, sum(votes) AS upvotes,
    count(k.id) AS known, sum(votes) FILTER (WHERE k.id IS NOT NULL) AS knownUpvotes
  FROM listed LEFT JOIN papers AS k ON k.id = paper_id AND k.keywords IS NOT NULL GROUP BY period`;

const CAPTURED = `${PERIODS}
  SELECT p.name AS period, count(*) AS days FROM periods AS p CROSS JOIN coverage AS c
    ON c.list = 'daily' AND c.day BETWEEN p.first AND p.last
  WHERE c.captures > 0 GROUP BY period`;

/**
 * The papers of a topic on the lists. Those of a keyword are few and are looked up on the lists; a phrase asks the index of ids for the rowid, since
 * the rows of papers are long.
 */
const OF: Readonly<Record<Topic['kind'], string>> = {
  keyword: onLists(`(SELECT DISTINCT paper_id FROM paper_keywords WHERE plain_slug = ?) AS k
    CROSS JOIN appearances AS a ON a.paper_id = k.paper_id CROSS JOIN periods AS p`),
  phrase: onLists(
    undefined,
    'AND (SELECT rowid FROM papers WHERE id = a.paper_id) IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?)',
  ),
};

/** A phrase for MATCH, whatever characters it has: its words in this order, in the title or the abstract. */
const asMatch = (phrase: string): string => `{title abstract} : "${plainLetters(phrase).replaceAll('"', '""')}"`;

/** What the daily lists of each period hold. */
export function countListed(catalog: Catalog, periods: readonly Period[]): (period: Period) => ListedCounts {
  const asked = [JSON.stringify(periods)];
  const rows = new Map(cachedRows<ListedRow>(catalog, LISTED, asked).map((row) => [row.period, row]));
  const captured = new Map(
    cachedRows<{ period: string; days: number }>(catalog, CAPTURED, asked).map(({ period, days }) => [period, days]),
  );
  return ({ name }) => {
    const row = rows.get(name);
    return {
      all: row ?? NONE,
      known: row ? { papers: row.known, upvotes: row.known === 0 ? 0 : row.knownUpvotes } : NONE,
      daysCaptured: captured.get(name) ?? 0,
    };
  };
}

/** The papers of a topic on the daily lists of each period. */
export function countTopicPapers(
  catalog: Catalog,
  { kind, topic }: Topic,
  periods: readonly Period[],
): (period: Period) => TopicCounts {
  const sql = `${OF[kind]} SELECT period, count(*) AS papers, sum(votes) AS upvotes FROM listed GROUP BY period`;
  const values = [JSON.stringify(periods), kind === 'phrase' ? asMatch(topic) : foldKeyword(topic)];
  const rows = new Map(cachedRows<Row>(catalog, sql, values).map((row) => [row.period, row]));
  return ({ name }) => rows.get(name) ?? NONE;
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
