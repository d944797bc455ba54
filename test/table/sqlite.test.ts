import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { openTable, SCHEMA_KEY } from '../../shared/table/open.ts';
import { openSqliteTable, toTableError } from '../../shared/table/sqlite.ts';
import { storeContract } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'paperkeep-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = () => join(folder, `${++files}`, 'papers.sqlite');

storeContract('records in an SQLite file', async () => openSqliteTable(newPath()));
storeContract('records in memory', async () => openSqliteTable(':memory:'));

describe('Records in an SQLite file', () => {
  it('are there when it is opened again', async () => {
    const path = newPath();
    const first = openSqliteTable(path);
    await first.put({ pk: 'P', sk: 'S', n: 1 });
    await first.close();
    const second = openSqliteTable(path);
    expect(await second.get({ pk: 'P', sk: 'S' })).toEqual({ pk: 'P', sk: 'S', n: 1 });
    await second.close();
  });

  it('are in pages of 16 KB in a new file; a file of other pages keeps them', async () => {
    const pageBytes = (path: string) => {
      using db = new DatabaseSync(path);
      return db.prepare('PRAGMA page_size').get()?.page_size;
    };
    const path = newPath();
    await openSqliteTable(path).close();
    const older = join(folder, 'older.sqlite');
    const db = new DatabaseSync(older);
    db.exec('PRAGMA page_size = 4096; VACUUM');
    db.exec(
      'CREATE TABLE records (pk TEXT NOT NULL, sk TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (pk, sk)) WITHOUT ROWID',
    );
    db.close();
    const table = openSqliteTable(older);
    await table.put({ pk: 'P', sk: 'S', n: 1 });
    expect(await table.getMany([{ pk: 'P', sk: 'S' }])).toEqual([{ pk: 'P', sk: 'S', n: 1 }]);
    await table.close();
    expect([pageBytes(path), pageBytes(older)]).toEqual([16_384, 4096]);
  });

  it('order bounds and fields by UTF-8 bytes beyond U+FFFF too', async () => {
    const table = openSqliteTable(':memory:');
    await table.putMany([
      { pk: 'P', sk: '😀' },
      { pk: 'P', sk: '\uffee' },
    ]);
    const within = await table.range({ pk: 'P', from: '\uffee', to: '😀' });
    expect(within.map((item) => item.sk)).toEqual(['\uffee', '😀']);
    await table.put({ pk: 'P', sk: 'field', name: '\uffee' });
    expect(await table.delete({ pk: 'P', sk: 'field' }, { if: 'below', field: 'name', value: '😀' })).toBe(true);
    await table.close();
  });

  it('have another stamp after every change, by themselves or by another process', async () => {
    const path = newPath();
    const [first, second] = [openSqliteTable(path), openSqliteTable(path)];
    await first.put({ pk: 'P', sk: 'S', n: 1 });
    const stamps = [first.stamp?.(), first.stamp?.()];
    expect(stamps[1]).toBe(stamps[0]);
    await first.put({ pk: 'P', sk: 'S', n: 2 });
    stamps.push(first.stamp?.());
    await second.putMany([{ pk: 'P', sk: 'T' }]);
    stamps.push(first.stamp?.());
    await second.delete({ pk: 'P', sk: 'T' });
    stamps.push(first.stamp?.());
    expect(new Set(stamps).size).toBe(4);
    await Promise.all([first.close(), second.close()]);
  });

  it('may be closed twice', async () => {
    const table = openSqliteTable(newPath());
    await table.close();
    await expect(table.close()).resolves.toBeUndefined();
  });

  it('are put together or not at all', async () => {
    const table = openSqliteTable(newPath());
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const bad = { pk: 'P', sk: 'S2', ...circular } as never;
    await expect(table.putMany([{ pk: 'P', sk: 'S1' }, bad])).rejects.toThrow(/circular/i);
    expect(await table.range({ pk: 'P' })).toEqual([]);
    await table.putMany([{ pk: 'P', sk: 'S1' }]);
    expect(await table.range({ pk: 'P' })).toHaveLength(1);
    await table.close();
  });

  it('are shared by processes that open it at once: each key is won by one of them', async () => {
    const path = newPath();
    const program = `
      import { openSqliteTable } from ${JSON.stringify(new URL('../../shared/table/sqlite.ts', import.meta.url).href)};
      const records = openSqliteTable(${JSON.stringify(path)});
      let won = 0;
      for (let n = 0; n < 200; n += 1) if (await records.put({ pk: 'P', sk: 'S' + n }, { if: 'absent' })) won += 1;
      await records.putMany(Array.from({ length: 2000 }, (_, n) => ({ pk: 'MANY', sk: 'S' + n })));
      console.log(won);
      await records.close();`;
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    const won = (await Promise.all([run(), run(), run()])).map(({ stdout }) => Number(stdout));
    expect(won.reduce((sum, count) => sum + count)).toBe(200);
    const table = openSqliteTable(path);
    expect(await table.range({ pk: 'P' })).toHaveLength(200);
    expect(await table.range({ pk: 'MANY' })).toHaveLength(2000);
    await table.close();
  });
});

describe('an SQLite file that cannot be used', () => {
  it('is damaged when it is no database, and nothing is done to it', () => {
    const path = join(folder, 'no-database');
    writeFileSync(path, 'not a database, but long enough to be taken for one '.repeat(100));
    expect(() => openSqliteTable(path)).toThrow(
      expect.objectContaining({
        code: 'TABLE_DAMAGED',
        hint: expect.stringContaining('rebuild the table from the archive'),
      }),
    );
  });

  it('is damaged when pages of it were overwritten', async () => {
    const path = newPath();
    const table = openSqliteTable(path);
    await table.putMany(Array.from({ length: 3000 }, (_, n) => ({ pk: 'P', sk: `S${n}`, text: 'x'.repeat(100) })));
    await table.close();
    const file = openSync(path, 'r+');
    for (let page = 2; page < 40; page += 1) writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    ftruncateSync(file, 50 * 4096);
    closeSync(file);
    const damaged = (async () => {
      const again = openSqliteTable(path);
      try {
        await again.range({ pk: 'P' });
      } finally {
        await again.close();
      }
    })();
    await expect(damaged).rejects.toMatchObject({ code: 'TABLE_DAMAGED' });
  });

  it('is damaged when its header is, whatever SQLite says about it', async () => {
    for (const at of [16, 40, 44]) {
      const path = newPath();
      const table = openSqliteTable(path);
      await table.put({ pk: 'P', sk: 'S' });
      await table.close();
      const file = openSync(path, 'r+');
      writeSync(file, Buffer.alloc(8, 0x55), 0, 8, at);
      closeSync(file);
      expect(() => openSqliteTable(path)).toThrow(expect.objectContaining({ code: 'TABLE_DAMAGED' }));
    }
  });

  it('is damaged when its table has other columns', async () => {
    const path = newPath();
    mkdirSync(join(path, '..'));
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE records (id TEXT PRIMARY KEY, body TEXT)');
    other.close();
    const before = readFileSync(path);
    await expect(openTable(`sqlite:${path}`)).rejects.toMatchObject({ code: 'TABLE_DAMAGED' });
    expect(readFileSync(path)).toEqual(before);
  });

  it.each(['DELETE', 'WAL'])(
    'is refused, and nothing is written to it, where another program has its tables there (%s mode)',
    async (mode) => {
      const path = newPath();
      mkdirSync(join(path, '..'));
      const other = new DatabaseSync(path);
      other.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, url TEXT)`);
      const refused = {
        code: 'BAD_SETTING',
        message: `${path} is a database of another program`,
        hint: expect.stringContaining('PAPERKEEP_TABLE'),
      };
      // in use, with its last changes in the log, and closed
      await expect(openTable(`sqlite:${path}`)).rejects.toMatchObject(refused);
      other.exec('PRAGMA wal_checkpoint; CREATE TABLE tags (name TEXT)');
      await expect(openTable(`sqlite:${path}`)).rejects.toMatchObject(refused);
      other.close();
      const before = readFileSync(path);
      await expect(openTable(`sqlite:${path}`)).rejects.toMatchObject(refused);
      expect(readFileSync(path)).toEqual(before);
      expect(existsSync(`${path}-wal`)).toBe(false);
    },
  );

  it('is found damaged by a check when only its middle was overwritten, and intact otherwise', async () => {
    const path = newPath();
    const table = openSqliteTable(path);
    await table.putMany(Array.from({ length: 3000 }, (_, n) => ({ pk: `P${n}`, sk: 'S', text: 'x'.repeat(100) })));
    await table.check?.();
    await table.close();
    const file = openSync(path, 'r+');
    for (let page = 40; page < 50; page += 1) writeSync(file, Buffer.alloc(4096, 0x55), 0, 4096, page * 4096);
    closeSync(file);
    const again = openSqliteTable(path);
    await expect(again.check?.()).rejects.toMatchObject({ code: 'TABLE_DAMAGED' });
    await again.close();
  });

  it('is damaged when an item in it is no JSON', async () => {
    const path = newPath();
    const table = openSqliteTable(path);
    const other = new DatabaseSync(path);
    other.exec(`INSERT INTO records VALUES ('P', 'S', '{"cut')`);
    other.close();
    await expect(table.get({ pk: 'P', sk: 'S' })).rejects.toMatchObject({ code: 'TABLE_DAMAGED' });
    await table.close();
  });

  it('is reported when its path is a folder, or lies below a file', () => {
    mkdirSync(join(folder, 'a-folder'));
    writeFileSync(join(folder, 'a-file'), '');
    for (const path of [join(folder, 'a-folder'), join(folder, 'a-file', 'papers.sqlite')]) {
      expect(() => openSqliteTable(path)).toThrow(
        expect.objectContaining({ code: 'TABLE_UNREACHABLE', message: expect.stringContaining(path) }),
      );
    }
  });

  it('is reported when the disk is full', () => {
    const path = newPath();
    mkdirSync(join(path, '..'));
    const small = new DatabaseSync(path);
    small.exec('PRAGMA max_page_count = 3; CREATE TABLE t (x)');
    const fill = () => small.exec(`INSERT INTO t VALUES (randomblob(100000))`);
    let thrown: unknown;
    try {
      fill();
    } catch (error) {
      thrown = error;
    }
    small.close();
    expect(toTableError(path, thrown)).toMatchObject({ code: 'DISK_FULL', cause: thrown });
    for (const full of [{ code: 'ENOSPC' }, { code: 'EDQUOT' }, { errcode: 13 }, { errcode: 4874 }])
      expect(toTableError(path, Object.assign(new Error(), full))).toMatchObject({ code: 'DISK_FULL' });
  });

  it('is reported as locked by another process, whatever the extended result code', () => {
    // SQLITE_BUSY, SQLITE_BUSY_RECOVERY, SQLITE_BUSY_SNAPSHOT
    for (const errcode of [5, 261, 517])
      expect(toTableError('x', Object.assign(new Error(), { errcode }))).toMatchObject({ code: 'TABLE_BUSY' });
  });

  it('is opened once another process has written it, where it is not in WAL mode yet', async () => {
    const path = newPath();
    mkdirSync(join(path, '..'));
    const writer = new Worker(
      `const { DatabaseSync } = require('node:sqlite');
       const { parentPort, workerData } = require('node:worker_threads');
       const db = new DatabaseSync(workerData.path);
       db.exec('CREATE TABLE records (pk TEXT, sk TEXT, item TEXT, PRIMARY KEY (pk, sk)) WITHOUT ROWID; BEGIN IMMEDIATE');
       parentPort.postMessage('writing');
       Atomics.wait(workerData.opening, 0, 0, 300);
       db.exec('COMMIT');
       db.close();`,
      { eval: true, workerData: { path, opening: new Int32Array(new SharedArrayBuffer(4)) } },
    );
    await once(writer, 'message');
    const table = openSqliteTable(path);
    expect(await table.put({ pk: 'P', sk: 'S' }, { if: 'absent' })).toBe(true);
    await table.close();
    await once(writer, 'exit');
  });

  it('gives an error of neither kind unchanged', () => {
    const error = new TypeError('something else');
    expect(toTableError('x', error)).toBe(error);
  });
});

describe('opening the table that a setting names', () => {
  it.each(['', 'papers.sqlite', 'sqlite:', 'dynamodb:', 'dynamodb:a/b', 'postgres://x/y'])(
    'refuses %j and names what it accepts',
    async (url) => {
      await expect(openTable(url)).rejects.toMatchObject({
        code: 'BAD_SETTING',
        hint: expect.stringMatching(/sqlite:<path>.*dynamodb:<table>/),
      });
    },
  );

  it('accepts a plain path, an absolute URL and memory', async () => {
    const path = newPath();
    for (const [url, said] of [
      [`sqlite:${path}`, `sqlite:${path}`],
      [`sqlite://${path}`, `sqlite:${path}`],
      ['sqlite::memory:', 'sqlite::memory:'],
    ] as const) {
      const table = await openTable(url);
      expect(table.url).toBe(said);
      await table.close();
    }
  });

  it('marks a new table with the version of its layout, and opens it again', async () => {
    const url = `sqlite:${newPath()}`;
    for (let times = 0; times < 2; times += 1) {
      const table = await openTable(url);
      expect(await table.get(SCHEMA_KEY)).toEqual({ ...SCHEMA_KEY, version: 1 });
      await table.close();
    }
  });

  it('refuses one whose version cannot be read as damaged, not as newer', async () => {
    const path = newPath();
    const table = openSqliteTable(path);
    await table.put({ ...SCHEMA_KEY, version: null });
    await table.close();
    await expect(openTable(`sqlite:${path}`)).rejects.toMatchObject({ code: 'TABLE_DAMAGED' });
  });

  it('refuses one that a newer paperkeep wrote, and changes nothing', async () => {
    const path = newPath();
    const newer = openSqliteTable(path);
    await newer.put({ ...SCHEMA_KEY, version: 7 });
    await expect(openTable(`sqlite:${path}`)).rejects.toMatchObject({
      code: 'TABLE_NEWER',
      message: expect.stringContaining('schema 7, this one knows 1'),
      hint: expect.stringContaining('replay the archive into it'),
    });
    expect(await newer.get(SCHEMA_KEY)).toEqual({ ...SCHEMA_KEY, version: 7 });
    await newer.close();
    // the last one to close a file removes its log
    expect(existsSync(`${path}-wal`)).toBe(false);
  });
});
