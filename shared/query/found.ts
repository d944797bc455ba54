/** Papers as the catalog has them, and what is said of the catalog. */
import type { Catalog } from '../catalog/sqlite.ts';
import type { Day, Instant } from '../kit/clock.ts';
import type { NewAnswer } from './answers/search.ts';
import { ageOf, linksOf, paperFields } from './list.ts';

/** The row of a paper, as far as it is shown. */
export type PaperRow = {
  readonly id: string;
  readonly title: string;
  readonly abstract: string | null;
  readonly authors: string;
  readonly keywords: string | null;
  readonly ai_summary: string | null;
  readonly organization: string | null;
  readonly organization_fullname: string | null;
  readonly github_url: string | null;
  readonly project_url: string | null;
  readonly submitted_by: string | null;
  readonly published_at: string | null;
  readonly listed_on: Day | null;
  readonly first_seen: Instant;
  readonly upvotes: number | null;
  readonly comments: number | null;
  readonly github_stars: number | null;
  readonly read_at: Instant | null;
};

/** A paper of the catalog as our JSON has it; what is known of a place or a score goes between. */
export function foundPaper<More extends object>(row: PaperRow, more: More) {
  const { id, organization, read_at, listed_on } = row;
  const content = {
    title: row.title,
    abstract: row.abstract,
    authors: JSON.parse(row.authors) as string[],
    keywords: row.keywords === null ? null : (JSON.parse(row.keywords) as string[]),
    aiSummary: row.ai_summary,
    organization:
      organization === null ? null : { name: organization, fullname: row.organization_fullname ?? organization },
    githubUrl: row.github_url,
    projectUrl: row.project_url,
    submittedBy: row.submitted_by,
    publishedAt: row.published_at,
    ...(listed_on && { listedOn: listed_on }),
  };
  const votes = { upvotes: row.upvotes, comments: row.comments, githubStars: row.github_stars };
  return {
    ...paperFields(id, content, votes),
    firstSeen: row.first_seen,
    readAt: read_at,
    ageHours: read_at && ageOf(listed_on, read_at),
    ...more,
    ...(linksOf(id) as { url: string; arxivUrl: string }),
  };
}

/** What an answer was read from: when the catalog was brought up to date, and what each list holds. */
export const sourceOf = (catalog: Catalog, sample: boolean) => ({
  catalogAsOf: catalog.asOf(),
  coverage: catalog.all<NewAnswer['coverage'][number]>(
    'SELECT list, min(day) AS first, max(day) AS last, sum(captures > 0) AS daysCaptured FROM coverage GROUP BY list ORDER BY list',
  ),
  sample,
});
