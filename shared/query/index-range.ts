import type { Catalog, SqlValue } from '../catalog/sqlite.ts';
import { cachedRows } from './cached-rows.ts';

/**
 * An SQL condition on the rowids of papers_fts, with its values: from the first to the last of those that a SELECT returns as `paper`. The index
 * skips all others without a look at their words: papers are added day by day, so that those of a range of days lie close together.
 */
export function indexRange(
  catalog: Catalog,
  select: string,
  values: readonly SqlValue[],
): { readonly sql: string; readonly values: readonly SqlValue[] } {
  const sql = `SELECT min(paper) AS first, max(paper) AS last FROM (${select})`;
  const [ends] = cachedRows<{ first: number | null; last: number | null }>(catalog, sql, values);
  // the index takes integers only, and a number of JavaScript is bound as a float
  return {
    sql: 'papers_fts.rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)',
    values: [ends?.first ?? 0, ends?.last ?? 0],
  };
}
