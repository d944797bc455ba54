/** What papers are filtered, sorted and counted by: short rows, and blocks of numbers. Abstracts are read only for the papers of a page. */
import type { Catalog, SqlValue } from './sqlite.ts';

type Run = (sql: string, values?: readonly SqlValue[]) => void;

/** A block has 256 papers: those whose rowids differ only in the last 8 bits. Reading the 40 blocks of 10,000 papers takes a tenth of the time of reading their rows. */
const BLOCK_BITS = 8;

/** Statements that write the facets of the papers that a SELECT returns by rowid and id. */
const statementsFor = (papers: string): readonly string[] =>
  [
    'DELETE FROM paper_lists WHERE paper IN (SELECT paper FROM changed)',
    // the most upvotes are those last read on a day; rows of copied text have an id above '~', and nothing is known of their keywords
    `INSERT INTO paper_lists SELECT paper, list, min(a.day), max(a.day), min(best_rank), max(a.upvotes), iif(changed.id < '~', keywords IS NOT NULL, NULL)
      FROM changed JOIN papers ON papers.rowid = paper JOIN appearances AS a ON a.paper_id = changed.id GROUP BY paper, list`,
    `INSERT OR REPLACE INTO paper_facets SELECT paper, changed.id, first_seen, papers.upvotes,
      (SELECT group_concat(DISTINCT list || ' ' || substr(day, 1, 4)) FROM appearances WHERE paper_id = changed.id),
      (SELECT group_concat(DISTINCT plain_slug) FROM paper_keywords WHERE paper_id = changed.id AND plain_slug <> ''),
      organization_slug, github_url IS NOT NULL, min(first_day), max(last_day), min(best_rank)
      FROM changed JOIN papers ON papers.rowid = paper JOIN paper_lists USING (paper) GROUP BY paper`,
    `INSERT OR IGNORE INTO facet_values (value) SELECT lists FROM changed JOIN paper_facets USING (paper)
      UNION SELECT organization FROM changed JOIN paper_facets USING (paper) WHERE organization IS NOT NULL
      UNION SELECT plain_slug FROM changed JOIN paper_keywords ON paper_id = changed.id WHERE plain_slug <> ''`,
    `INSERT OR IGNORE INTO keyword_papers SELECT facet_values.id, paper
      FROM changed JOIN paper_keywords ON paper_id = changed.id JOIN facet_values ON value = plain_slug`,
  ].map((sql) => `WITH changed (paper, id) AS (${papers}) ${sql}`);
const OF_ALL = statementsFor('SELECT rowid, id FROM papers');
const OF_SOME = statementsFor('SELECT rowid, id FROM papers WHERE id IN (SELECT value FROM json_each(?))');

/** A paper as a block has it: values by their numbers in `facet_values`. */
type BlockRow = {
  readonly paper: number;
  readonly code: number;
  readonly lists: number;
  readonly organization: number | null;
  /** A list of numbers as JSON. */
  readonly keywords: string;
};
const BLOCK_ROWS = `SELECT paper, code, (SELECT id FROM facet_values WHERE value = lists) AS lists,
    (SELECT id FROM facet_values WHERE value = organization) AS organization,
    (SELECT json_group_array(id) FROM facet_values WHERE value IN
      (SELECT plain_slug FROM paper_keywords WHERE paper_id = f.id AND plain_slug <> '')) AS keywords
  FROM paper_facets AS f`;
const BLOCK_ROWS_OF_SOME = `${BLOCK_ROWS} WHERE paper >> ${BLOCK_BITS} IN
  (SELECT rowid >> ${BLOCK_BITS} FROM papers WHERE id IN (SELECT value FROM json_each(?)))`;

/** Writes the facets of papers, by their ids (null: of all), within a transaction. */
export function writeFacets(catalog: Catalog, run: Run, ids: readonly string[] | null): void {
  const values = ids === null ? [] : [JSON.stringify(ids)];
  for (const sql of ids === null ? OF_ALL : OF_SOME) run(sql, values);
  const rows = catalog.all<BlockRow>(ids === null ? BLOCK_ROWS : BLOCK_ROWS_OF_SOME, values);
  for (const [block, papers] of Map.groupBy(rows, ({ paper }) => paper >> BLOCK_BITS))
    run('INSERT OR REPLACE INTO facet_blocks VALUES (?, ?)', [block, encodeBlock(papers)]);
}

/** Deletes the facets of a paper, before the paper itself, within a transaction. Its block keeps it, which does no harm: only papers that are found are counted. */
export function deleteFacets(run: Run, id: string): void {
  for (const table of ['paper_lists', 'paper_facets'])
    run(`DELETE FROM ${table} WHERE paper = (SELECT rowid FROM papers WHERE id = ?)`, [id]);
}

/** Deletes the links from keywords to a paper, before its keywords are deleted, within a transaction. */
export function deleteKeywordPapers(run: Run, id: string): void {
  run(
    `DELETE FROM keyword_papers WHERE paper = (SELECT rowid FROM papers WHERE id = ?)
      AND keyword IN (SELECT facet_values.id FROM paper_keywords JOIN facet_values ON value = plain_slug WHERE paper_id = ?)`,
    [id, id],
  );
}

/** How many numbers a paper has in a block before its keywords: its rowid, 1 if it has code, its lists, its organization (0: none), how many keywords it has. */
const HEAD = 5;

function encodeBlock(papers: readonly BlockRow[]): Uint8Array {
  const numbers = papers.flatMap(({ paper, code, lists, organization, keywords }) => {
    const ids = JSON.parse(keywords) as number[];
    return [paper, code, lists, organization ?? 0, ids.length, ...ids];
  });
  return new Uint8Array(Int32Array.from(numbers).buffer);
}

/** How many papers have each value. */
export type ValueCounts = ReadonlyMap<string, number>;

/** How many papers have code, and each value; `lists` are the texts of that column of paper_facets. */
export type FacetCounts = {
  readonly code: number;
  readonly lists: ValueCounts;
  readonly organizations: ValueCounts;
  readonly keywords: ValueCounts;
};

type FacetRow = {
  readonly code: number;
  readonly lists: string;
  readonly organization: string | null;
  readonly keywords: string | null;
};

/** Counts papers, by their rowids: up to some hundreds faster than {@link countByBlocks}, which reads the blocks that hold them. */
export function countByRows(catalog: Catalog, papers: readonly number[]): FacetCounts {
  const rows = catalog.all<FacetRow>(
    'SELECT code, lists, organization, keywords FROM paper_facets WHERE paper IN (SELECT value FROM json_each(?))',
    [JSON.stringify(papers)],
  );
  return {
    code: rows.filter(({ code }) => code === 1).length,
    lists: countValues(rows.map(({ lists }) => lists)),
    organizations: countValues(rows.flatMap(({ organization }) => organization ?? [])),
    keywords: countValues(rows.flatMap(({ keywords }) => keywords?.split(',') ?? [])),
  };
}

function countValues(values: readonly string[]): ValueCounts {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** A byte for each rowid up to the greatest: 1 for these papers, 0 for all others. */
export function flagPapers(papers: readonly number[]): Uint8Array {
  const flags = new Uint8Array(papers.reduce((last, paper) => Math.max(last, paper), 0) + 1);
  for (const paper of papers) flags[paper] = 1;
  return flags;
}

/**
 * Counts papers, by their rowids.
 *
 * @param most Organizations and keywords with fewer papers than so many others may be left out.
 */
export function countByBlocks(catalog: Catalog, papers: readonly number[], most: number): FacetCounts {
  const isCounted = flagPapers(papers);
  const rows = catalog.all<{ numbers: Uint8Array }>(
    'SELECT numbers FROM facet_blocks WHERE block IN (SELECT value FROM json_each(?))',
    [JSON.stringify([...new Set(papers.map((paper) => paper >> BLOCK_BITS))])],
  );
  const [last] = catalog.all<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM facet_values');
  const tally = () => createTally(last?.id ?? 0);
  const [lists, organizations, keywords] = [tally(), tally(), tally()];
  let code = 0;
  for (const { numbers: bytes } of rows) {
    const numbers = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / Int32Array.BYTES_PER_ELEMENT);
    for (let at = 0, end = 0; at < numbers.length; at = end) {
      end = at + HEAD + (numbers[at + 4] as number);
      if (!isCounted[numbers[at] as number]) continue;
      code += numbers[at + 1] as number;
      lists.add(numbers[at + 2] as number);
      organizations.add(numbers[at + 3] as number);
      for (let keyword = at + HEAD; keyword < end; keyword++) keywords.add(numbers[keyword] as number);
    }
  }
  const counted = {
    lists: lists.first(Number.POSITIVE_INFINITY),
    organizations: organizations.first(most),
    keywords: keywords.first(most),
  };
  const rowsOfValues = catalog.all<{ id: number; value: string }>(
    'SELECT id, value FROM facet_values WHERE id IN (SELECT value FROM json_each(?))',
    [JSON.stringify(Object.values(counted).flatMap((counts) => counts.map(([id]) => id)))],
  );
  const values = new Map(rowsOfValues.map(({ id, value }) => [id, value]));
  const byValue = (counts: Counts): ValueCounts =>
    new Map(counts.map(([id, count]) => [values.get(id) as string, count]));
  return {
    code,
    lists: byValue(counted.lists),
    organizations: byValue(counted.organizations),
    keywords: byValue(counted.keywords),
  };
}

type Counts = readonly (readonly [id: number, count: number])[];

/** Counts numbers up to `last`, of which 0 stands for no value. */
function createTally(last: number) {
  const counts = new Int32Array(last + 1);
  const seen: number[] = [];
  const countOf = (id: number): number => counts[id] as number;
  return {
    add(id: number): void {
      if (counts[id] === 0 && id > 0) seen.push(id);
      counts[id] = countOf(id) + 1;
    },
    /** At least the `most` numbers that were counted most often, with their counts. */
    first(most: number): Counts {
      const least = Int32Array.from(seen, countOf).sort().at(-most) ?? 1;
      return seen.filter((id) => countOf(id) >= least).map((id) => [id, countOf(id)] as const);
    },
  };
}
