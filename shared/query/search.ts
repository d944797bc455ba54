import type { Catalog, SqlValue } from '../catalog/sqlite.ts';
import type { Day, Instant } from '../lib/time.ts';
import type { ListName } from '../model/list.ts';
import { cachedRows } from './cached-rows.ts';
import { catalogPaper, catalogSource, type PaperRow } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import { encodeCursor, type Page, type Paging } from './paging.ts';
import type { FoundPaper, SearchAnswer, SearchTerm } from './schemas/search.ts';
import { toMatchExpression } from './search-text.ts';

/** How results are ordered: by BM25; newest first by first sight; most upvotes first, as last read. Equals: newest first, then by id. */
export type SearchSort = SearchAnswer['sort'];

/**
 * What is looked for. `terms` may be empty: then only the filters count. All filters hold of one and the same list that a paper was on;
 * `minUpvotes` of the upvotes last read there, or, without `list`, of those last read anywhere.
 */
export type SearchQuestion = {
  readonly q: string | null;
  readonly terms: readonly SearchTerm[];
  readonly list: ListName | null;
  readonly from: Day | null;
  readonly to: Day | null;
  readonly minUpvotes: number | null;
  readonly maxRank: number | null;
  /** null: by relevance where words are looked for, else by date. */
  readonly sort: SearchSort | null;
};

/**
 * So many papers can be ranked in 50 ms. A word that more hold (at ten years: one in six) tells nothing about which is meant; they come
 * newest first.
 */
const RANKED = 10_000;

/** How much a hit counts in the title, abstract, authors and keywords: the columns of the index. */
export const BM25 = 'bm25(papers_fts, 10, 1, 5, 5)';

/** What a position looks like: the order it is of, the value, first sight and id of the paper that was last. */
export const SEARCH_POSITION = /^(relevance|date|upvotes) (-?[\d.e+-]+) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\S+)$/;

/** Where a paper stands in an order. */
type Place = { readonly id: string; readonly first_seen: Instant; readonly value: number };

/** The papers that hold all the words and fit the filters, a page of them, without `next`. */
export async function searchPapers(
  context: QueryContext,
  question: SearchQuestion,
  paging: Paging,
): Promise<{ answer: SearchAnswer; page: Page<Place> }> {
  const catalog = await context.catalog();
  const { q, terms, list, from, to, minUpvotes, maxRank } = question;
  const words = match(question.terms);
  const held = words.length === 0 ? 0 : countOf(catalog, 'papers_fts', words);
  const asked = { words, fits: filters(question, held) };
  const total = totalOf(catalog, asked, held);
  const after = SEARCH_POSITION.exec(paging.after ?? '');
  const before = after?.[1] as SearchSort | undefined;
  const sort = before && (before !== 'relevance' || words.length > 0) ? before : sortOf(question, total);
  const page = pageOf(catalog, asked, { sort, total, after, limit: paging.limit });
  return {
    answer: {
      q,
      terms: [...terms],
      list,
      from,
      to,
      minUpvotes,
      maxRank,
      sort,
      papers: page.items.map(({ id }) => paperOf(catalog, question, id)),
      total,
      next: null,
      ...catalogSource(catalog, context.sample),
    },
    page,
  };
}

function sortOf({ terms, sort }: SearchQuestion, total: number): SearchSort {
  if (sort === 'date' || sort === 'upvotes') return sort;
  return terms.length === 0 || total > RANKED ? 'date' : 'relevance';
}

/** A piece of SQL with what stands for its question marks. */
type Piece = { readonly sql: string; readonly values: readonly SqlValue[] };

const all = (pieces: readonly Piece[]): Piece => ({
  sql: pieces.length === 0 ? 'true' : pieces.map(({ sql }) => sql).join(' AND '),
  values: pieces.flatMap(({ values }) => values),
});

/** What must hold of a row of appearances, but for its paper. */
function appearance({ list, from, to, minUpvotes, maxRank }: SearchQuestion): Piece[] {
  const given: readonly (readonly [sql: string, value: SqlValue])[] = [
    ['a.list = ?', list],
    ['a.day >= ?', from],
    ['a.day <= ?', to],
    ['a.best_rank <= ?', maxRank],
    ['a.upvotes >= ?', list && minUpvotes],
  ];
  return given.flatMap(([sql, value]) => (value === null ? [] : [{ sql, values: [value] }]));
}

/** A question as SQL: the words, and what else must hold of a row p of papers. */
type Wanted = { readonly words: readonly Piece[]; readonly fits: readonly Piece[] };

/**
 * What must hold of a row p of papers besides the words, which `held` papers hold (0: none are looked for). A few papers are looked up one
 * by one; many are held against all that fit, in less than half the time.
 */
function filters(question: SearchQuestion, held: number): Piece[] {
  const { list, minUpvotes } = question;
  const on = appearance(question);
  const { sql, values } = all(on);
  const fits = held > 0 && held <= RANKED ? EXISTS : 'p.id IN (SELECT a.paper_id FROM appearances a WHERE';
  return [
    ...(on.length === 0 ? [] : [{ sql: `${fits} ${sql})`, values }]),
    ...(minUpvotes !== null && list === null ? [{ sql: 'p.upvotes >= ?', values: [minUpvotes] }] : []),
  ];
}

const EXISTS = 'EXISTS (SELECT 1 FROM appearances a WHERE a.paper_id = p.id AND';
const MATCH = 'papers_fts MATCH ?';
const JOINED = 'papers_fts JOIN papers p ON p.rowid = papers_fts.rowid';

const match = (terms: readonly SearchTerm[]): Piece[] =>
  terms.length === 0 ? [] : [{ sql: MATCH, values: [toMatchExpression(terms)] }];

function countOf(catalog: Catalog, from: string, pieces: readonly Piece[]): number {
  const { sql, values } = all(pieces);
  const [row] = cachedRows<{ total: number }>(catalog, `SELECT count(*) AS total FROM ${from} WHERE ${sql}`, values);
  return row?.total ?? 0;
}

function totalOf(catalog: Catalog, { words, fits }: Wanted, held: number): number {
  if (words.length > 0 && (held === 0 || fits.length === 0)) return held;
  return countOf(catalog, words.length === 0 ? 'papers p' : JOINED, [...words, ...fits]);
}

/** What a page is asked with: the order, behind which position. */
type PageOf = {
  readonly sort: SearchSort;
  readonly total: number;
  readonly after: RegExpExecArray | null;
  readonly limit: number;
};

const VALUES: Readonly<Record<SearchSort, string>> = {
  relevance: `-${BM25}`,
  date: '0',
  upvotes: 'coalesce(p.upvotes, -1)',
};

function pageOf(catalog: Catalog, wanted: Wanted, { sort, total, after, limit }: PageOf): Page<Place> {
  const { from, where } = rowsOf(wanted, sort, total);
  const behind = behindOf(sort, after);
  const by = sort === 'date' ? '' : 'value DESC, ';
  const places = catalog.all<Place>(
    `SELECT * FROM (SELECT p.id, p.first_seen, ${VALUES[sort]} AS value FROM ${from} WHERE ${where.sql})
      WHERE ${behind.sql} ORDER BY ${by}first_seen DESC, id LIMIT ?`,
    [...where.values, ...behind.values, limit + 1],
  );
  const items = places.slice(0, limit);
  const last = items.at(-1);
  const more = last !== undefined && places.length > limit;
  return { items, cursor: more ? encodeCursor(`${sort} ${last.value} ${last.first_seen} ${last.id}`) : null };
}

/**
 * Which rows are ordered. Many are taken from the index of first sights, newest first, until the page is full; few are found first and
 * then sorted.
 */
function rowsOf({ words, fits }: Wanted, sort: SearchSort, total: number): { from: string; where: Piece } {
  if (sort === 'relevance' || words.length === 0)
    return { from: words.length === 0 ? 'papers p' : JOINED, where: all([...words, ...fits]) };
  const many = sort === 'date' && total > RANKED;
  const found = words.map(({ sql, values }) => ({
    sql: `${many ? '+' : ''}p.rowid IN (SELECT rowid FROM papers_fts WHERE ${sql})`,
    values,
  }));
  return { from: `papers p${many ? ' INDEXED BY papers_first_seen' : ''}`, where: all([...found, ...fits]) };
}

/** What holds of the papers behind a position. */
function behindOf(sort: SearchSort, after: RegExpExecArray | null): Piece {
  if (!after) return { sql: 'true', values: [] };
  const [, , value = '', seen = '', id = ''] = after;
  const behind = '(first_seen < ? OR (first_seen = ? AND id > ?))';
  if (sort === 'date') return { sql: behind, values: [seen, seen, id] };
  return { sql: `(value < ? OR (value = ? AND ${behind}))`, values: [Number(value), Number(value), seen, seen, id] };
}

type AppearanceRow = Pick<FoundPaper, 'list' | 'day' | 'bestRank' | 'listUpvotes'>;

/** A paper with the list on which it fits: where its rank was best, the newest of equals. */
function paperOf(catalog: Catalog, question: SearchQuestion, id: string): FoundPaper {
  const [row] = catalog.all<PaperRow>('SELECT * FROM papers WHERE id = ?', [id]);
  const { sql, values } = all(appearance(question));
  const [on] = catalog.all<AppearanceRow>(
    `SELECT a.list, a.day, a.best_rank AS bestRank, a.upvotes AS listUpvotes FROM appearances a
      WHERE a.paper_id = ? AND ${sql} ORDER BY a.best_rank, a.day DESC, a.list LIMIT 1`,
    [id, ...values],
  );
  return catalogPaper(row as PaperRow, on as AppearanceRow);
}
