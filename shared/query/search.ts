import * as z from 'zod';
import { flagPapers } from '../catalog/facets.ts';
import { PAPERS_WITH_KEYWORD } from '../catalog/sql.ts';
import type { Catalog, SqlValue } from '../catalog/sqlite.ts';
import { LIMIT } from '../lib/sqlite.ts';
import type { Instant } from '../lib/time.ts';
import { foldKeyword, parsePaperReference } from '../model/paper.ts';
import { cached, cachedRows } from './cached-rows.ts';
import { catalogPaper, catalogSource, PAPER_COLUMNS, type PaperRow } from './catalog-paper.ts';
import type { QueryContext } from './context.ts';
import { countFacets } from './facets.ts';
import { encodeCursor, type Page } from './paging.ts';
import { dateRange, endsAfterStart, hasCode, list, nameFilter, orNull, paging, wholeNumber } from './parameters.ts';
import { between, findPapers, type Piece } from './pieces.ts';
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

/** So many papers can be ranked in 20 ms. A word in more papers (after ten years: in one of twelve) distinguishes little; they come newest first. */
const RANKED = 5000;

/** How much a hit counts in the title, abstract, authors and keywords: the columns of the index. */
const BM25 = 'bm25(papers_fts, 10, 1, 5, 5)';

/** A paper's place in an order. */
type Place = { readonly paper: number; readonly id: string; readonly first_seen: Instant; readonly value: number };

/** The papers that hold the words and fit the filters. A paper's id or URL finds that paper alone, where the archive has it. */
export async function searchPapers(context: QueryContext, asked: SearchParameters): Promise<SearchAnswer> {
  const catalog = await context.catalog();
  const { q, list, from, to, minUpvotes, maxRank, keyword, organization, code } = asked;
  const known = findPaper(catalog, q);
  const wanted =
    known === null
      ? { words: wordsOf(catalog, asked), ...filters(asked) }
      : { words: [], onList: [], fits: [{ sql: 'f.id = ?', values: [known] }] };
  const { words } = wanted;
  // another process may write once the papers are found
  const state = catalog.state();
  const found = find(catalog, wanted);
  const total = found.length;
  const after = POSITION.exec(asked.cursor ?? '');
  const before = after?.[1] as SearchSort | undefined;
  const sort = before && (before !== 'relevance' || words.length > 0) ? before : sortOf(asked.sort, words, total);
  const page = pageOf(catalog, words, { sort, found, after, limit: asked.limit });
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
    papers: readPapers(
      catalog,
      asked,
      page.items.map(({ paper }) => paper),
    ),
    total,
    facets: cached(catalog, ['facets', wanted, list, from, to], () => countFacets(catalog, found, asked), state),
    next: page.next,
    ...catalogSource(catalog, context.sample),
  };
}

function sortOf(sort: SearchSort | null, words: readonly Piece[], total: number): SearchSort {
  if (sort === 'date' || sort === 'upvotes') return sort;
  return words.length === 0 || total > RANKED ? 'date' : 'relevance';
}

const all = (pieces: readonly Piece[]): Piece => ({
  sql: pieces.length === 0 ? 'true' : pieces.map(({ sql }) => sql).join(' AND '),
  values: pieces.flatMap(({ values }) => values),
});

/** Those of the conditions whose value is given. */
const given = (...conditions: readonly (readonly [sql: string, value: SqlValue])[]): Piece[] =>
  conditions.flatMap(([sql, value]) => (value === null ? [] : [{ sql, values: [value] }]));

/** Conditions on a row a of appearances, its paper left aside. */
const appearance = ({ list, from, to, minUpvotes, maxRank }: SearchParameters): Piece[] =>
  given(
    ['a.list = ?', list],
    ['a.day >= ?', from],
    ['a.day <= ?', to],
    ['a.best_rank <= ?', maxRank],
    ['a.upvotes >= ?', list && minUpvotes],
  );

/** A search as SQL: conditions on the index of words, on a row l of paper_lists, and on a row f of paper_facets. */
type Wanted = { readonly words: readonly Piece[]; readonly onList: readonly Piece[]; readonly fits: readonly Piece[] };

/**
 * Conditions on the lists that a paper was on. Without a list its row f often says enough; else its sums l for a list do, and where those do not
 * either, its days on that list. Whole years, as facets offer them, stand in the row f.
 */
function listed(question: SearchParameters): Omit<Wanted, 'words'> {
  const { list, from, to, minUpvotes, maxRank } = question;
  const year = from?.slice(0, 4);
  const isYear = from === `${year}-01-01` && to === `${year}-12-31`;
  const isRange = from !== null && to !== null;
  const conditions = [from ?? to, maxRank, list && minUpvotes].filter((value) => value !== null).length;
  const sums = (row: 'f' | 'l') =>
    given([`${row}.last_day >= ?`, from], [`${row}.first_day <= ?`, to], [`${row}.best_rank <= ?`, maxRank]);
  const onList = [...given(['l.list = ?', list], ['l.upvotes >= ?', list && minUpvotes]), ...sums('l')];
  if (conditions <= 1 && !isRange) return list === null ? { onList: [], fits: sums('f') } : { onList, fits: [] };
  if (list === null && conditions === 1 && isYear)
    return { onList: [], fits: [{ sql: "instr(f.lists || ',', ?) > 0", values: [` ${year},`] }] };
  const enough: Piece =
    conditions > 1
      ? { sql: 'l.first_day = l.last_day', values: [] }
      : { sql: 'l.first_day >= ? OR l.last_day <= ?', values: [from, to] };
  const days = all(appearance(question));
  const onDay: Piece = {
    sql: `(${enough.sql} OR EXISTS (SELECT 1 FROM appearances a WHERE a.paper_id = f.id AND a.list = l.list AND ${days.sql}))`,
    values: [...enough.values, ...days.values],
  };
  if (list !== null) return { onList, fits: [onDay] };
  const { sql, values } = all([...onList, onDay]);
  const onAny: Piece = { sql: `EXISTS (SELECT 1 FROM paper_lists l WHERE l.paper = f.paper AND ${sql})`, values };
  return { onList: [], fits: [...sums('f'), onAny] };
}

/** Conditions on the index of words: the words, and those filters that are checked faster there than on the row f; none without words. */
function wordsOf(catalog: Catalog, question: SearchParameters): Piece[] {
  const { q, keyword } = question;
  // the plus: FTS5 would look for the words anew in each paper of the keyword
  return q === null ? [] : [match(q), ...indexRangeOf(catalog, question), ...ofKeyword('+papers_fts.rowid', keyword)];
}

const ofKeyword = (paper: string, keyword: string | null): Piece[] =>
  given([`${paper} IN (${PAPERS_WITH_KEYWORD})`, keyword && foldKeyword(keyword)]);

/** The part of the index of words that holds the papers of a range of days. */
function indexRangeOf(catalog: Catalog, { from, to }: SearchParameters): Piece[] {
  if (from === null && to === null) return [];
  const { sql, values } = all(given(['last_day >= ?', from], ['first_day <= ?', to]));
  const [ends] = cachedRows<{ first: number | null; last: number | null }>(
    catalog,
    `SELECT min(paper) AS first, max(paper) AS last FROM paper_facets WHERE ${sql}`,
    values,
  );
  return [between('papers_fts.rowid', ends?.first ?? 0, ends?.last ?? 0)];
}

/** Conditions besides the words. */
function filters(question: SearchParameters): Omit<Wanted, 'words'> {
  const { q, list, minUpvotes, keyword, organization, code } = question;
  const { onList, fits } = listed(question);
  return {
    onList,
    fits: [
      ...fits,
      ...given(
        ['f.upvotes >= ?', list === null ? minUpvotes : null],
        ['f.organization = ?', organization],
        ['f.code = ?', code && 1],
      ),
      ...(q === null ? ofKeyword('f.paper', keyword) : []),
    ],
  };
}

const match = (q: SearchText): Piece => ({ sql: 'papers_fts MATCH ?', values: [toMatchExpression(q.anyOf)] });
const JOINED = 'papers_fts CROSS JOIN paper_facets f ON f.paper = papers_fts.rowid';

/** The papers that are wanted, by their rowids, those added to the catalog last at the end. */
function find(catalog: Catalog, { words, onList, fits }: Wanted): readonly number[] {
  const [from, paper] = words.length > 0 ? ['papers_fts', 'papers_fts.rowid'] : ['paper_facets f', 'f.paper'];
  const lists = onList.length > 0 ? `CROSS JOIN paper_lists l ON l.paper = ${paper}` : '';
  const facets = words.length > 0 && fits.length > 0 ? `CROSS JOIN paper_facets f ON f.paper = ${paper}` : '';
  const { sql, values } = all([...words, ...onList, ...fits]);
  const select = `SELECT ${paper} AS paper FROM ${from} ${lists} ${facets} WHERE ${sql} ORDER BY ${paper}`;
  return JSON.parse(findPapers(catalog, { sql: select, values }));
}

/** Which page of the papers found: its order, and the position after which it begins. */
type PageOf = {
  readonly sort: SearchSort;
  readonly found: readonly number[];
  readonly after: RegExpExecArray | null;
  readonly limit: number;
};

const VALUES: Readonly<Record<SearchSort, string>> = {
  relevance: `-${BM25}`,
  date: '0',
  upvotes: 'coalesce(f.upvotes, -1)',
};

function pageOf(catalog: Catalog, words: readonly Piece[], { sort, found, after, limit }: PageOf): Page<Place> {
  const { from, where } = rowsOf(words, sort, found);
  const behind = behindOf(sort, after);
  const by = sort === 'date' ? '' : 'value DESC, ';
  const places = catalog.all<Place>(
    `SELECT * FROM (SELECT f.paper, f.id, f.first_seen, ${VALUES[sort]} AS value FROM ${from} WHERE ${where.sql})
      WHERE ${behind.sql} ORDER BY ${by}first_seen DESC, id ${LIMIT}`,
    [...where.values, ...behind.values, limit + 1],
  );
  const items = places.slice(0, limit);
  const last = items.at(-1);
  const more = last !== undefined && places.length > limit;
  return { items, next: more ? encodeCursor(`${sort} ${last.value} ${last.first_seen} ${last.id}`) : null };
}

/** Which rows are ordered: those found. Few are sorted; many are taken from an index in their order until the page is full. */
function rowsOf(words: readonly Piece[], sort: SearchSort, found: readonly number[]): { from: string; where: Piece } {
  if (sort === 'relevance') return { from: JOINED, where: all([isOneOf('papers_fts.rowid', found), ...words]) };
  const index = sort === 'date' ? 'facets_first_seen' : 'facets_upvotes';
  if (found.length > RANKED) return { from: `paper_facets f INDEXED BY ${index}`, where: isOneOf('f.paper', found) };
  const few: Piece = { sql: 'f.paper IN (SELECT value FROM json_each(?))', values: [JSON.stringify(found)] };
  return { from: 'paper_facets f', where: few };
}

/** A condition on a rowid: it is one of these. They are given as a byte for each rowid, since a list of thousands would be made a table first. */
function isOneOf(rowid: string, papers: readonly number[]): Piece {
  return { sql: `substr(?, ${rowid} + 1, 1) = x'01'`, values: [flagPapers(papers)] };
}

/** Condition on the papers after a position. */
function behindOf(sort: SearchSort, after: RegExpExecArray | null): Piece {
  if (!after) return { sql: 'true', values: [] };
  const [, , value = '', seen = '', id = ''] = after;
  // written so that an index is entered at the position
  const behind = 'first_seen <= ? AND (first_seen < ? OR id > ?)';
  if (sort === 'date') return { sql: behind, values: [seen, seen, id] };
  return { sql: `value <= ? AND (value < ? OR (${behind}))`, values: [Number(value), Number(value), seen, seen, id] };
}

type AppearanceRow = Pick<FoundPaper, 'list' | 'day' | 'bestRank' | 'listUpvotes'>;

/** The id of the paper that is searched for by its id or URL; null for other text, and for a paper that the archive does not have. */
function findPaper(catalog: Catalog, q: SearchText | null): string | null {
  const id = parsePaperReference(q?.text ?? '');
  return id !== null && catalog.all('SELECT 1 FROM papers WHERE id = ?', [id]).length > 0 ? id : null;
}

/**
 * Papers, by their rowids, with the list on which they fit: where their rank was best, the newest of equals. Where one fits on none, as a paper
 * may that was searched for by its id, any list counts.
 */
function readPapers(catalog: Catalog, question: SearchParameters, papers: readonly number[]): FoundPaper[] {
  const fits = all(appearance(question));
  const rows = catalog.all<PaperRow & AppearanceRow>(
    `SELECT p.*, a.list, a.day, a.best_rank AS bestRank, a.upvotes AS listUpvotes
      FROM json_each(?) AS asked CROSS JOIN (SELECT rowid AS paper, ${PAPER_COLUMNS} FROM papers) AS p ON p.paper = asked.value
        CROSS JOIN appearances AS a ON (a.list, a.day, a.paper_id) = (SELECT a.list, a.day, a.paper_id FROM appearances AS a
          WHERE a.paper_id = p.id ORDER BY (${fits.sql}) IS TRUE DESC, a.best_rank, a.day DESC, a.list LIMIT 1)
      ORDER BY asked.key`,
    [JSON.stringify(papers), ...fits.values],
  );
  return rows.map((row) => {
    const { list, day, bestRank, listUpvotes } = row;
    return catalogPaper(row, { list, day, bestRank, listUpvotes });
  });
}
