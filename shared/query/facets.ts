/** How many of the papers that a search finds have which year, list, keyword and organization, and code. */
import { countByBlocks, countByRows, type ValueCounts } from '../catalog/facets.ts';
import { fullNameSql } from '../catalog/sql.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { slugOf } from '../model/paper.ts';
import type { SearchAnswer } from './search.schema.ts';

type Facets = SearchAnswer['facets'];

/** The most papers that are counted: in 50 ms no more can be read. */
const COUNTED = 10_000;
/** So few papers are counted by their rows. */
const FEW = 256;
/** The most keywords and organizations that are given, those of most papers. */
const GIVEN = 20;

/** Which list days count: those of a list (null: any), from one day to another (null: open). */
type ListDays = { readonly list: string | null; readonly from: string | null; readonly to: string | null };

/** Counts papers by their rowids, which ascend: at most 10,000, those added to the catalog last. Years and lists count where `on` holds, years whole. */
export function countFacets(catalog: Catalog, papers: readonly number[], on: ListDays): Facets {
  const { code, lists, organizations, keywords } =
    papers.length <= FEW ? countByRows(catalog, papers) : countByBlocks(catalog, papers.slice(-COUNTED), GIVEN);
  const [years, listed] = [new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, value: string, papers: number) =>
    counts.set(value, (counts.get(value) ?? 0) + papers);
  for (const [texts, count] of lists) {
    const pairs = readPairs(texts, on);
    for (const year of new Set(pairs.map(([, year]) => year))) add(years, year, count);
    for (const list of new Set(pairs.map(([list]) => list))) add(listed, list, count);
  }
  const [keyword, organization] = [keywords, organizations].map((counts) => mostFirst(counts).slice(0, GIVEN)) as [
    Facets['keyword'],
    Facets['organization'],
  ];
  const nameOf = readNames(catalog, { keyword, organization });
  return {
    year: mostFirst(years).sort((a, b) => (a.value < b.value ? 1 : -1)),
    list: mostFirst(listed),
    keyword: keyword.map(({ value, count }) => {
      const name = nameOf('keyword', value);
      return { value: slugOf(name), name, count };
    }),
    organization: organization.map(({ value, count }) => ({ value, name: nameOf('organization', value), count })),
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

/** Reads the names of keywords and organizations, these in full; returns a function that gives the name of a value. */
function readNames(
  catalog: Catalog,
  facets: Pick<Facets, 'keyword' | 'organization'>,
): (kind: keyof typeof facets, value: string) => string {
  const slugs = [facets.keyword, facets.organization].map((facet) => JSON.stringify(facet.map(({ value }) => value)));
  const rows = catalog.all<{ kind: string; plain_slug: string; name: string }>(
    `SELECT kind, plain_slug, name FROM names WHERE kind = 'keyword' AND plain_slug IN (SELECT value FROM json_each(?))
      UNION ALL SELECT kind, plain_slug, coalesce(${fullNameSql('plain_slug')}, name) FROM names
        WHERE kind = 'organization' AND plain_slug IN (SELECT value FROM json_each(?))`,
    slugs,
  );
  const names = new Map(rows.map(({ kind, plain_slug, name }) => [`${kind} ${plain_slug}`, name]));
  return (kind, value) => names.get(`${kind} ${value}`) ?? value;
}
