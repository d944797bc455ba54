import type { Catalog } from '../catalog/sqlite.ts';
import type { Day, Instant } from '../lib/time.ts';
import type { PaperContent } from '../model/listing.ts';

/** What a paper is, as its row in the catalog says. */
export type ContentRow = {
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

/** What the catalog knows papers to be, by their ids; a paper that it has on a list and knows nothing of is called by its id. */
export function catalogContents(catalog: Catalog, ids: readonly string[]): (id: string) => PaperContent {
  const rows = catalog.all<ContentRow>(
    `SELECT id, title, abstract, authors, keywords, ai_summary, organization, organization_fullname, github_url, project_url,
      submitted_by, published_at, listed_on FROM papers WHERE id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  );
  const contents = new Map(rows.map((row) => [row.id, rowContent(row)]));
  return (id) => contents.get(id) ?? { title: id };
}

/** The content that a row tells. */
export const rowContent = (row: ContentRow): PaperContent => ({
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
