/** How many of the papers that a search finds have which year, list, keyword and organization, and code. */
import type { Catalog } from '../catalog/sqlite.ts';
import { slugOf } from '../model/paper.ts';
import type { SearchAnswer } from './search.schema.ts';

type Facets = SearchAnswer['facets'];

/** The most papers that are counted: in 50 ms no more can be read. */
export const COUNTED = 10_000;
/** The most keywords and organizations that are given, those of most papers. */
const GIVEN = 20;

/** What of a paper is counted: pairs of list and year, slugs of keywords, the slug of the organization, and whether it has code. */
type FacetRow = {
  readonly lists: string;
  readonly keywords: string | null;
  readonly organization: string | null;
  readonly code: number;
};

/** Which list days count: those of a list (null: any), from one day to another (null: open). */
type ListDays = { readonly list: string | null; readonly from: string | null; readonly to: string | null };

/** Counts the papers in the table `found`, at most 10,000, those added to the catalog last. Years and lists count where `on` holds, years whole. */
export function countFacets(catalog: Catalog, on: ListDays): Facets {
  const counts = { year: new Map(), list: new Map(), keyword: new Map(), organization: new Map(), code: new Map() };
  const rows = catalog.all<FacetRow>(
    `SELECT f.lists, f.keywords, f.organization, f.code FROM found CROSS JOIN paper_facets f ON f.paper = found.paper
      ORDER BY found.paper DESC LIMIT ?`,
    [COUNTED],
  );
  // few papers differ in their lists and years, so that each text is read once
  const sameLists = new Map<string, number>();
  for (const { lists, keywords, organization, code } of rows) {
    add(sameLists, lists);
    for (const keyword of keywords?.split(',') ?? []) add(counts.keyword, keyword);
    if (organization !== null) add(counts.organization, organization);
    if (code === 1) add(counts.code, 'true');
  }
  for (const [lists, papers] of sameLists) {
    const pairs = readPairs(lists, on);
    for (const year of new Set(pairs.map(([, year]) => year))) add(counts.year, year, papers);
    for (const list of new Set(pairs.map(([list]) => list))) add(counts.list, list, papers);
  }
  return {
    year: mostFirst(counts.year).sort((a, b) => (a.value < b.value ? 1 : -1)),
    list: mostFirst(counts.list),
    keyword: withNames(catalog, 'keyword', mostFirst(counts.keyword).slice(0, GIVEN)),
    organization: withNames(catalog, 'organization', mostFirst(counts.organization).slice(0, GIVEN)),
    code: mostFirst(counts.code),
  };
}

function readPairs(lists: string, { list, from, to }: ListDays): (readonly [list: string, year: string])[] {
  return lists
    .split(',')
    .map((pair) => [pair.slice(0, -5), pair.slice(-4)] as const)
    .filter(([name, year]) => (list ?? name) === name && (from ?? year) <= `${year}-12-31` && (to ?? '~') >= year);
}

const add = (counts: Map<string, number>, value: string, papers = 1): void => {
  counts.set(value, (counts.get(value) ?? 0) + papers);
};

const mostFirst = (counts: ReadonlyMap<string, number>): Facets['year'] =>
  [...counts]
    .map(([value, count]) => ({ value, name: value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));

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
