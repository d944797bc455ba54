import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { errorMessage, isDiskFull, PaperkeepError } from '../lib/errors.ts';
import { copyWritable, createFolder } from '../lib/folders.ts';
import { compareText } from '../lib/order.ts';
import {
  cacheQueries,
  cacheStatements,
  inTransaction,
  isForeignLog,
  isSqliteDamage,
  LIMIT,
  SQLITE_CODES,
  sqliteCode,
} from '../lib/sqlite.ts';
import { deadlineAfter, sleep } from '../lib/time.ts';
import type { Condition, Item, Key, KeyRange, TableStore } from './store.ts';

/** How long to wait for a process that has locked the file; a batch of 100,000 rows takes about a second. */
const BUSY_MS = 10_000;
/** How long one try may block this process, in which a server may be answering requests. */
const BLOCK_MS = 20;
/**
 * The page size of new files. A row of this table takes at most a fourth of a page, and SQLite reads other pages for the rest of it even to
 * compare keys: with pages of 4096 bytes a real archive's file was two thirds larger, and reading a day's papers took twice as long.
 */
const PAGE_BYTES = 16_384;
/** One checkpoint for so much log, not for 4 MB: a replay writes the same pages many times, and takes a sixth less time. */
const LOG_BYTES = 40_960_000;
/** The pages kept in memory, in kB: those of half a year. SQLite's default is 2 MB. */
const CACHE_KB = 16_384;
/** Rows read at a time by a scan, so that it neither holds a read lock for long nor fills the memory. */
const SCAN_ROWS = 1000;

const KEY = 'pk = ? AND sk = ?';
const INSERT = 'INSERT INTO records (pk, sk, item) VALUES (?, ?, ?) ON CONFLICT';
/** One statement for all takes two thirds of the time of one for each. */
const MANY = 'SELECT pk, sk, item FROM records WHERE (pk, sk) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))';
const EXISTS = `SELECT 1 FROM records WHERE ${KEY}`;

/**
 * Opens the table in an SQLite file, or in memory (`:memory:`). Creates the file and its folder; a table that cannot be written is opened
 * for reading.
 *
 * @throws PaperkeepError `BAD_SETTING` for a database of another program; `TABLE_DAMAGED`, `TABLE_BUSY`, `TABLE_READ_ONLY`,
 * `TABLE_UNREACHABLE` or `DISK_FULL`, which its methods throw too.
 */
export function openSqliteTable(path: string): TableStore {
  const { db, close } = mapErrors(path, () => openWritable(path) ?? openReadOnly(path));
  const guarded = async <T>(work: () => T): Promise<T> => {
    const left = deadlineAfter(BUSY_MS);
    while (true) {
      try {
        return work();
      } catch (error) {
        if (sqliteCode(error) !== SQLITE_CODES.busy || left() === 0) throw toTableError(path, error);
        await sleep(BLOCK_MS);
      }
    }
  };
  const prepared = cacheStatements(db);
  const query = cacheQueries(db);
  const all = (sql: string, values: readonly SQLInputValue[]): Item[] => query(sql, values).map(itemOf);
  let written = 0;
  const changes = (sql: string, values: readonly SQLInputValue[]): number => {
    const rows = Number(prepared(sql).run(...values).changes);
    written += rows;
    return rows;
  };
  const put = (item: Item, condition: Condition | undefined): boolean => {
    const row = rowOf(item);
    const { sql, values } = conditionSql(condition);
    if (condition?.if === 'equal') {
      const [pk, sk, text] = row;
      return changes(`UPDATE records SET item = ? WHERE ${KEY} AND ${sql}`, [text, pk, sk, ...values]) > 0;
    }
    return changes(`${INSERT} DO UPDATE SET item = excluded.item WHERE ${sql}`, [...row, ...values]) > 0;
  };
  return {
    url: `sqlite:${path}`,

    async get(key) {
      return guarded(() => all(`SELECT pk, sk, item FROM records WHERE ${KEY}`, [key.pk, key.sk])[0] ?? null);
    },

    async getMany(keys) {
      return guarded(() => all(MANY, [JSON.stringify(keys.map(({ pk, sk }) => [pk, sk]))]));
    },

    async range(range) {
      const { sql, values } = rangeQuery(range);
      return guarded(() => all(sql, values));
    },

    async put(item, condition) {
      return guarded(() => put(item, condition));
    },

    async putMany(items) {
      // In key order the tree is filled page by page: 100,000 rows a second; in no order 11,000.
      const inOrder = items.toSorted((a, b) => compareText(a.pk, b.pk) || compareText(a.sk, b.sk));
      await guarded(() =>
        inTransaction(db, () => {
          for (const item of inOrder) changes(`${INSERT} DO UPDATE SET item = excluded.item`, rowOf(item));
        }),
      );
    },

    async putInOrder(puts) {
      // one transaction for each would write the same pages of the file many times
      await guarded(() =>
        inTransaction(db, () => {
          for (const { item, condition } of puts) put(item, condition);
        }),
      );
    },

    async delete({ pk, sk }, condition) {
      const { sql, values } = conditionSql(condition);
      return guarded(() =>
        inTransaction(db, () => {
          const gone = changes(`DELETE FROM records WHERE ${KEY} AND ${sql}`, [pk, sk, ...values]) > 0;
          return gone || (condition?.if !== 'equal' && !prepared(EXISTS).get(pk, sk));
        }),
      );
    },

    // data_version changes with the commits of other connections
    stamp: () => `${mapErrors(path, () => prepared('PRAGMA data_version').get()?.data_version)} ${written}`,

    async *scan() {
      let last: Key = { pk: '', sk: '' };
      while (true) {
        const { pk, sk } = last;
        const items = await guarded(() =>
          all(`SELECT pk, sk, item FROM records WHERE (pk, sk) > (?, ?) ORDER BY pk, sk LIMIT ${SCAN_ROWS}`, [pk, sk]),
        );
        yield* items;
        const end = items.at(-1);
        if (!end) return;
        last = end;
      }
    },

    async check() {
      const result = await guarded(() => String(prepared('PRAGMA quick_check(1)').get()?.quick_check));
      if (result !== 'ok') throw damagedTableError(path, result);
    },

    async close() {
      if (db.isOpen) db.close();
      close();
    },
  };
}

function mapErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toTableError(path, error);
  }
}

/** Turns an error of SQLite or of the file system into a `PaperkeepError`; returns an error of any other kind as it is. */
export function toTableError(path: string, error: unknown): unknown {
  const { code } = Object(error) as { code?: unknown };
  const reason = errorMessage(error);
  const problem = (code: string, message: string, hint: string) =>
    new PaperkeepError({ code, message, hint, cause: error });
  if (isDiskFull(error)) {
    const hint = 'free some space on that disk, then try again; everything that was reported as done is kept';
    return problem('DISK_FULL', `no space is left to write the table ${path}`, hint);
  }
  if (error instanceof SyntaxError || isSqliteDamage(error) || sqliteCode(error) === SQLITE_CODES.error) {
    return damagedTableError(path, reason, error);
  }
  if (sqliteCode(error) === SQLITE_CODES.busy) {
    const hint = 'wait until the other process has finished, or end it';
    return problem('TABLE_BUSY', `another process has locked the table ${path}: ${reason}`, hint);
  }
  if (sqliteCode(error) === SQLITE_CODES.readOnly) {
    const hint = 'make the file and its folder writable, or use a copy';
    return problem('TABLE_READ_ONLY', `the table ${path} can only be read`, hint);
  }
  if (UNREACHABLE.has(sqliteCode(error)) || (typeof code === 'string' && /^E[A-Z]+$/.test(code))) {
    const hint =
      'check that the path names a file in a folder that can be written to, or set PAPERKEEP_TABLE to another';
    return problem('TABLE_UNREACHABLE', `the table ${path} cannot be used: ${reason}`, hint);
  }
  return error;
}

function damagedTableError(path: string, reason: string, cause?: unknown): PaperkeepError {
  const hint = `move ${path} (and ${path}-wal, ${path}-shm) away, then rebuild the table from the archive`;
  return new PaperkeepError({
    code: 'TABLE_DAMAGED',
    message: `the table ${path} is damaged: ${reason}`,
    hint,
    cause,
  });
}

const UNREACHABLE: ReadonlySet<number> = new Set([SQLITE_CODES.perm, SQLITE_CODES.ioError, SQLITE_CODES.cantOpen]);

/** An open database, and what to do once it is closed. */
type OpenDatabase = { readonly db: DatabaseSync; close(): void };
const NOTHING_TO_DO = () => {};

/** Opens a database for writing; null if it exists and can only be read. */
function openWritable(path: string): OpenDatabase | null {
  let db: DatabaseSync | null = null;
  try {
    if (path !== ':memory:') createFolder(dirname(path));
    checkLog(path);
    db = new DatabaseSync(path, { timeout: BUSY_MS });
    checkOwner(path, db);
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
    enableWal(db);
    db.exec(`PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KB}`);
    const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.page_size);
    db.exec(`PRAGMA wal_autocheckpoint = ${Math.ceil(LOG_BYTES / pageBytes)}`);
    db.exec(`CREATE TABLE IF NOT EXISTS records (
      pk TEXT NOT NULL, sk TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (pk, sk)
    ) WITHOUT ROWID`);
    db.exec(`PRAGMA busy_timeout = ${BLOCK_MS}`);
    return { db, close: NOTHING_TO_DO };
  } catch (error) {
    db?.close();
    if (isWriteRefused(error) && existsSync(path)) return null;
    throw error;
  }
}

/**
 * Refuses a write-ahead log of another database: SQLite takes any that lies beside a file, and would write it into the file.
 *
 * @throws PaperkeepError `TABLE_DAMAGED`; `BAD_SETTING` where file and log are of another program.
 */
function checkLog(path: string): void {
  const isEmpty = (file: string) => !statSync(file, { throwIfNoEntry: false })?.size;
  if (path === ':memory:' || isEmpty(path) || isEmpty(`${path}-wal`)) return;
  const error = damagedTableError(path, `${path}-wal belongs to another database`);
  if (isForeignLog(path)) throw error;
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  try {
    if (!listTables(db).includes('records') && isTableWithoutLog(path)) throw error;
    checkOwner(path, db);
  } finally {
    db.close();
  }
}

function isTableWithoutLog(path: string): boolean {
  const db = openWithoutLog(path);
  try {
    return listTables(db).includes('records');
  } finally {
    db.close();
  }
}

const listTables = (db: DatabaseSync): unknown[] =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name);

/**
 * Refuses a database of another program before anything is written to it, and prepares a statement, which SQLite refuses where `records` has
 * other columns.
 *
 * @throws PaperkeepError `BAD_SETTING`
 */
function checkOwner(path: string, db: DatabaseSync): void {
  const tables = listTables(db);
  if (tables.includes('records')) db.prepare('SELECT pk, sk, item FROM records');
  else if (tables.length > 0)
    throw new PaperkeepError({
      code: 'BAD_SETTING',
      message: `${path} is a database of another program`,
      hint: 'set PAPERKEEP_TABLE to the table of a paperkeep, or to a file that does not exist yet',
    });
}

/** True for the errors of a file or folder that cannot be written. */
const isWriteRefused = (error: unknown): boolean =>
  [SQLITE_CODES.readOnly, SQLITE_CODES.cantOpen, SQLITE_CODES.ioError, SQLITE_CODES.perm].some(
    (code) => code === sqliteCode(error),
  ) || /^(EROFS|EACCES|EPERM)$/.test(String(Object(error).code));

/**
 * Opens a database that cannot be written. What is left in its log is part of it, but cannot be read in place without the shared memory
 * that SQLite would create beside it: then a copy in a temporary folder is opened.
 */
function openReadOnly(path: string): OpenDatabase {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (!log?.size) {
    return { db: checkReadable(path, openWithoutLog(path)), close: NOTHING_TO_DO };
  }
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-table-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'table.sqlite');
    copyWritable(path, copy);
    copyWritable(`${path}-wal`, `${copy}-wal`);
    const db = new DatabaseSync(copy);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA query_only = ON');
    return { db: checkReadable(path, db), close };
  } catch (error) {
    close();
    throw error;
  }
}

const openWithoutLog = (path: string): DatabaseSync =>
  new DatabaseSync(new URL(`${pathToFileURL(path).href}?immutable=1`), { readOnly: true });

/** Reads a row, since SQLite reads nothing of a file that it opens. */
function checkReadable(path: string, db: DatabaseSync): DatabaseSync {
  try {
    checkOwner(path, db);
    db.prepare('SELECT 1 FROM records LIMIT 1').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite does not wait for a lock here: some of the processes that open a new file at once are refused, and so try again. */
function enableWal(db: DatabaseSync): void {
  const left = deadlineAfter(BUSY_MS);
  while (true) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (sqliteCode(error) !== SQLITE_CODES.busy || left() === 0) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function rowOf({ pk, sk, ...fields }: Item): [pk: string, sk: string, item: string] {
  return [pk, sk, JSON.stringify(fields)];
}

const itemOf = (row: Record<string, unknown>): Item => ({
  pk: String(row.pk),
  sk: String(row.sk),
  ...JSON.parse(String(row.item)),
});

/** The condition on the stored row as SQL. A field of another type never passes: JSON's `true` would equal 1, and text exceed every number. */
function conditionSql(condition: Condition | undefined): {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
} {
  if (!condition) return { sql: 'TRUE', values: [] };
  if (condition.if === 'absent') return { sql: 'FALSE', values: [] };
  const path = `$.${JSON.stringify(condition.field)}`;
  const types = typeof condition.value === 'number' ? 'integer real' : 'text';
  const sign = condition.if === 'below' ? '<' : '=';
  return {
    sql: `instr(?, json_type(records.item, ?)) AND json_extract(records.item, ?) ${sign} ?`,
    values: [types, path, path, condition.value],
  };
}

function rangeQuery({ pk, from, to, after, newestFirst, limit }: KeyRange) {
  const bounds = [
    { sql: 'pk = ?', value: pk },
    { sql: 'sk >= ?', value: from },
    { sql: 'sk <= ?', value: to },
    { sql: newestFirst ? 'sk < ?' : 'sk > ?', value: after },
  ].filter((bound): bound is { sql: string; value: string } => bound.value !== undefined);
  const where = bounds.map((bound) => bound.sql).join(' AND ');
  return {
    sql: `SELECT pk, sk, item FROM records WHERE ${where} ORDER BY sk ${newestFirst ? 'DESC' : 'ASC'} ${LIMIT}`,
    // -1 is no limit
    values: [...bounds.map((bound) => bound.value), limit ?? -1],
  };
}
