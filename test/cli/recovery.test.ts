import { closeSync, copyFileSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Instant } from '../../shared/lib/time.ts';
import { openSqliteTable } from '../../shared/table/sqlite.ts';
import { aFolder, run } from './run.ts';
import { saveDay } from './saved.ts';

/** Overwrites the pages of a database file from `first` on. */
function damagePages(path: string, first: number): void {
  const file = openSync(path, 'r+');
  for (let page = first; page < statSync(path).size / 4096; page += 1)
    writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
  closeSync(file);
}

describe('recovery from damage', () => {
  let data: string;
  let env: { PAPERKEEP_DATA: string; PAPERKEEP_ORIGIN: string };
  beforeEach(async () => {
    data = join(aFolder(), 'data');
    env = { PAPERKEEP_DATA: data, PAPERKEEP_ORIGIN: 'http://127.0.0.1:9' };
    const saved = aFolder();
    for (const at of ['2026-03-03T12:00:00Z', '2026-04-04T12:00:00Z']) saveDay(saved, at as Instant);
    expect((await run(['import', saved, '--quiet'], env)).exit).toBe(0);
  });

  it('rebuilds a damaged search index, which doctor reports first', async () => {
    const search = () => run(['search', '--list', 'daily', '--json'], env);
    const before = JSON.parse((await search()).out);
    damagePages(join(data, 'catalog.sqlite'), 2);
    expect((await run(['doctor'], env)).out).toMatch(/FAILED {2}search index: .*catalog\.sqlite is damaged/);
    const after = await search();
    expect(after.exit).toBe(0);
    expect(JSON.parse(after.out).papers).toEqual(before.papers);
    expect((await run(['doctor'], env)).out).toMatch(/ok {6}search index/);
  });

  it('removes no rows of days whose snapshots are gone before the user confirms it', async () => {
    rmSync(join(data, 'archive/raw/daily/2026-03-03'), { recursive: true });
    const refused = await run(['verify', '--fix'], env);
    expect([refused.exit, refused.err]).toEqual([5, expect.stringMatching(/REMOVAL_REFUSED.*--fix --remove-many/s)]);
    expect((await run(['show', 'daily', '2026-03-03', '--json'], env)).exit).toBe(0);
    expect((await run(['verify', '--fix', '--remove-many', '--quiet'], env)).exit).toBe(0);
    expect((await run(['verify', '--quiet'], env)).exit).toBe(0);
  });

  it.each(['daily/2026-03-03', 'daily'])(
    'names the folder %s that cannot be read, and goes on with the rest',
    async (folder) => {
      const unreadable = `raw/${folder}/ cannot be read from`;
      const archive = join(data, 'archive');
      rmSync(join(archive, 'raw', folder), { recursive: true });
      writeFileSync(join(archive, 'raw', folder), 'a file in the place of a folder');
      const rows = async () => (await run(['show', 'coverage', '--json'], env)).out;
      const before = await rows();
      for (const args of [
        ['verify'],
        ['verify', '--fix'],
        ['replay'],
        ['record'],
        ['status'],
        ['copy', `file:${archive}`, `file:${aFolder()}`],
      ]) {
        const { exit, out } = await run([...args, '--quiet'], env);
        expect([args[0], exit, out]).toEqual([args[0], 5, expect.stringContaining(unreadable)]);
        expect(out).not.toMatch(/orphan|unrecorded|different/);
      }
      expect(await rows()).toBe(before);
      expect(JSON.parse((await run(['replay', '--json', '--quiet'], env)).out)).toMatchObject({
        snapshots: folder === 'daily' ? 0 : 1,
        damaged: [{ key: `raw/${folder}/`, why: expect.stringContaining('a file stands where its folder belongs') }],
      });
    },
  );

  it('restores a damaged snapshot from another archive', async () => {
    const backup = `file:${aFolder()}`;
    expect((await run(['copy', `file:${join(data, 'archive')}`, backup], env)).exit).toBe(0);
    rmSync(join(data, 'archive/raw/daily/2026-03-03'), { recursive: true });
    const { exit, out } = await run(['verify', '--restore-from', backup, '--quiet'], env);
    expect([exit, out]).toEqual([0, expect.stringMatching(/^damaged raw\/daily\/2026-03-03\/.* \(restored\)$/m)]);
    expect(await run(['verify', '--quiet'], env)).toMatchObject({ exit: 0, out: '' });
  });

  it('reports a write-ahead log of another database beside the table', async () => {
    const other = new DatabaseSync(join(aFolder(), 'other.sqlite'));
    other.exec('PRAGMA journal_mode = WAL; CREATE TABLE papers (title TEXT); INSERT INTO papers VALUES (1)');
    copyFileSync(`${other.location()}-wal`, join(data, 'papers.sqlite-wal'));
    other.close();
    const { exit, out } = await run(['doctor'], env);
    expect([exit, out]).toEqual([5, expect.stringMatching(/FAILED {2}archive and table: .*papers\.sqlite-wal/)]);
  });

  it.each([
    ['smaller', 4, 1],
    ['larger', 1, 4],
  ])(
    'reports a write-ahead log of a %s paperkeep table, and writes none of it into the table',
    async (_, own, other) => {
      const pathOf = (name: string) => join(data, `${name}.sqlite`);
      for (const [name, rows] of Object.entries({ own: 100 * own, other: 100 * other })) {
        const table = openSqliteTable(pathOf(name));
        const fill = (sk: string, count = rows) =>
          table.putMany(
            Array.from({ length: count }, (_, at) => ({
              pk: String(at).padStart(3, '0'),
              sk,
              text: 'word '.repeat(200),
            })),
          );
        await fill('first');
        const second = new DatabaseSync(pathOf(name));
        second.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        second.close();
        // a log without most pages of its table
        await fill('second', rows / 10);
        if (name === 'own') await table.close();
        else onTestFinished(table.close);
      }
      copyFileSync(pathOf('own'), pathOf('mixed'));
      copyFileSync(`${pathOf('other')}-wal`, `${pathOf('mixed')}-wal`);
      const { exit, err } = await run(['status', '--table', `sqlite:${pathOf('mixed')}`], env);
      expect([exit, err]).toEqual([5, expect.stringMatching(/mixed\.sqlite-wal belongs to another database/)]);
      expect(readFileSync(pathOf('mixed')).equals(readFileSync(pathOf('own')))).toBe(true);
    },
  );

  it('does not replay into a table whose pages were overwritten', async () => {
    damagePages(join(data, 'papers.sqlite'), 10);
    const { exit, err } = await run(['replay', '--quiet'], env);
    expect([exit, err]).toEqual([5, expect.stringContaining('TABLE_DAMAGED')]);
  });
});
