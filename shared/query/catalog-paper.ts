/** Papers as the catalog has them, and what is said of the catalog. */
import type { Catalog } from '../catalog/sqlite.ts';
import type { Instant } from '../lib/time.ts';
import { cachedRows } from './cached-rows.ts';
import { type ContentRow, rowContent } from './catalog-content.ts';
import { ageInHours, paperFields, paperLinks } from './list.ts';
import type { NewAnswer } from './schemas/search.ts';

/** The row of a paper, as far as it is shown. */
export type PaperRow = ContentRow & {
  readonly first_seen: Instant;
  readonly upvotes: number | null;
  readonly comments: number | null;
  readonly github_stars: number | null;
  readonly read_at: Instant | null;
};

/** A paper of the catalog as our JSON has it; what is known of a place or a score goes between. */
export function catalogPaper<More extends object>(row: PaperRow, more: More) {
  const { id, read_at, listed_on } = row;
  const votes = { upvotes: row.upvotes, comments: row.comments, githubStars: row.github_stars };
  return {
    ...paperFields(id, rowContent(row), votes),
    firstSeen: row.first_seen,
    readAt: read_at,
    ageHours: read_at && ageInHours(listed_on, read_at),
    ...more,
    ...(paperLinks(id) as { url: string; arxivUrl: string }),
  };
}

/** What an answer was read from: when the catalog was brought up to date, and what each list holds. */
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
