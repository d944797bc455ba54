import { execFile } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openRecords, SCHEMA_ITEM } from '../../shared/record/open.ts';
import { sqliteProblem, sqliteRecords } from '../../shared/record/sqlite.ts';
import { recordsContract } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'paperkeep-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newPath = () => join(folder, `${++files}`, 'papers.sqlite');

recordsContract('records in an SQLite file', async () => sqliteRecords(newPath()));
recordsContract('records in memory', async () => sqliteRecords(':memory:'));

describe('records in an SQLite file', () => {
  it('are there when it is opened again', async () => {
    const path = newPath();
    const first = sqliteRecords(path);
    await first.put({ pk: 'P', sk: 'S', n: 1 });
    await first.close();
    const second = sqliteRecords(path);
    expect(await second.get({ pk: 'P', sk: 'S' })).toEqual({ pk: 'P', sk: 'S', n: 1 });
    await second.close();
  });

  it('order bounds and fields by UTF-8 bytes beyond U+FFFF too', async () => {
    const records = sqliteRecords(':memory:');
    await records.putMany([
      { pk: 'P', sk: '😀' },
      { pk: 'P', sk: '\uffee' },
    ]);
    const within = await records.range({ pk: 'P', from: '\uffee', to: '😀' });
    expect(within.map((item) => item.sk)).toEqual(['\uffee', '😀']);
    await records.put({ pk: 'P', sk: 'field', name: '\uffee' });
    expect(await records.delete({ pk: 'P', sk: 'field' }, { if: 'below', field: 'name', value: '😀' })).toBe(true);
    await records.close();
  });

  it('have another stamp after every change, by themselves or by another process', async () => {
    const path = newPath();
    const [first, second] = [sqliteRecords(path), sqliteRecords(path)];
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
    const records = sqliteRecords(newPath());
    await records.close();
    await expect(records.close()).resolves.toBeUndefined();
  });

  it('are put all or not at all', async () => {
    const records = sqliteRecords(newPath());
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const bad = { pk: 'P', sk: 'S2', ...circular } as never;
    await expect(records.putMany([{ pk: 'P', sk: 'S1' }, bad])).rejects.toThrow(/circular/i);
    expect(await records.range({ pk: 'P' })).toEqual([]);
    await records.putMany([{ pk: 'P', sk: 'S1' }]);
    expect(await records.range({ pk: 'P' })).toHaveLength(1);
    await records.close();
  });

  it('are shared by processes that open it at once: each key is won by one of them', async () => {
    const path = newPath();
    const program = `
      import { sqliteRecords } from ${JSON.stringify(new URL('../../shared/record/sqlite.ts', import.meta.url).href)};
      const records = sqliteRecords(${JSON.stringify(path)});
      let won = 0;
      for (let n = 0; n < 200; n += 1) if (await records.put({ pk: 'P', sk: 'S' + n }, { if: 'absent' })) won += 1;
      await records.putMany(Array.from({ length: 2000 }, (_, n) => ({ pk: 'MANY', sk: 'S' + n })));
      console.log(won);
      await records.close();`;
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    const won = (await Promise.all([run(), run(), run()])).map(({ stdout }) => Number(stdout));
    expect(won.reduce((sum, count) => sum + count)).toBe(200);
    const records = sqliteRecords(path);
    expect(await records.range({ pk: 'P' })).toHaveLength(200);
    expect(await records.range({ pk: 'MANY' })).toHaveLength(2000);
    await records.close();
  });
});

describe('an SQLite file that cannot be used', () => {
  it('is damaged when it is no database, and nothing is done to it', () => {
    const path = join(folder, 'no-database');
    writeFileSync(path, 'not a database, but long enough to be taken for one '.repeat(100));
    expect(() => sqliteRecords(path)).toThrow(
      expect.objectContaining({ code: 'TABLE_DAMAGED', exit: 5, mend: expect.stringContaining('paperkeep replay') }),
    );
  });

  it('is damaged when pages of it were overwritten', async () => {
    const path = newPath();
    const records = sqliteRecords(path);
    await records.putMany(Array.from({ length: 3000 }, (_, n) => ({ pk: 'P', sk: `S${n}`, text: 'x'.repeat(100) })));
    await records.close();
    const file = openSync(path, 'r+');
    for (let page = 2; page < 40; page += 1) writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    ftruncateSync(file, 50 * 4096);
    closeSync(file);
    const damaged = (async () => {
      const again = sqliteRecords(path);
      try {
        await again.range({ pk: 'P' });
      } finally {
        await again.close();
      }
    })();
    await expect(damaged).rejects.toMatchObject({ code: 'TABLE_DAMAGED', exit: 5 });
  });

  it('is damaged when an item in it is no JSON', async () => {
    const path = newPath();
    const records = sqliteRecords(path);
    const other = new DatabaseSync(path);
    other.exec(`INSERT INTO records VALUES ('P', 'S', '{"cut')`);
    other.close();
    await expect(records.get({ pk: 'P', sk: 'S' })).rejects.toMatchObject({ code: 'TABLE_DAMAGED', exit: 5 });
    await records.close();
  });

  it('is told of when its path is a folder, or lies below a file', () => {
    mkdirSync(join(folder, 'a-folder'));
    writeFileSync(join(folder, 'a-file'), '');
    for (const path of [join(folder, 'a-folder'), join(folder, 'a-file', 'papers.sqlite')]) {
      expect(() => sqliteRecords(path)).toThrow(
        expect.objectContaining({ code: 'TABLE_UNREACHABLE', exit: 1, message: expect.stringContaining(path) }),
      );
    }
  });

  it('is told of when the disk is full', () => {
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
    expect(sqliteProblem(path, thrown)).toMatchObject({ code: 'DISK_FULL', exit: 1, cause: thrown });
    expect(sqliteProblem(path, Object.assign(new Error(), { code: 'ENOSPC' }))).toMatchObject({ code: 'DISK_FULL' });
  });

  it('leaves an error that is of neither kind as it is', () => {
    const error = new TypeError('something else');
    expect(sqliteProblem('x', error)).toBe(error);
  });
});

describe('opening the table that a setting names', () => {
  it.each(['', 'papers.sqlite', 'sqlite:', 'dynamodb:', 'dynamodb:a/b', 'postgres://x/y'])(
    'refuses %j and names what is understood',
    async (url) => {
      await expect(openRecords(url)).rejects.toMatchObject({
        code: 'BAD_SETTING',
        exit: 2,
        mend: expect.stringMatching(/sqlite:<path>.*dynamodb:<table>/),
      });
    },
  );

  it('understands a plain path, an absolute URL and memory', async () => {
    const path = newPath();
    for (const [url, said] of [
      [`sqlite:${path}`, `sqlite:${path}`],
      [`sqlite://${path}`, `sqlite:${path}`],
      ['sqlite::memory:', 'sqlite::memory:'],
    ] as const) {
      const records = await openRecords(url);
      expect(records.url).toBe(said);
      await records.close();
    }
  });

  it('marks a new table with the version of its layout, and opens it again', async () => {
    const url = `sqlite:${newPath()}`;
    for (let times = 0; times < 2; times += 1) {
      const records = await openRecords(url);
      expect(await records.get(SCHEMA_ITEM)).toEqual({ ...SCHEMA_ITEM, version: 1 });
      await records.close();
    }
  });

  it('refuses one that a newer paperkeep wrote, and changes nothing', async () => {
    const path = newPath();
    const newer = sqliteRecords(path);
    await newer.put({ ...SCHEMA_ITEM, version: 7 });
    await expect(openRecords(`sqlite:${path}`)).rejects.toMatchObject({
      code: 'TABLE_NEWER',
      exit: 1,
      message: expect.stringContaining('schema 7, this one knows 1'),
      mend: expect.stringContaining('replay'),
    });
    expect(await newer.get(SCHEMA_ITEM)).toEqual({ ...SCHEMA_ITEM, version: 7 });
    await newer.close();
  });
});
