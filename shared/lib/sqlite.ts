import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { errorMessage } from './errors.ts';

/** Result codes of SQLite that are handled differently; see https://www.sqlite.org/rescode.html. */
export const SQLITE_CODES = {
  /** No SQL of ours is wrong, so the file is: its format or its tables are not as they were written. */
  error: 1,
  perm: 3,
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  cantOpen: 14,
  notADatabase: 26,
} as const;

/** The result code of an error of SQLite, without the details of its extended code; 0 for any other error. */
export const sqliteCode = (error: unknown): number => Number(Object(error).errcode ?? 0) & 0xff;

/** True when SQLite found its file damaged, or to be no database. */
export const isSqliteDamage = (error: unknown): boolean =>
  sqliteCode(error) === SQLITE_CODES.corrupt || sqliteCode(error) === SQLITE_CODES.notADatabase;

/** Checks the pages of a database file without changing it; returns what is wrong, or null. */
export function findSqliteDamage(path: string): string | null {
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      const result = String(db.prepare('PRAGMA quick_check(1)').get()?.quick_check);
      return result === 'ok' ? null : result;
    } finally {
      db.close();
    }
  } catch (error) {
    if (isSqliteDamage(error) || sqliteCode(error) === SQLITE_CODES.error) return errorMessage(error);
    throw error;
  }
}

/** The page of every database that is never written: SQLite locks its bytes. */
const LOCKED_BYTE = 0x40000000;

/**
 * True when the write-ahead log beside a database cannot be its own. Without `VACUUM` a database only grows, so after the last commit of
 * its log it has at least the pages of the file, and those that the file lacks are in the log. See https://www.sqlite.org/fileformat.html#walformat.
 */
export function isForeignLog(path: string): boolean {
  const sizeBefore = statSync(path).size;
  const log = openSync(`${path}-wal`, 'r');
  try {
    const read = (bytes: number, at: number) => {
      const buffer = Buffer.alloc(bytes);
      return readSync(log, buffer, 0, bytes, at) === bytes ? buffer : null;
    };
    const header = read(32, 0);
    if (header === null) return false;
    const pageSize = header.readUInt32BE(8);
    const logged = new Set<number>();
    let pages = 0;
    for (let at = 32; ; at += 24 + pageSize) {
      const frame = read(24, at);
      // frames of an earlier round of the log have another salt
      if (frame === null || !frame.subarray(8, 16).equals(header.subarray(16, 24))) break;
      logged.add(frame.readUInt32BE(0));
      pages = frame.readUInt32BE(4) || pages;
    }
    if (pages === 0) return false;
    if (pages * pageSize < sizeBefore) return true;
    // another process may have just moved pages of the log into the file
    for (let page = statSync(path).size / pageSize + 1; page <= pages; page += 1)
      if (!logged.has(page) && page !== LOCKED_BYTE / pageSize + 1) return true;
    return false;
  } finally {
    closeSync(log);
  }
}

/** Returns a function that prepares a statement the first time it is asked for, and gives the same one afterwards. */
export function cacheStatements(db: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

/**
 * Returns a function that reads all rows of a SELECT, which it prepares once. They are plain objects: those of node:sqlite have no prototype, and V8
 * reads the columns of such an object fourteen times as slowly.
 */
export function cacheQueries(
  db: DatabaseSync,
): (sql: string, values: readonly SQLInputValue[]) => Record<string, SQLOutputValue>[] {
  const queries = new Map<string, { readonly statement: StatementSync; readonly names: readonly string[] }>();
  return (sql, values) => {
    let query = queries.get(sql);
    if (!query) {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      query = { statement, names: statement.columns().map(({ name }) => name) };
      queries.set(sql, query);
    }
    const { statement, names } = query;
    // the types know only rows that are objects
    const rows = statement.all(...values) as unknown as SQLOutputValue[][];
    return rows.map((cells) => {
      const row: Record<string, SQLOutputValue> = {};
      for (let at = 0; at < names.length; at++) row[names[at] as string] = cells[at] as SQLOutputValue;
      return row;
    });
  };
}

/** A limit as a parameter. With a bare `LIMIT ?` SQLite plans for the value, and prepares the statement again each time: a third of the time that a paper takes. */
export const LIMIT = 'LIMIT ? + 0';

/** Runs `work` in a transaction that locks the file for writing at once; rolls back if `work` throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back where the disk is full
    if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
