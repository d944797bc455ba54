/** How many of the papers that a search finds have which year, list, keyword and organization, and code. */
import type { Catalog } from '../catalog/sqlite.ts';
import { slugOf } from '../model/paper.ts';
import type { SearchAnswer } from './search.schema.ts';

type Facets = SearchAnswer['facets'];

/** The most papers that are counted: in 50 ms no more can be read. */
const COUNTED = 10_000;
/** The most keywords and organizations that are given, those of most papers. */
const GIVEN = 20;

/** What of papers is counted: pairs of list and year, numbers of keywords, slugs of organizations, and how many have code. */
type FacetTexts = {
  readonly lists: string;
  readonly keywords: string | null;
  readonly lastKeyword: number | null;
  readonly organizations: string | null;
  readonly code: number | null;
};

/** Which list days count: those of a list (null: any), from one day to another (null: open). */
type ListDays = { readonly list: string | null; readonly from: string | null; readonly to: string | null };

/** Counts the papers in the table `found`, at most 10,000, those added to the catalog last. Years and lists count where `on` holds, years whole. */
export function countFacets(catalog: Catalog, on: ListDays): Facets {
  // one row of long texts is read in half the time of 10,000 short ones
  const [texts] = catalog.all<FacetTexts>(
    `SELECT group_concat(lists, ';') AS lists, group_concat(keyword_ids) AS keywords, (SELECT max(id) FROM keyword_ids) AS lastKeyword,
        group_concat(organization) AS organizations, sum(code) AS code
      FROM (SELECT f.lists, f.keyword_ids, f.organization, f.code FROM found CROSS JOIN paper_facets f ON f.paper = found.paper
        ORDER BY found.paper DESC LIMIT ?)`,
    [COUNTED],
  );
  const [years, lists]: [Counts, Counts] = [new Map(), new Map()];
  for (const { value, count } of countTexts(texts?.lists, ';').values()) {
    const pairs = readPairs(value, on);
    for (const year of new Set(pairs.map(([, year]) => year))) add(years, year, count);
    for (const list of new Set(pairs.map(([list]) => list))) add(lists, list, count);
  }
  return {
    year: mostFirst(years).sort((a, b) => (a.value < b.value ? 1 : -1)),
    list: mostFirst(lists),
    keyword: withNames(catalog, 'keyword', mostFirst(countKeywords(catalog, texts)).slice(0, GIVEN)),
    organization: withNames(catalog, 'organization', mostFirst(countTexts(texts?.organizations, ',')).slice(0, GIVEN)),
    code: texts?.code ? [{ value: 'true', name: 'true', count: texts.code }] : [],
  };
}

/** How often values occur; objects, since a map of many values is then written only for new ones. */
type Counts = Map<string, { readonly value: string; count: number }>;

/** Counts how often each of the parts of a text occurs; none of null. */
export function countTexts(texts: string | null | undefined, between: string): Counts {
  const counts: Counts = new Map();
  for (const text of texts?.split(between) ?? []) add(counts, text, 1);
  return counts;
}

/**
 * Counts the keywords that can be among the first. Of 10,000 papers there are 60,000: they are counted by their numbers, which takes a tenth of the
 * time that texts take.
 */
function countKeywords(catalog: Catalog, texts: FacetTexts | undefined): Counts {
  const { numbers, counts } = countNumbers(texts?.keywords ?? '', texts?.lastKeyword ?? 0);
  const countOf = (id: number): number => counts[id] as number;
  const least = Int32Array.from(numbers, countOf).sort().at(-GIVEN) ?? 1;
  const ids = numbers.filter((id) => countOf(id) >= least);
  const rows = catalog.all<{ id: number; plain_slug: string }>(
    'SELECT id, plain_slug FROM keyword_ids WHERE id IN (SELECT value FROM json_each(?))',
    [JSON.stringify(ids)],
  );
  return new Map(rows.map(({ id, plain_slug: value }) => [value, { value, count: countOf(id) }]));
}

/** Lists the numbers from 1 to `last` that stand in a text, between commas, and counts how often each does. */
function countNumbers(
  text: string,
  last: number,
): { readonly numbers: readonly number[]; readonly counts: Int32Array } {
  const counts = new Int32Array(last + 1);
  const numbers: number[] = [];
  let number = 0;
  // one further: a number ends with the text
  for (let at = 0; at <= text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0) number = number * 10 + digit;
    else {
      // an empty text has the number 0, which is that of no keyword
      if (counts[number] === 0 && number > 0) numbers.push(number);
      counts[number] = (counts[number] as number) + 1;
      number = 0;
    }
  }
  return { numbers, counts };
}

function readPairs(lists: string, { list, from, to }: ListDays): (readonly [list: string, year: string])[] {
  return lists
    .split(',')
    .map((pair) => [pair.slice(0, -5), pair.slice(-4)] as const)
    .filter(([name, year]) => (list ?? name) === name && (from ?? year) <= `${year}-12-31` && (to ?? '~') >= year);
}

function add(counts: Counts, value: string, papers: number): void {
  const known = counts.get(value);
  if (known) known.count += papers;
  else counts.set(value, { value, count: papers });
}

/** Values by how often they occur, equals by their text. */
const mostFirst = (counts: Counts): Facets['year'] =>
  [...counts.values()]
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .map(({ value, count }) => ({ value, name: value, count }));

function withNames(catalog: Catalog, kind: 'keyword' | 'organization', facet: Facets['keyword']): Facets['keyword'] {
  const rows = catalog.all<{ plain_slug: string; name: string }>(
    `SELECT plain_slug, coalesce((SELECT organization_fullname FROM papers
          WHERE kind = 'organization' AND organization_slug = plain_slug AND organization_fullname <> '' LIMIT 1), name) AS name
      FROM names WHERE kind = ? AND plain_slug IN (SELECT value FROM json_each(?))`,
    [kind, JSON.stringify(facet.map(({ value }) => value))],
  );
  const names = new Map(rows.map(({ plain_slug, name }) => [plain_slug, name]));
  return facet.map(({ value, count }) => {
    const name = names.get(value) ?? value;
    return { value: kind === 'keyword' ? slugOf(name) : value, name, count };
  });
}
