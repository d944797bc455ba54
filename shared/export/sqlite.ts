import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { TableSchema } from '../catalog/columns.ts';
import { SEARCH_COLUMNS } from '../catalog/schema.ts';
import { createSearchIndexSql, createTableSql, insertSql } from '../catalog/sql.ts';
import { EXPORT_SCHEMA_VERSION, FOREIGN_KEYS } from './schema.ts';
import type { FormatWriter, StagedFiles } from './staging.ts';

const DATABASE = 'paperkeep.sqlite';
/** Indexes besides primary keys. */
const INDEXES: readonly (readonly [table: string, columns: string])[] = [
  ['papers', 'listed_on'],
  ['papers', 'first_seen'],
  ['paper_authors', 'slug'],
  ['paper_keywords', 'slug'],
  ['appearances', 'list, day'],
  ['appearances', 'paper_id'],
  ['observations', 'paper_id, observed_at'],
  ['observations', 'list, day, observed_at'],
  ['votes_at_age', 'paper_id'],
];

/**
 * Writes `paperkeep.sqlite`: all tables, empty ones too, with indexes and the full-text index over papers. It is never vacuumed, so the
 * full-text index finds its papers, and the same rows give the same file.
 */
export function createSqliteWriter(staged: StagedFiles, tables: readonly TableSchema[]): FormatWriter {
  const db = new DatabaseSync(join(staged.folder, DATABASE));
  const inserts = new Map<string, StatementSync>();
  let rowsWritten = 0;
  // an incomplete file is thrown away, so it needs no journal; rows may come before those that they refer to
  db.exec(
    `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA user_version = ${EXPORT_SCHEMA_VERSION}; BEGIN`,
  );
  for (const table of tables) {
    const references = (FOREIGN_KEYS[table.name] ?? []).map(
      ({ columns, table: target, key }) =>
        `FOREIGN KEY (${columns.join(', ')}) REFERENCES ${target} (${key.join(', ')})`,
    );
    const unique = table.name === 'papers' ? ['UNIQUE (title_key)'] : [];
    db.exec(createTableSql(table, table.columns, [...unique, ...references]));
    inserts.set(table.name, db.prepare(insertSql(table)));
  }
  return {
    writeMonth({ name }, _month, rows) {
      const insert = inserts.get(name);
      for (const row of rows) insert?.run(...row);
      rowsWritten += rows.length;
    },
    async finish() {
      const known = tables.find(({ name }) => name === 'papers')?.columns.map(({ name }) => name) ?? [];
      db.exec(createSearchIndexSql(SEARCH_COLUMNS.filter((name) => known.includes(name))));
      db.exec(
        "INSERT INTO papers_fts (papers_fts) VALUES ('rebuild'); INSERT INTO papers_fts (papers_fts) VALUES ('optimize')",
      );
      for (const [table, columns] of INDEXES)
        db.exec(`CREATE INDEX ${table}_${columns.replaceAll(', ', '_')} ON ${table} (${columns})`);
      db.exec('COMMIT');
      db.close();
      await staged.add(DATABASE, rowsWritten);
    },
    abort: () => {
      if (db.isOpen) db.close();
    },
  };
}
