/** How topics are spelled. */
import { spellKeyword } from '../catalog/rising.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import type { Topic } from './topic-counts.ts';

/** A keyword as the feed spells it, a phrase as it is; null for a keyword that was never seen. */
export const spellTopic = (catalog: Catalog, { kind, topic }: Topic): string | null =>
  kind === 'phrase' ? topic : spellKeyword(catalog, topic);

/** Returns the slugs of keywords by their folded forms, the most frequent first. */
export function spellingsOf(catalog: Catalog, folded: readonly string[]): (folded: string) => string[] {
  const rows = catalog.all<{ plain_slug: string; slug: string }>(
    `SELECT plain_slug, slug FROM paper_keywords WHERE plain_slug IN (SELECT value FROM json_each(?))
      GROUP BY plain_slug, slug ORDER BY count(*) DESC, slug`,
    [JSON.stringify(folded)],
  );
  const slugs = Map.groupBy(rows, ({ plain_slug }) => plain_slug);
  return (one) => slugs.get(one)?.map(({ slug }) => slug) ?? [];
}
