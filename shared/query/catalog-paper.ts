/** Papers of the catalog, and what answers report of it. */
import type { Catalog } from '../catalog/sqlite.ts';
import type { Day, Instant } from '../lib/time.ts';
import type { PaperContent } from '../model/listing.ts';
import { cachedRows } from './cached-rows.ts';
import type { NewAnswer } from './new.schema.ts';
import { ageInHours, paperFields, paperLinks } from './paper-fields.ts';

/** The columns of a paper's content. */
type ContentRow = {
  readonly id: string;
  readonly title: string;
  readonly abstract: string | null;
  readonly authors: string | null;
  readonly keywords: string | null;
  readonly ai_summary: string | null;
  readonly organization: string | null;
  readonly organization_fullname: string | null;
  readonly github_url: string | null;
  readonly project_url: string | null;
  readonly submitted_by: string | null;
  readonly published_at: Instant | null;
  readonly listed_on: Day | null;
};

const CONTENT_COLUMNS =
  'id, title, abstract, authors, keywords, ai_summary, organization, organization_fullname, github_url, project_url, submitted_by, published_at, listed_on';

/** The contents of papers by their keys; a paper without a row has its key for a title. */
export function catalogContents(catalog: Catalog, ids: readonly string[]): (id: string) => PaperContent {
  const rows = catalog.all<ContentRow>(
    `SELECT ${CONTENT_COLUMNS} FROM papers WHERE id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  );
  const contents = new Map(rows.map((row) => [row.id, rowContent(row)]));
  return (id) => contents.get(id) ?? { title: id };
}

/** The content in a row. */
const rowContent = (row: ContentRow): PaperContent => ({
  title: row.title,
  ...(row.abstract !== null && { abstract: row.abstract }),
  ...(row.authors !== null && { authors: JSON.parse(row.authors) }),
  keywords: row.keywords === null ? null : JSON.parse(row.keywords),
  aiSummary: row.ai_summary,
  organization:
    row.organization === null
      ? null
      : { name: row.organization, fullname: row.organization_fullname ?? row.organization },
  githubUrl: row.github_url,
  projectUrl: row.project_url,
  submittedBy: row.submitted_by,
  publishedAt: row.published_at,
  ...(row.listed_on !== null && { listedOn: row.listed_on }),
});

/** The columns of a paper that answers have. */
export type PaperRow = ContentRow & {
  readonly first_seen: Instant;
  readonly upvotes: number | null;
  readonly comments: number | null;
  readonly github_stars: number | null;
  readonly read_at: Instant | null;
};

/** The SQL columns of a `PaperRow`. */
export const PAPER_COLUMNS = `${CONTENT_COLUMNS}, first_seen, upvotes, comments, github_stars, read_at`;

/** A row as the JSON has it; `more` goes before the links. */
export function catalogPaper<More extends object>(row: PaperRow, more: More) {
  const { id, read_at, listed_on } = row;
  const votes = { upvotes: row.upvotes, comments: row.comments, githubStars: row.github_stars };
  return {
    ...paperFields(id, rowContent(row), votes),
    firstSeen: row.first_seen,
    readAt: read_at,
    ageHours: read_at && ageInHours(listed_on, read_at),
    ...more,
    ...paperLinks(id),
  };
}

/** What an answer reports of the catalog: when it was updated, and what each list has. */
export const catalogSource = (catalog: Catalog, sample: boolean) => ({
  catalogAsOf: catalog.asOf(),
  coverage: [
    ...cachedRows<NewAnswer['coverage'][number]>(
      catalog,
      'SELECT list, min(day) AS first, max(day) AS last, sum(captures > 0) AS daysCaptured FROM coverage GROUP BY list ORDER BY list',
      [],
    ),
  ],
  sample,
});
