import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorMessage, isDiskFull, PaperkeepError } from '../lib/errors.ts';
import { createFolder } from '../lib/folders.ts';
import { plainLetters } from '../lib/letters.ts';
import { cacheQueries, cacheStatements, inTransaction, isSqliteDamage } from '../lib/sqlite.ts';
import type { Instant } from '../lib/time.ts';
import { SEARCH_COLUMNS, tables } from './schema.ts';
import { createSearchIndexSql, createTableSql } from './sql.ts';

/** A value of a parameter of a statement. */
export type SqlValue = string | number | null | Uint8Array;

/** The archive as SQL tables, from which search and long ranges are answered. `tables` describes them. */
export type Catalog = {
  /** When it last held everything in the table; null while it does not hold everything yet. */
  asOf(): Instant | null;
  /** Text that is another one after rows were written. */
  state(): string;
  /** Returns the rows of a SELECT by column name; the caller states their type. */
  all<Row extends object>(sql: string, values?: readonly SqlValue[]): Row[];
  /** Runs `work` in a transaction that reads one state, whatever others write meanwhile. It must not write or contain another. */
  readTransaction<T>(work: () => Promise<T>): Promise<T>;
};

/** A catalog that can be written. */
export type CatalogFile = Catalog & {
  /** Runs statements in one transaction. */
  write<T>(work: (run: (sql: string, values?: readonly SqlValue[]) => void) => T): T;
  /** Stores that it holds everything that the table held at that time. */
  setAsOf(at: Instant): void;
  close(): void;
};

/** The layout of the catalog; a file of another layout is built again. */
const LAYOUT = 20;
/** Another process may be updating the same file; a batch takes less than a second. */
const BUSY_MS = 10_000;

/**
 * Opens the catalog of a table (by the table's URL), or creates an empty one. Replaces a file that is damaged, has another layout or was built
 * from another table: everything in a catalog can be built again.
 *
 * @throws PaperkeepError `CATALOG_UNREACHABLE` for anything else. Its methods throw `CATALOG_DAMAGED` when they find damage, and remove the
 * file.
 */
export function openCatalog(path: string, table: string): CatalogFile {
  try {
    return openFile(path, table);
  } catch (error) {
    if (!(error instanceof OtherCatalog) && !isSqliteDamage(error)) throw unreachableError(path, error);
    removeCatalog(path);
    return openFile(path, table);
  }
}

/** Deletes a catalog's file and what SQLite keeps beside it; the file must be closed. */
export function removeCatalog(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
}

function unreachableError(path: string, error: unknown): PaperkeepError {
  const hint =
    'check that its folder has free space and can be written to; the file itself may be deleted, it is built from the table';
  const message = `the catalog ${path} cannot be used: ${errorMessage(error)}`;
  return new PaperkeepError({ code: 'CATALOG_UNREACHABLE', message, hint, cause: error });
}

function diskFullError(path: string, error: unknown): PaperkeepError {
  const hint = 'free some space on that disk, then try again; archive and table are complete';
  const message = `no space is left to write the catalog ${path}`;
  return new PaperkeepError({ code: 'DISK_FULL', message, hint, cause: error });
}

/** The file has another layout, or was built from another table. */
class OtherCatalog extends Error {}

function openFile(path: string, table: string): CatalogFile {
  createFolder(dirname(path));
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  db.function('plain_letters', { deterministic: true }, (text) =>
    typeof text === 'string' ? plainLetters(text) : null,
  );
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824',
    );
    // an existing file is only read here: another process may be writing it
    if (!hasLayout(db, table)) inTransaction(db, () => hasLayout(db, table) || createTables(db, table));
    return wrapDatabase(db, path);
  } catch (error) {
    db.close();
    throw error;
  }
}

const builtFrom = (table: string): string => `${LAYOUT} ${table}`;

/** False for a new file; throws for one of another layout or another table. */
function hasLayout(db: DatabaseSync, table: string): boolean {
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()) return false;
  const row = db.prepare("SELECT value FROM meta WHERE name = 'made_for'").get();
  if (row?.value !== builtFrom(table)) throw new OtherCatalog(`built from ${String(row?.value)}`);
  return true;
}

function createTables(db: DatabaseSync, table: string): void {
  db.exec('CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  for (const made of Object.values(tables)) {
    if (made.where !== 'export') db.exec(createTableSql(made, made.columns));
  }
  db.exec(`${createSearchIndexSql(SEARCH_COLUMNS)};
    CREATE INDEX appearances_of_paper ON appearances (paper_id, list, day, best_rank, upvotes);
    CREATE INDEX copied_titles_by_title ON copied_titles (title_key);
    CREATE TABLE facet_values (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
    CREATE TABLE facet_blocks (block INTEGER PRIMARY KEY, numbers BLOB NOT NULL);
    CREATE TABLE keyword_papers (keyword INTEGER NOT NULL, paper INTEGER NOT NULL, PRIMARY KEY (keyword, paper)) WITHOUT ROWID;
    CREATE TABLE paper_facets (paper INTEGER PRIMARY KEY, id TEXT NOT NULL, first_seen TEXT NOT NULL, upvotes INTEGER, lists TEXT NOT NULL,
      keywords TEXT, organization TEXT, code INTEGER NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL, best_rank INTEGER NOT NULL);
    CREATE TABLE paper_lists (paper INTEGER NOT NULL, list TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
      best_rank INTEGER NOT NULL, upvotes INTEGER, has_keywords INTEGER, PRIMARY KEY (paper, list)) WITHOUT ROWID;
    CREATE VIEW daily_papers AS
      SELECT paper, first_day AS day, upvotes, has_keywords FROM paper_lists
        WHERE list = 'daily' AND first_day = last_day AND has_keywords IS NOT NULL;
    CREATE VIEW moved_papers AS
      SELECT +paper AS paper, a.day, a.upvotes, a.read_at, has_keywords FROM paper_lists AS l INDEXED BY lists_moved
        CROSS JOIN papers ON papers.rowid = paper
        CROSS JOIN appearances AS a ON a.paper_id = papers.id AND a.list = 'daily'
        WHERE l.list = 'daily' AND first_day < last_day AND has_keywords IS NOT NULL;
    CREATE VIEW paper_names AS
      SELECT 'author' AS kind, plain_slug, name, paper_id FROM paper_authors
      UNION ALL SELECT 'keyword', plain_slug, keyword, paper_id FROM paper_keywords
      UNION ALL SELECT 'organization', organization_slug, organization, id FROM papers WHERE organization_slug IS NOT NULL`);
  db.prepare("INSERT INTO meta VALUES ('made_for', ?)").run(builtFrom(table));
}

function wrapDatabase(db: DatabaseSync, path: string): CatalogFile {
  const prepared = cacheStatements(db);
  const query = cacheQueries(db);
  /** Removes a file in which damage is found: the next one to open it builds a new one. */
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (isDiskFull(error)) throw diskFullError(path, error);
      if (!isSqliteDamage(error)) throw error;
      if (db.isOpen) db.close();
      removeCatalog(path);
      const message = `the search index ${path} was damaged and is removed: ${errorMessage(error)}`;
      const hint = 'try again: it is built from the table, and nothing else is affected';
      throw new PaperkeepError({ code: 'CATALOG_DAMAGED', message, hint, cause: error });
    }
  };
  const run = (sql: string, values: readonly SqlValue[] = []): void => {
    prepared(sql).run(...values);
  };
  return {
    asOf: () =>
      guarded(
        () => (prepared("SELECT value FROM meta WHERE name = 'as_of'").get()?.value as Instant | undefined) ?? null,
      ),
    state: () => guarded(() => String(prepared("SELECT value FROM meta WHERE name = 'state'").get()?.value)),
    all: <Row extends object>(sql: string, values: readonly SqlValue[] = []) =>
      guarded(() => query(sql, values)) as Row[],
    async readTransaction(work) {
      db.exec('BEGIN');
      try {
        return await work();
      } finally {
        if (db.isOpen) db.exec('COMMIT');
      }
    },
    write(work) {
      return guarded(() =>
        inTransaction(db, () => {
          const result = work(run);
          run("INSERT INTO meta VALUES ('state', '1') ON CONFLICT DO UPDATE SET value = value + 1");
          return result;
        }),
      );
    },
    setAsOf: (at) => run("INSERT INTO meta VALUES ('as_of', ?) ON CONFLICT DO UPDATE SET value = excluded.value", [at]),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
