import type { Catalog } from '../catalog/sqlite.ts';
import type { Day } from '../lib/time.ts';
import type { TableStore } from '../table/store.ts';

/** A value as SQLite stores it: lists are JSON, booleans 0 or 1. */
export type Cell = string | number | null;
/** A row, with its cells in the order of the table's columns. */
export type ExportRow = readonly Cell[];

/** List days, both included; null for an open end. */
export type ExportRange = { readonly from: Day | null; readonly to: Day | null };

/** Where rows are read from. */
export type RowSource = { readonly table: TableStore; readonly catalog: Catalog; readonly range: ExportRange };

/** A month of the archive: its days within the range, and its papers, by id. */
export type ExportMonth = {
  readonly name: string;
  readonly first: string;
  readonly last: string;
  readonly papers: readonly string[];
  readonly lists: readonly string[];
};
