import type { Catalog, SqlValue } from '../catalog/sqlite.ts';
import { cachedRows } from './cached-rows.ts';

/** A piece of SQL with the values of its question marks. */
export type Piece = { readonly sql: string; readonly values: readonly SqlValue[] };

/**
 * An SQL condition on a rowid of papers: it is one from the first to the last of those that a SELECT returns as `paper`. An index skips all others
 * without a look at them: papers are added day by day, so that those of a range of days lie close together.
 */
export function rowidRange(catalog: Catalog, rowid: string, { sql, values }: Piece): Piece {
  const [ends] = cachedRows<{ first: number | null; last: number | null }>(
    catalog,
    `SELECT min(paper) AS first, max(paper) AS last FROM (${sql})`,
    values,
  );
  // papers_fts takes integers only, and a number of JavaScript is bound as a float
  return {
    sql: `${rowid} BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`,
    values: [ends?.first ?? 0, ends?.last ?? 0],
  };
}
