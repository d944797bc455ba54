import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { SEARCH_COLUMNS, type TableSchema } from '../catalog/schema.ts';
import { createSearchIndexSql, createTableSql, insertSql } from '../catalog/sql.ts';
import { EXPORT_SCHEMA_VERSION } from './schema.ts';
import type { ExportFormat, FileSet } from './set.ts';

/** The file with all tables. */
const DATABASE = 'paperkeep.sqlite';
/** Besides primary keys: a paper's rows, a list's captures, names, days. */
const INDICES: readonly (readonly [table: string, columns: string])[] = [
  ['papers', 'listed_on'],
  ['papers', 'first_seen'],
  ['paper_authors', 'slug'],
  ['paper_keywords', 'slug'],
  ['appearances', 'paper_id'],
  ['observations', 'paper_id, at'],
  ['observations', 'list, day, at'],
  ['votes_at_age', 'paper_id'],
];

/**
 * Writes `paperkeep.sqlite`: all tables (empty ones too), indices, and the full-text index over papers. Written once from the first row
 * to the last and never vacuumed, so that the full-text index finds its papers, and the same rows make the same file.
 */
export function createSqliteFormat(set: FileSet, tables: readonly TableSchema[]): ExportFormat {
  const db = new DatabaseSync(join(set.folder, DATABASE));
  const inserts = new Map<string, StatementSync>();
  let rowsWritten = 0;
  // a file that is not whole is thrown away: no journal is needed to mend it
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA user_version = ${EXPORT_SCHEMA_VERSION}; BEGIN`);
  for (const table of tables) {
    db.exec(createTableSql(table, table.columns));
    inserts.set(table.name, db.prepare(insertSql(table)));
  }
  return {
    part({ name }, _month, rows) {
      const insert = inserts.get(name);
      for (const row of rows) insert?.run(...row);
      rowsWritten += rows.length;
    },
    async end() {
      const known = tables.find(({ name }) => name === 'papers')?.columns.map(({ name }) => name) ?? [];
      db.exec(createSearchIndexSql(SEARCH_COLUMNS.filter((name) => known.includes(name))));
      db.exec(
        "INSERT INTO papers_fts (papers_fts) VALUES ('rebuild'); INSERT INTO papers_fts (papers_fts) VALUES ('optimize')",
      );
      for (const [table, columns] of INDICES)
        db.exec(`CREATE INDEX ${table}_${columns.replaceAll(', ', '_')} ON ${table} (${columns})`);
      db.exec('COMMIT');
      db.close();
      await set.add(DATABASE, rowsWritten);
    },
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
