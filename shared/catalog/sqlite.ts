import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Instant } from '../kit/clock.ts';
import { createSearch, createTable, SEARCHED, tables } from './tables.ts';

/** What a statement is given. */
export type Value = string | number | null;

/** The archive as tables that SQL is asked of: what search and long ranges are answered from. See `tables` for what is in it. */
export type Catalog = {
  /** When it last held all that the table held; null while it does not hold everything yet. */
  asOf(): Instant | null;
  /** Rows of a SELECT, with its columns' names. The caller says their type. */
  all<Row extends object>(sql: string, values?: readonly Value[]): Row[];
  /** All that is asked within tells of one state, whatever is written by others meanwhile. Not to be nested, nor written in. */
  steady<T>(work: () => Promise<T>): Promise<T>;
};

/** A catalog that can be written. */
export type CatalogFile = Catalog & {
  /** Carries out statements in one transaction. */
  write<T>(work: (run: (sql: string, values?: readonly Value[]) => void) => T): T;
  /** Says that it holds all that the table held at that time. */
  setAsOf(at: Instant): void;
  close(): void;
};

/** Raised when the catalog's layout changes: an older file is then made anew. */
const LAYOUT = 2;
/** Another process may be bringing the same file up to date; a batch takes less than a second. */
const BUSY_MS = 10_000;

/**
 * Opens the catalog of a table (named by its URL), or makes an empty one. What is there and is damaged, of another layout or of another
 * table is thrown away: everything in a catalog can be made again.
 */
export function openCatalog(path: string, table: string): CatalogFile {
  try {
    return opened(path, table);
  } catch {
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    return opened(path, table);
  }
}

function opened(path: string, table: string): CatalogFile {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824',
    );
    inTransaction(db, () => layDown(db, table));
    return catalogOf(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes the tables of a new file; throws for a file that is not of this layout and table. */
function layDown(db: DatabaseSync, table: string): void {
  const mine = `${LAYOUT} ${table}`;
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()) {
    const row = db.prepare("SELECT value FROM meta WHERE name = 'made_for'").get();
    if (row?.value !== mine) throw new Error(`made for ${String(row?.value)}`);
    return;
  }
  db.exec('CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  for (const made of Object.values(tables)) {
    if (made.where !== 'export') db.exec(createTable(made, made.columns));
  }
  db.exec(`${createSearch(SEARCHED)};
    CREATE INDEX appearances_of_paper ON appearances (paper_id);
    CREATE INDEX papers_first_seen ON papers (first_seen DESC, id);
    CREATE INDEX papers_with_keywords ON papers (id) WHERE keywords IS NOT NULL;
    CREATE INDEX papers_of_author ON paper_authors (slug);
    CREATE INDEX papers_of_keyword ON paper_keywords (slug)`);
  db.prepare("INSERT INTO meta VALUES ('made_for', ?)").run(mine);
}

function catalogOf(db: DatabaseSync): CatalogFile {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const run = (sql: string, values: readonly Value[] = []): void => {
    prepared(sql).run(...(values as SQLInputValue[]));
  };
  return {
    asOf: () => (prepared("SELECT value FROM meta WHERE name = 'as_of'").get()?.value as Instant | undefined) ?? null,
    all: <Row extends object>(sql: string, values: readonly Value[] = []) =>
      prepared(sql).all(...(values as SQLInputValue[])) as unknown as Row[],
    async steady(work) {
      db.exec('BEGIN');
      try {
        return await work();
      } finally {
        db.exec('COMMIT');
      }
    },
    write: (work) => inTransaction(db, () => work(run)),
    setAsOf: (at) => run("INSERT INTO meta VALUES ('as_of', ?) ON CONFLICT DO UPDATE SET value = excluded.value", [at]),
    close: () => db.close(),
  };
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
