import type { Catalog, SqlValue } from '../catalog/sqlite.ts';

/** A piece of SQL with the values of its question marks. */
export type Piece = { readonly sql: string; readonly values: readonly SqlValue[] };

/**
 * A condition on a rowid of papers. An index skips all others without a look at them, and papers are added day by day: those of a range of days lie
 * close together.
 */
export const between = (rowid: string, first: number, last: number): Piece => ({
  // papers_fts takes integers only, and a number of JavaScript is bound as a float
  sql: `${rowid} BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`,
  values: [first, last],
});

/** The rowids that a SELECT returns as `paper`, in its order, as a JSON list: read row by row they would take four times as long. */
export function findPapers(catalog: Catalog, { sql, values }: Piece): string {
  const [row] = catalog.all<{ papers: string }>(`SELECT json_group_array(paper) AS papers FROM (${sql})`, values);
  return row?.papers ?? '[]';
}
