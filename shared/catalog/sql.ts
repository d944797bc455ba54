import { USABLE_OUTCOMES } from '../model/listing.ts';
import type { ColumnSchema, ColumnType, TableSchema } from './columns.ts';

/** The SQL condition that holds for the usable visits of `listings`. */
export const IS_USABLE = `outcome IN (${USABLE_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ')})`;

/** The SELECT of the rowids of the papers with a keyword, which is given by its folded form. */
export const PAPERS_WITH_KEYWORD =
  'SELECT paper FROM keyword_papers WHERE keyword = (SELECT id FROM facet_values WHERE value = ?)';

/** The SQL of the full name of an organization in its newest paper; null where the feed gave none. @param slug The SQL of its folded slug. */
export const fullNameSql = (slug: string): string =>
  `(SELECT organization_fullname FROM papers WHERE organization_slug = ${slug} AND organization_fullname <> '' ORDER BY day DESC, id DESC LIMIT 1)`;

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  number: 'REAL',
  boolean: 'INTEGER',
  instant: 'TEXT',
  day: 'TEXT',
  list: 'TEXT',
};

/** The SQL that makes a table with these columns and constraints; papers keep the rowid that full-text search finds them by. */
export function createTableSql(
  { name, key, unique }: TableSchema,
  columns: readonly ColumnSchema[],
  constraints: readonly string[] = [],
): string {
  const lines = columns.map(
    ({ name, type, nullMeans }) => `${name} ${SQL_TYPES[type]}${nullMeans === null ? ' NOT NULL' : ''}`,
  );
  // SQLite takes a key of one column that may be null, but not one of several
  const keyed =
    unique && (key.length === 1 || key.every((part) => columns.find(({ name }) => name === part)?.nullMeans === null));
  const primary = keyed ? [`PRIMARY KEY (${key.join(', ')})`] : [];
  return `CREATE TABLE ${name} (${[...lines, ...primary, ...constraints].join(', ')})${keyed && name !== 'papers' ? ' WITHOUT ROWID' : ''}`;
}

/**
 * The SQL that makes the full-text index over these columns. Its text is that of papers, which is therefore never vacuumed (that gives rows
 * new numbers); "papers" is quoted as Datasette looks for it.
 */
export const createSearchIndexSql = (columns: readonly string[]): string =>
  `CREATE VIRTUAL TABLE papers_fts USING fts5(${columns.join(', ')}, content="papers", tokenize='unicode61 remove_diacritics 2')`;

const namesOf = ({ columns }: TableSchema): string[] => columns.map(({ name }) => name);

/** The statement that puts a row with all columns of a table, in their order. */
export const insertSql = (table: TableSchema): string =>
  `INSERT INTO ${table.name} (${namesOf(table).join(', ')}) VALUES (${namesOf(table)
    .map(() => '?')
    .join(', ')})`;

/** The same, over the row that is there. */
export const upsertSql = (table: TableSchema): string =>
  `${insertSql(table)} ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${namesOf(table)
    .filter((name) => !table.key.includes(name))
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;
