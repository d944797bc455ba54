import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import { compareText } from '../lib/order.ts';
import { deadlineAfter } from '../lib/time.ts';
import type { Condition, Item, Key, KeyRange, TableStore } from './store.ts';

/** Another process may hold the file while it writes a large batch; 100,000 rows take about a second. */
const BUSY_MS = 10_000;
/** Rows read at a time by a scan, so that it neither holds a read lock for long nor fills the memory. */
const SCAN_ROWS = 1000;

const KEY = 'pk = ? AND sk = ?';
const INSERT = 'INSERT INTO records (pk, sk, item) VALUES (?, ?, ?) ON CONFLICT';
const EXISTS = `SELECT 1 FROM records WHERE ${KEY}`;

/** The table in an SQLite file (`:memory:` for one that is forgotten). Makes the file and its folder; throws a PaperkeepError when it cannot. */
export function openSqliteTable(path: string): TableStore {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toTableError(path, error);
    }
  };
  const db = guarded(() => opened(path));
  const statements = new Map<string, StatementSync>();

  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const all = (sql: string, values: readonly SQLInputValue[]): Item[] =>
    prepared(sql)
      .all(...values)
      .map(itemOf);
  const one = (key: Key): Item | null => {
    const row = prepared(`SELECT pk, sk, item FROM records WHERE ${KEY}`).get(key.pk, key.sk);
    return row ? itemOf(row) : null;
  };
  const changes = (sql: string, values: readonly SQLInputValue[]): number =>
    Number(prepared(sql).run(...values).changes);
  const put = (item: Item, condition: Condition | undefined): boolean => {
    const row = rowOf(item);
    const { sql, values } = heldBy(condition);
    if (condition?.if === 'equal') {
      const [pk, sk, text] = row;
      return changes(`UPDATE records SET item = ? WHERE ${KEY} AND ${sql}`, [text, pk, sk, ...values]) > 0;
    }
    return changes(`${INSERT} DO UPDATE SET item = excluded.item WHERE ${sql}`, [...row, ...values]) > 0;
  };
  const transaction = <T>(work: () => T): T => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      // a full disk rolls back by itself
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };

  return {
    url: `sqlite:${path}`,

    async get(key) {
      return guarded(() => one(key));
    },

    async getMany(keys) {
      const wanted = new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), key]));
      return guarded(() => [...wanted.values()].map(one).filter((item) => item !== null));
    },

    async range(range) {
      const { sql, values } = rangeQuery(range);
      return guarded(() => all(sql, values));
    },

    async put(item, condition) {
      return guarded(() => put(item, condition));
    },

    async putMany(items) {
      // In key order the tree is filled page by page: 100,000 rows a second, and 11,000 when scattered.
      const inOrder = items.toSorted((a, b) => compareText(a.pk, b.pk) || compareText(a.sk, b.sk));
      guarded(() =>
        transaction(() => {
          const insert = prepared(`${INSERT} DO UPDATE SET item = excluded.item`);
          for (const item of inOrder) insert.run(...rowOf(item));
        }),
      );
    },

    async putInOrder(puts) {
      // a transaction of each would write the same pages of the file again and again
      guarded(() =>
        transaction(() => {
          for (const { item, condition } of puts) put(item, condition);
        }),
      );
    },

    async delete({ pk, sk }, condition) {
      const { sql, values } = heldBy(condition);
      return guarded(() =>
        transaction(() => {
          const gone = changes(`DELETE FROM records WHERE ${KEY} AND ${sql}`, [pk, sk, ...values]) > 0;
          return gone || (condition?.if !== 'equal' && !prepared(EXISTS).get(pk, sk));
        }),
      );
    },

    // the one tells of other connections' changes, the other of our own
    stamp() {
      const [{ data_version: others }, { own }] = guarded(() => [
        prepared('PRAGMA data_version').get() ?? {},
        prepared('SELECT total_changes() AS own').get() ?? {},
      ]) as [Record<string, unknown>, Record<string, unknown>];
      return `${others} ${own}`;
    },

    async *scan() {
      let last: Key = { pk: '', sk: '' };
      while (true) {
        const { pk, sk } = last;
        const items = guarded(() =>
          all(`SELECT pk, sk, item FROM records WHERE (pk, sk) > (?, ?) ORDER BY pk, sk LIMIT ${SCAN_ROWS}`, [pk, sk]),
        );
        yield* items;
        const end = items.at(-1);
        if (!end) return;
        last = end;
      }
    },

    async close() {
      if (db.isOpen) db.close();
    },
  };
}

/** What a person is told of an error of SQLite or of the file system; errors of other kinds are handed back as they are. */
export function toTableError(path: string, error: unknown): unknown {
  const { code } = Object(error) as { code?: unknown };
  const result = resultOf(error);
  const said = errorMessage(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || result === SHM_FULL || primary(result) === FULL) {
    const hint = 'make room on that disk and run it again: nothing that was reported as done is lost';
    return new PaperkeepError({
      code: 'DISK_FULL',
      message: `no room left to write the table ${path}`,
      hint,
      cause: error,
    });
  }
  if (error instanceof SyntaxError || primary(result) === CORRUPT || primary(result) === NOT_A_DATABASE) {
    const hint = `move ${path} aside (and ${path}-wal, ${path}-shm) and run \`paperkeep replay\`: it is made again from the archive`;
    return new PaperkeepError({
      code: 'TABLE_DAMAGED',
      message: `the table ${path} is damaged: ${said}`,
      hint,
      cause: error,
    });
  }
  if (primary(result) === BUSY) {
    const hint = 'wait until the other process has finished, or end it';
    return new PaperkeepError({
      code: 'TABLE_BUSY',
      message: `another process holds the table ${path}: ${said}`,
      hint,
      cause: error,
    });
  }
  if (UNREACHABLE.has(primary(result)) || (typeof code === 'string' && /^E[A-Z]+$/.test(code))) {
    const hint =
      'see that its folder can be written to and that the path names a file, or set PAPERKEEP_TABLE to another';
    return new PaperkeepError({
      code: 'TABLE_UNREACHABLE',
      message: `the table ${path} cannot be used: ${said}`,
      hint,
      cause: error,
    });
  }
  return error;
}

// Result codes: https://www.sqlite.org/rescode.html
const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;
/** No room for the shared memory file beside the table. */
const SHM_FULL = 4874;
/** No permission, read only, input or output failed, cannot open. */
const UNREACHABLE: ReadonlySet<number> = new Set([3, 8, 10, 14]);
/** SQLite's extended result code, 0 for errors of other kinds. */
function resultOf(error: unknown): number {
  const { errcode } = Object(error) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode : 0;
}

/** The low byte of an extended result code is its kind. */
const primary = (result: number): number => result & 0xff;

function opened(path: string): DatabaseSync {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    turnToWal(db);
    db.exec('PRAGMA synchronous = NORMAL');
    // A checkpoint a 40 MB log instead of a 4 MB one: a replay writes the same pages again and again, and is a sixth faster.
    db.exec('PRAGMA wal_autocheckpoint = 10000');
    db.exec(`CREATE TABLE IF NOT EXISTS records (
      pk TEXT NOT NULL, sk TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (pk, sk)
    ) WITHOUT ROWID`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite makes nobody wait for this step: of processes that open a new file at once some are refused, so they try again. */
function turnToWal(db: DatabaseSync): void {
  const left = deadlineAfter(BUSY_MS);
  while (true) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (primary(resultOf(error)) !== BUSY || left() === 0) throw error;
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

/** The condition as a test of the row that is there; a field of another type never passes (JSON's `true` would else equal 1, and text be above every number). */
function heldBy(condition: Condition | undefined): { readonly sql: string; readonly values: readonly SQLInputValue[] } {
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
    sql: `SELECT pk, sk, item FROM records WHERE ${where} ORDER BY sk ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
    // -1 is no limit
    values: [...bounds.map((bound) => bound.value), limit ?? -1],
  };
}
