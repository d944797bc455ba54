/** How many papers of the daily lists are of a topic: the counts that topics are made of. */
import type { Catalog, Value } from '../catalog/sqlite.ts';
import { tables } from '../catalog/tables.ts';
import type { Day } from '../kit/clock.ts';
import type { Period } from '../kit/period.ts';

/** A keyword by its slug, or a phrase that stands in a title or an abstract. */
export type Topic = { readonly kind: 'keyword' | 'phrase'; readonly topic: string };

/** Papers of a week or month, each once, and their upvotes as last told by its lists (null: none were told). */
export type Counted = { readonly papers: number; readonly upvotes: number | null };
/** What a period's lists hold: all papers, those whose keywords are known, and the days with a usable capture. */
export type Listed = { readonly all: Counted; readonly known: Counted; readonly daysCaptured: number };

const NONE: Counted = { papers: 0, upvotes: 0 };

type Row = { readonly period: string; readonly papers: number; readonly upvotes: number | null };

/**
 * Papers on the daily lists of each period, each once with what its last capture there told. The grouping by a period and a paper keeps
 * the row with the greatest time; a paper on two lists of a period (it was moved to another day) is rare.
 */
const onLists = (where: string): string => `
  SELECT p.value ->> 'name' AS period, a.paper_id, a.upvotes, max(coalesce(a.read_at, '') || a.target)
  FROM json_each(?) AS p CROSS JOIN appearances AS a
    ON a.list = 'daily' AND a.target BETWEEN p.value ->> 'from' AND p.value ->> 'to'
  ${where} GROUP BY period, a.paper_id`;

const counts = (where: string): string =>
  `SELECT period, count(*) AS papers, sum(upvotes) AS upvotes FROM (${onLists(where)}) GROUP BY period`;

const KNOWN = 'WHERE a.paper_id IN (SELECT id FROM papers WHERE keywords IS NOT NULL)';
const OF: Readonly<Record<Topic['kind'], string>> = {
  keyword: 'WHERE a.paper_id IN (SELECT paper_id FROM paper_keywords WHERE slug = ?)',
  phrase:
    'WHERE a.paper_id IN (SELECT id FROM papers_fts JOIN papers ON papers.rowid = papers_fts.rowid WHERE papers_fts MATCH ?)',
};

/** A phrase as FTS5 takes it, whatever it holds: its words one after the other, in one of the two. */
const asMatch = (phrase: string): string => `{title abstract} : "${phrase.replaceAll('"', '""')}"`;

function countsOf(catalog: Catalog, where: string, values: readonly Value[]): (period: Period) => Counted {
  const rows = new Map(catalog.all<Row>(counts(where), values).map(({ period, ...counted }) => [period, counted]));
  return ({ name }) => rows.get(name) ?? NONE;
}

/** What the daily lists of each period hold. */
export function listedIn(catalog: Catalog, periods: readonly Period[]): (period: Period) => Listed {
  const asked = JSON.stringify(periods);
  const all = countsOf(catalog, '', [asked]);
  const known = countsOf(catalog, KNOWN, [asked]);
  const captured = new Map(
    catalog
      .all<{ period: string; days: number }>(
        `SELECT p.value ->> 'name' AS period, count(*) AS days FROM json_each(?) AS p CROSS JOIN coverage AS c
          ON c.list = 'daily' AND c.day BETWEEN p.value ->> 'from' AND p.value ->> 'to'
        WHERE c.captures > 0 GROUP BY period`,
        [asked],
      )
      .map(({ period, days }) => [period, days]),
  );
  return (period) => ({
    all: all(period),
    known: known(period),
    daysCaptured: captured.get(period.name) ?? 0,
  });
}

/** The papers of a topic on the daily lists of each period. */
export const papersOf = (catalog: Catalog, { kind, topic }: Topic, periods: readonly Period[]) =>
  countsOf(catalog, OF[kind], [JSON.stringify(periods), kind === 'phrase' ? asMatch(topic) : topic]);

/** What a topic is counted against: for a keyword the papers whose keywords are known, for a phrase all. */
export const totalFor = (kind: Topic['kind'], { all, known }: Listed): Counted => (kind === 'keyword' ? known : all);

/** A part of a total; null where there is none, and where the total stands for less than half of what was listed. */
export const shareOf = (part: number | null, total: number | null, isTelling: boolean): number | null =>
  part === null || !total || !isTelling ? null : part / total;

/** True when a total stands for at least half of what was listed. */
export const isTelling = (total: Counted, { all }: Listed): boolean => total.papers * 2 >= all.papers;

/** Days from which the feed tells something that a keyword's numbers rest on. */
export const keywordBreaks = (): { day: Day; what: string }[] =>
  tables.paper_keywords.columns.flatMap(({ name, since }) =>
    name === 'keyword' && since ? [{ day: since, what: 'the feed names keywords from here on' }] : [],
  );
