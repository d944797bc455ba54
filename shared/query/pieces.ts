import type { SqlValue } from '../catalog/sqlite.ts';

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
