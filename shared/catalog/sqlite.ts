import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import type { Instant } from '../lib/time.ts';
import { createSearchIndexSql, createTableSql, SEARCH_COLUMNS, tables } from './schema.ts';

/** What a statement is given. */
export type SqlValue = string | number | null;

/** The archive as tables that SQL is asked of: what search and long ranges are answered from. See `tables` for what is in it. */
export type Catalog = {
  /** When it last held all that the table held; null while it does not hold everything yet. */
  asOf(): Instant | null;
  /** Rows of a SELECT, with its columns' names. The caller says their type. */
  all<Row extends object>(sql: string, values?: readonly SqlValue[]): Row[];
  /** All that is asked within tells of one state, whatever is written by others meanwhile. Not to be nested, nor written in. */
  steady<T>(work: () => Promise<T>): Promise<T>;
};

/** A catalog that can be written. */
export type CatalogFile = Catalog & {
  /** Carries out statements in one transaction. */
  write<T>(work: (run: (sql: string, values?: readonly SqlValue[]) => void) => T): T;
  /** Says that it holds all that the table held at that time. */
  setAsOf(at: Instant): void;
  close(): void;
};

/** Raised when the catalog's layout changes: an older file is then made anew. */
const LAYOUT = 5;
/** Another process may be bringing the same file up to date; a batch takes less than a second. */
const BUSY_MS = 10_000;

/**
 * Opens the catalog of a table (named by its URL), or makes an empty one. One that is damaged, of another layout or of another table is
 * thrown away: everything in a catalog can be made again.
 *
 * @throws PaperkeepError `CATALOG_UNREACHABLE` for whatever else is wrong: no room, no right to write.
 */
export function openCatalog(path: string, table: string): CatalogFile {
  try {
    return opened(path, table);
  } catch (error) {
    if (!(error instanceof OfAnother) && !DAMAGE.has(kindOf(error))) throw unreachable(path, error);
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    return opened(path, table);
  }
}

function unreachable(path: string, error: unknown): PaperkeepError {
  const hint =
    'see that its folder has room and can be written to; the file itself may be deleted, it is made again from the table';
  return new PaperkeepError({
    code: 'CATALOG_UNREACHABLE',
    message: `the catalog ${path} cannot be used: ${errorMessage(error)}`,
    hint,
    cause: error,
  });
}

/** The file is of another layout, or of another table. */
class OfAnother extends Error {}

// Result codes: https://www.sqlite.org/rescode.html
/** SQLITE_CORRUPT, SQLITE_NOTADB. */
const DAMAGE: ReadonlySet<number> = new Set([11, 26]);
const FULL = 13;
/** The kind of an error of SQLite, which is the low byte of its extended code; 0 for errors of others. */
const kindOf = (error: unknown): number => Number((error as { errcode?: unknown }).errcode) & 0xff;

function diskFull(path: string, error: unknown): PaperkeepError {
  const hint = 'make room on that disk and run it again; the archive and the table lack nothing';
  return new PaperkeepError({
    code: 'DISK_FULL',
    message: `no room left to write the catalog ${path}`,
    hint,
    cause: error,
  });
}

function opened(path: string, table: string): CatalogFile {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824',
    );
    // a file that is there already is only read: somebody may be writing it just now
    if (!isLaidDown(db, table)) inTransaction(db, () => isLaidDown(db, table) || layDown(db, table));
    return catalogOf(db, path);
  } catch (error) {
    db.close();
    throw error;
  }
}

const madeFor = (table: string): string => `${LAYOUT} ${table}`;

/** False for a new file; throws for one that is not of this layout and table. */
function isLaidDown(db: DatabaseSync, table: string): boolean {
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()) return false;
  const row = db.prepare("SELECT value FROM meta WHERE name = 'made_for'").get();
  if (row?.value !== madeFor(table)) throw new OfAnother(`made for ${String(row?.value)}`);
  return true;
}

/** Makes the tables of a new file. */
function layDown(db: DatabaseSync, table: string): void {
  db.exec('CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  for (const made of Object.values(tables)) {
    if (made.where !== 'export') db.exec(createTableSql(made, made.columns));
  }
  db.exec(`${createSearchIndexSql(SEARCH_COLUMNS)};
    CREATE INDEX appearances_of_paper ON appearances (paper_id);
    CREATE INDEX papers_first_seen ON papers (first_seen DESC, id);
    CREATE INDEX papers_with_keywords ON papers (id) WHERE keywords IS NOT NULL;
    CREATE INDEX papers_of_author ON paper_authors (slug);
    CREATE INDEX papers_of_keyword ON paper_keywords (slug)`);
  db.prepare("INSERT INTO meta VALUES ('made_for', ?)").run(madeFor(table));
}

function catalogOf(db: DatabaseSync, path: string): CatalogFile {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const run = (sql: string, values: readonly SqlValue[] = []): void => {
    prepared(sql).run(...(values as SQLInputValue[]));
  };
  return {
    asOf: () => (prepared("SELECT value FROM meta WHERE name = 'as_of'").get()?.value as Instant | undefined) ?? null,
    all: <Row extends object>(sql: string, values: readonly SqlValue[] = []) =>
      prepared(sql).all(...(values as SQLInputValue[])) as unknown as Row[],
    async steady(work) {
      db.exec('BEGIN');
      try {
        return await work();
      } finally {
        db.exec('COMMIT');
      }
    },
    write(work) {
      try {
        return inTransaction(db, () => work(run));
      } catch (error) {
        throw kindOf(error) === FULL ? diskFull(path, error) : error;
      }
    },
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
