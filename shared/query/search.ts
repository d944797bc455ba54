import * as z from 'zod';
import type { Catalog, SqlValue } from '../catalog/sqlite.ts';
import type { Instant } from '../lib/time.ts';
import { foldKeyword, parsePaperReference } from '../model/paper.ts';
import { cached, cachedRows } from './cached-rows.ts';
import { catalogPaper, catalogSource, type PaperRow } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import { COUNTED, countFacets } from './facets.ts';
import { encodeCursor, type Page } from './paging.ts';
import { dateRange, endsAfterStart, hasCode, list, nameFilter, orNull, paging, wholeNumber } from './parameters.ts';
import { defineQuestion } from './question.ts';
import type { FoundPaper, SearchAnswer } from './search.schema.ts';
import { type SearchText, searchText, toMatchExpression } from './search-text.ts';

/** What a position looks like: the order it is of, the value, first sight and id of the paper that was last. */
const POSITION = /^(relevance|date|upvotes) (-?[\d.e+-]+) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\S+)$/;

const parameters = z.object({
  q: orNull(searchText),
  list: orNull(list),
  ...dateRange,
  minUpvotes: orNull(
    wholeNumber(
      0,
      'least upvotes: with `list` those last read on the list on which the paper fits, else those last read anywhere',
    ),
  ),
  maxRank: orNull(wholeNumber(1, 'the best rank on the list on which the paper fits is this or a better one')),
  keyword: nameFilter,
  organization: nameFilter,
  code: hasCode,
  sort: orNull(
    z.enum(['relevance', 'date', 'upvotes'], 'must be relevance, date or upvotes').meta({
      description: 'relevance (the default, when q is given), date of first sight, or upvotes as last read anywhere',
    }),
  ),
  ...paging(POSITION, 'date 1 2025-01-08T06:00:00Z 2501.04519'),
});

/**
 * What is searched for. Filters of lists, days and ranks hold for one and the same list that a paper was on; `minUpvotes` for the upvotes last
 * read there, or, without `list`, for those last read anywhere.
 */
export type SearchParameters = z.output<typeof parameters>;

/** The order of results: by BM25; by first sight, newest first; by upvotes as last read, most first. Equals: newest first, then by id. */
export type SearchSort = SearchAnswer['sort'];

/** Full-text search. */
export const searchQuestion = defineQuestion({
  path: '/search',
  costClass: 'slow-whole',
  summary:
    'Papers whose title, abstract, authors or keywords hold the words, and that fit the filters; without words, those that fit. An id or the URL of a paper finds that paper alone, where the archive has it.',
  parameters,
  rules: [endsAfterStart],
  answer: async () => (await import('./search.schema.ts')).SearchAnswer,
  run: searchPapers,
});

/**
 * So many papers can be ranked in 50 ms. A word in more papers (after ten years: in one of six) distinguishes little; they come newest
 * first.
 */
const RANKED = COUNTED;

/** How much a hit counts in the title, abstract, authors and keywords: the columns of the index. */
const BM25 = 'bm25(papers_fts, 10, 1, 5, 5)';

/** A paper's place in an order. */
type Place = { readonly id: string; readonly first_seen: Instant; readonly value: number };

/** The papers that hold the words and fit the filters. A paper's id or URL finds that paper alone, where the archive has it. */
export async function searchPapers(context: QueryContext, asked: SearchParameters): Promise<SearchAnswer> {
  const catalog = await context.catalog();
  const { q, list, from, to, minUpvotes, maxRank, keyword, organization, code } = asked;
  const known = findPaper(catalog, q);
  const words = known === null ? match(q) : [];
  const held = words.length === 0 ? null : countOf(catalog, 'papers_fts', words);
  const wanted = { words, fits: known === null ? filters(asked, held) : [{ sql: 'f.id = ?', values: [known] }] };
  const isFiltered = wanted.fits.length > 0;
  const total = isFiltered ? find(catalog, wanted) : (held ?? countOf(catalog, 'paper_facets', []));
  const after = POSITION.exec(asked.cursor ?? '');
  const before = after?.[1] as SearchSort | undefined;
  const sort = before && (before !== 'relevance' || words.length > 0) ? before : sortOf(asked.sort, words, total);
  const page = pageOf(catalog, wanted, { sort, total, after, limit: asked.limit });
  return {
    q: q?.text ?? null,
    terms: [...(q?.terms ?? [])],
    list,
    from,
    to,
    minUpvotes,
    maxRank,
    keyword,
    organization,
    code: code !== null,
    sort,
    papers: page.items.map(({ id }) => paperOf(catalog, asked, id)),
    total,
    facets: cached(catalog, ['facets', wanted, list, from, to], () => {
      if (!isFiltered) find(catalog, wanted);
      return countFacets(catalog, asked);
    }),
    next: page.next,
    ...catalogSource(catalog, context.sample),
  };
}

function sortOf(sort: SearchSort | null, words: readonly Piece[], total: number): SearchSort {
  if (sort === 'date' || sort === 'upvotes') return sort;
  return words.length === 0 || total > RANKED ? 'date' : 'relevance';
}

/** A piece of SQL with the values of its question marks. */
type Piece = { readonly sql: string; readonly values: readonly SqlValue[] };

const all = (pieces: readonly Piece[]): Piece => ({
  sql: pieces.length === 0 ? 'true' : pieces.map(({ sql }) => sql).join(' AND '),
  values: pieces.flatMap(({ values }) => values),
});

/** Conditions on a row a of appearances, its paper left aside. */
function appearance({ list, from, to, minUpvotes, maxRank }: SearchParameters): Piece[] {
  const given: readonly (readonly [sql: string, value: SqlValue])[] = [
    ['a.list = ?', list],
    ['a.day >= ?', from],
    ['a.day <= ?', to],
    ['a.best_rank <= ?', maxRank],
    ['a.upvotes >= ?', list && minUpvotes],
  ];
  return given.flatMap(([sql, value]) => (value === null ? [] : [{ sql, values: [value] }]));
}

/** A search as SQL: conditions on the index of words, and on a row f of paper_facets. */
type Wanted = { readonly words: readonly Piece[]; readonly fits: readonly Piece[] };

/**
 * Conditions on the lists that a paper was on. Lists and whole years, as facets offer them, stand in its row. Otherwise a few of `held` papers
 * are checked one by one. Many are compared with all that fit: by the sum of their days on each list where that says enough, which is four
 * times as fast as by their days.
 */
function listed(question: SearchParameters, held: number | null): Piece[] {
  const { list, from, to, minUpvotes, maxRank } = question;
  const on = appearance(question);
  if (on.length === 0) return [];
  const year = from?.slice(0, 4);
  const isYear = year !== undefined && from === `${year}-01-01` && to === `${year}-12-31`;
  if (maxRank === null && (list === null || minUpvotes === null) && (isYear || (from === null && to === null)))
    return [
      {
        sql: "instr(',' || f.lists || ',', ?) > 0",
        values: [`${list === null ? '' : `,${list}`} ${isYear ? `${year},` : ''}`],
      },
    ];
  const { sql, values } = all(on);
  if (held !== null && held <= RANKED)
    return [{ sql: `EXISTS (SELECT 1 FROM appearances a WHERE a.paper_id = f.id AND ${sql})`, values }];
  const conditions = [from ?? to, maxRank, list && minUpvotes].filter((given) => given !== null).length;
  if (conditions > 1)
    return [
      {
        sql: `f.id IN (SELECT a.paper_id FROM appearances a WHERE a.list IN (SELECT DISTINCT list FROM coverage) AND ${sql})`,
        values,
      },
    ];
  const sums: Piece[] = [
    ...(list === null ? [] : [{ sql: 'l.list = ?', values: [list] }]),
    ...(from === null ? [] : [{ sql: 'l.last_day >= ?', values: [from] }]),
    ...(to === null ? [] : [{ sql: 'l.first_day <= ?', values: [to] }]),
    ...(maxRank === null ? [] : [{ sql: 'l.best_rank <= ?', values: [maxRank] }]),
    ...(list === null || minUpvotes === null ? [] : [{ sql: 'l.upvotes >= ?', values: [minUpvotes] }]),
    // on days before and after the range, and perhaps on none within
    ...(from === null || to === null
      ? []
      : [
          {
            sql: `(l.first_day >= ? OR l.last_day <= ? OR EXISTS (SELECT 1 FROM appearances a
              WHERE a.paper_id = (SELECT id FROM papers WHERE rowid = l.paper) AND a.list = l.list AND a.day BETWEEN ? AND ?))`,
            values: [from, to, from, to],
          },
        ]),
  ];
  const { sql: fits, values: given } = all(sums);
  return [{ sql: `f.paper IN (SELECT l.paper FROM paper_lists l WHERE ${fits})`, values: given }];
}

/** Conditions on a row f of paper_facets besides the words, which `held` papers hold (null: no words are searched for). */
function filters(question: SearchParameters, held: number | null): Piece[] {
  const { list, minUpvotes, keyword, organization, code } = question;
  return [
    ...listed(question, held),
    ...(minUpvotes !== null && list === null ? [{ sql: 'f.upvotes >= ?', values: [minUpvotes] }] : []),
    ...(keyword === null ? [] : [{ sql: WITH_KEYWORD, values: [foldKeyword(keyword)] }]),
    ...(organization === null ? [] : [{ sql: 'f.organization = ?', values: [organization] }]),
    ...(code === null ? [] : [{ sql: 'f.code = 1', values: [] }]),
  ];
}

const MATCH = 'papers_fts MATCH ?';
const WITH_KEYWORD =
  'f.paper IN (SELECT rowid FROM papers WHERE id IN (SELECT paper_id FROM paper_keywords WHERE plain_slug = ?))';
const JOINED = 'papers_fts JOIN paper_facets f ON f.paper = papers_fts.rowid';

const match = (q: SearchText | null): Piece[] =>
  q === null ? [] : [{ sql: MATCH, values: [toMatchExpression(q.anyOf)] }];

function countOf(catalog: Catalog, from: string, pieces: readonly Piece[]): number {
  const { sql, values } = all(pieces);
  const [row] = cachedRows<{ total: number }>(catalog, `SELECT count(*) AS total FROM ${from} WHERE ${sql}`, values);
  return row?.total ?? 0;
}

/** Puts the papers that are wanted into the table `found`. */
function find(catalog: Catalog, { words, fits }: Wanted): number {
  const column = words.length === 0 ? 'f.paper' : 'papers_fts.rowid';
  const from = words.length === 0 ? 'paper_facets f' : fits.length === 0 ? 'papers_fts' : JOINED;
  const { sql, values } = all([...words, ...fits]);
  return catalog.find(`SELECT ${column} FROM ${from} WHERE ${sql}`, values);
}

/** Which page: its order, and the position after which it begins. */
type PageOf = {
  readonly sort: SearchSort;
  readonly total: number;
  readonly after: RegExpExecArray | null;
  readonly limit: number;
};

const VALUES: Readonly<Record<SearchSort, string>> = {
  relevance: `-${BM25}`,
  date: '0',
  upvotes: 'coalesce(f.upvotes, -1)',
};

function pageOf(catalog: Catalog, wanted: Wanted, { sort, total, after, limit }: PageOf): Page<Place> {
  const { from, where } = rowsOf(wanted, sort, total);
  const behind = behindOf(sort, after);
  const by = sort === 'date' ? '' : 'value DESC, ';
  const places = catalog.all<Place>(
    `SELECT * FROM (SELECT f.id, f.first_seen, ${VALUES[sort]} AS value FROM ${from} WHERE ${where.sql})
      WHERE ${behind.sql} ORDER BY ${by}first_seen DESC, id LIMIT ?`,
    [...where.values, ...behind.values, limit + 1],
  );
  const items = places.slice(0, limit);
  const last = items.at(-1);
  const more = last !== undefined && places.length > limit;
  return { items, next: more ? encodeCursor(`${sort} ${last.value} ${last.first_seen} ${last.id}`) : null };
}

/**
 * Which rows are ordered: those in `found`; without filters all that hold the words. Many are taken from the index of first sights, newest first,
 * until the page is full; few are sorted. Relevance asks the index of words again.
 */
function rowsOf({ words, fits }: Wanted, sort: SearchSort, total: number): { from: string; where: Piece } {
  const isFiltered = fits.length > 0;
  if (sort === 'relevance') return { from: JOINED, where: all(isFiltered ? [...words, IS_FOUND] : words) };
  const held = words.map(({ sql, values }) => ({
    sql: `+f.paper IN (SELECT rowid FROM papers_fts WHERE ${sql})`,
    values,
  }));
  if (sort === 'date' && total > RANKED)
    return { from: 'paper_facets f INDEXED BY facets_first_seen', where: all(isFiltered ? [IS_FOUND] : held) };
  return isFiltered
    ? { from: 'found CROSS JOIN paper_facets f ON f.paper = found.paper', where: all([]) }
    : { from: words.length > 0 ? JOINED : 'paper_facets f', where: all(words) };
}
const IS_FOUND: Piece = { sql: '+f.paper IN found', values: [] };

/** Condition on the papers after a position. */
function behindOf(sort: SearchSort, after: RegExpExecArray | null): Piece {
  if (!after) return { sql: 'true', values: [] };
  const [, , value = '', seen = '', id = ''] = after;
  const behind = '(first_seen < ? OR (first_seen = ? AND id > ?))';
  if (sort === 'date') return { sql: behind, values: [seen, seen, id] };
  return { sql: `(value < ? OR (value = ? AND ${behind}))`, values: [Number(value), Number(value), seen, seen, id] };
}

type AppearanceRow = Pick<FoundPaper, 'list' | 'day' | 'bestRank' | 'listUpvotes'>;

/** The id of the paper that is searched for by its id or URL; null for other text, and for a paper that the archive does not have. */
function findPaper(catalog: Catalog, q: SearchText | null): string | null {
  const id = parsePaperReference(q?.text ?? '');
  return id !== null && catalog.all('SELECT 1 FROM papers WHERE id = ?', [id]).length > 0 ? id : null;
}

/**
 * A paper with the list on which it fits: where its rank was best, the newest of equals. Where it fits on none, as a paper may that was searched for
 * by its id, any list counts.
 */
function paperOf(catalog: Catalog, question: SearchParameters, id: string): FoundPaper {
  const [row] = catalog.all<PaperRow>('SELECT * FROM papers WHERE id = ?', [id]);
  const bestOf = ({ sql, values }: Piece): AppearanceRow | undefined =>
    catalog.all<AppearanceRow>(
      `SELECT a.list, a.day, a.best_rank AS bestRank, a.upvotes AS listUpvotes FROM appearances a
        WHERE a.paper_id = ? AND ${sql} ORDER BY a.best_rank, a.day DESC, a.list LIMIT 1`,
      [id, ...values],
    )[0];
  const on = bestOf(all(appearance(question))) ?? bestOf(all([]));
  return catalogPaper(row as PaperRow, on as AppearanceRow);
}
