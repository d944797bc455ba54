/** How many of the papers that a search finds have which year, list, keyword and organization, and code. */
import { countFound, type ValueCounts } from '../catalog/facets.ts';
import { fullNameSql } from '../catalog/sql.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { slugOf } from '../model/paper.ts';
import type { SearchAnswer } from './search.schema.ts';

type Facets = SearchAnswer['facets'];

/** The most papers that are counted: in 50 ms no more can be read. */
const COUNTED = 10_000;
/** The most keywords and organizations that are given, those of most papers. */
const GIVEN = 20;

/** Which list days count: those of a list (null: any), from one day to another (null: open). */
type ListDays = { readonly list: string | null; readonly from: string | null; readonly to: string | null };

/** Counts the papers in the table `found`, at most 10,000, those added to the catalog last. Years and lists count where `on` holds, years whole. */
export function countFacets(catalog: Catalog, on: ListDays): Facets {
  const { code, lists, organizations, keywords } = countFound(catalog, COUNTED, GIVEN);
  const [years, listed] = [new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, value: string, papers: number) =>
    counts.set(value, (counts.get(value) ?? 0) + papers);
  for (const [texts, count] of lists) {
    const pairs = readPairs(texts, on);
    for (const year of new Set(pairs.map(([, year]) => year))) add(years, year, count);
    for (const list of new Set(pairs.map(([list]) => list))) add(listed, list, count);
  }
  return {
    year: mostFirst(years).sort((a, b) => (a.value < b.value ? 1 : -1)),
    list: mostFirst(listed),
    keyword: withNames(catalog, 'keyword', mostFirst(keywords).slice(0, GIVEN)),
    organization: withNames(catalog, 'organization', mostFirst(organizations).slice(0, GIVEN)),
    code: code > 0 ? [{ value: 'true', name: 'true', count: code }] : [],
  };
}

function readPairs(lists: string, { list, from, to }: ListDays): (readonly [list: string, year: string])[] {
  return lists
    .split(',')
    .map((pair) => [pair.slice(0, -5), pair.slice(-4)] as const)
    .filter(([name, year]) => (list ?? name) === name && (from ?? year) <= `${year}-12-31` && (to ?? '~') >= year);
}

/** Values by how often they occur, equals by their text. */
const mostFirst = (counts: ValueCounts): Facets['year'] =>
  [...counts]
    .map(([value, count]) => ({ value, name: value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));

function withNames(catalog: Catalog, kind: 'keyword' | 'organization', facet: Facets['keyword']): Facets['keyword'] {
  const rows = catalog.all<{ plain_slug: string; name: string }>(
    `SELECT plain_slug, coalesce(iif(kind = 'organization', ${fullNameSql('plain_slug')}, NULL), name) AS name FROM names
      WHERE kind = ? AND plain_slug IN (SELECT value FROM json_each(?))`,
    [kind, JSON.stringify(facet.map(({ value }) => value))],
  );
  const names = new Map(rows.map(({ plain_slug, name }) => [plain_slug, name]));
  return facet.map(({ value, count }) => {
    const name = names.get(value) ?? value;
    return { value: kind === 'keyword' ? slugOf(name) : value, name, count };
  });
}
