/** How the tables of the catalog are described, and the columns that several tables share. */
import type { Day } from '../lib/time.ts';

/**
 * What a column holds. `instant`: RFC 3339 UTC to the second; `day`: a UTC day; `list`: a JSON array of texts; `boolean`: 0 or 1; `number`: may have a fraction.
 */
export type ColumnType = 'text' | 'integer' | 'number' | 'boolean' | 'instant' | 'day' | 'list';

/** A column, and what a reader must know of it. */
export type ColumnSchema = {
  readonly name: string;
  readonly type: ColumnType;
  /** What it says, in one sentence. */
  readonly description: string;
  /** What its numbers count; null for what is no number. */
  readonly unit: string | null;
  /** What null means; null where it is never null. */
  readonly nullMeans: string | null;
  /** The first day on which the feed had it; null: always. */
  readonly since: Day | null;
  /** Only the catalog needs it: left out of exports. */
  readonly internal: boolean;
};

/** A table. `key` is its primary key, in the order rows are exported in. */
export type TableSchema = {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly ColumnSchema[];
  readonly key: readonly string[];
  /** False where several rows may have the same key; they then stand in the order they were seen. */
  readonly unique: boolean;
  /** The column whose month parts an export into files; null: by the paper's list day, or by its first sight where it has none. */
  readonly month: string | null;
  /** `catalog`: only there; `export`: only in exports; `both`. */
  readonly where: 'catalog' | 'export' | 'both';
};

type Facts = Partial<Pick<ColumnSchema, 'unit' | 'nullMeans' | 'since' | 'internal'>>;

/** Declares a column: without a unit, never null, known from the first day and exported, unless `facts` say otherwise. */
export const column = (name: string, type: ColumnType, description: string, facts: Facts = {}): ColumnSchema => ({
  name,
  type,
  description,
  unit: null,
  nullMeans: null,
  since: null,
  internal: false,
  ...facts,
});

/** The column of the paper that a row is about. */
export const paperId = column('paper_id', 'text', 'arXiv id without version, `2501.04519` or `cs/0301012`');
/** The column of a list. */
export const list = column('list', 'text', '`daily`, `trending` or `watched:<slug>`');
/** The column of the day of a list. */
export const day = column('day', 'day', 'the list day of `daily`, the day of the capture for the other lists');
/** The column by which slugs are compared. */
export const plainSlug = column('plain_slug', 'text', 'the slug to compare by: `lukasz` for `łukasz`', {
  internal: true,
});
