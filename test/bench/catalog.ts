import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { RECENT_DAYS, writeRecentCatalog } from '../../shared/catalog/recent.ts';
import { INDEXES, tables } from '../../shared/catalog/schema.ts';
import { insertSql } from '../../shared/catalog/sql.ts';
import { type CatalogFile, openCatalog, type SqlValue } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/catalog/update.ts';
import { addDays, addSeconds, type Day, eachDay, startOfDay } from '../../shared/lib/time.ts';
import { EXPECTED_AGES_HOURS } from '../../shared/model/expected.ts';
import { createRandom } from '../../shared/sample/random.ts';
import { openTable } from '../../shared/table/open.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { columnOf, type Figure, inFolder, ratioOf, takingTurns, timed, times } from './measure.ts';
import { itemsOfDays, SCHEDULED_HOURS } from './years.ts';

/** Ten years up to a Wednesday: some 65,000 papers. */
const LAST = '2026-07-29' as Day;
const TEN_YEARS = 3652;
const ROUNDS = 3;

const clock = () => addSeconds(startOfDay(LAST), 23 * 3600);
const made = Object.values(tables).filter(({ where }) => where !== 'export');

/** The same rows, read into memory, with nothing left to do but to insert them into the same tables. */
const rowsOf = (catalog: CatalogFile) =>
  made.map((table) => ({
    sql: insertSql(table),
    rows: catalog
      .all<Record<string, SqlValue>>(`SELECT * FROM ${table.name}`)
      .map((row) => table.columns.map(({ name }) => row[name] ?? null)),
  }));

/** The least that any way of making it must do: insert the rows of every table, index them, and index their text. */
function bare(path: string, tables: ReturnType<typeof rowsOf>): void {
  const catalog = openCatalog(path, 'sqlite:bare');
  catalog.write((run) => {
    for (const { sql, rows } of tables) for (const row of rows) run(sql, row);
    for (const sql of INDEXES) run(sql);
    run("INSERT INTO papers_fts (papers_fts) VALUES ('rebuild')");
  });
  catalog.close();
}

/**
 * The megabytes of the small file, as a file and packed: of lists that were visited as the schedule does. Votes of their own for each paper,
 * and curves of ten years that are known at every age, at random, since those of the made-up lists can be packed into nearly nothing.
 */
async function smallFile(folder: string): Promise<string[]> {
  const url = `sqlite:${join(folder, 'hourly.sqlite')}`;
  const table = await openTable(url);
  await table.putMany(itemsOfDays(addDays(LAST, -RECENT_DAYS), LAST, SCHEDULED_HOURS));
  const catalog = openCatalog(join(folder, 'hourly-catalog.sqlite'), url);
  await updateCatalog({ table, catalog, clock }, null);
  await table.close();
  const chance = createRandom('small file');
  const upTo = (most: number) => Math.floor(chance() * most);
  catalog.write((run) => {
    for (const { id } of catalog.all<{ id: string }>("SELECT paper_id AS id FROM appearances WHERE list = 'daily'")) {
      let votes = upTo(9);
      const pairs = SCHEDULED_HOURS.flatMap((_, at) => {
        votes += 1 + upTo(4);
        return [at, votes];
      });
      run("UPDATE appearances SET votes = ? WHERE list = 'daily' AND paper_id = ?", [JSON.stringify(pairs), id]);
    }
    for (const day of eachDay(addDays(LAST, -TEN_YEARS), LAST))
      for (const age of EXPECTED_AGES_HOURS)
        run('INSERT OR REPLACE INTO expected VALUES (?, ?, ?, ?, ?, ?)', [
          day,
          age,
          1500 + upTo(400),
          1,
          upTo(120) / 2,
          1,
        ]);
  });
  const small = join(folder, 'recent.sqlite');
  writeRecentCatalog(catalog, small, url, LAST);
  catalog.close();
  return [statSync(small).size, zstdCompressSync(readFileSync(small)).length].map((size) => (size / 1e6).toFixed(2));
}

/** A night: a list of today is new, and yesterday's has other votes. */
const NIGHT = 2;

/** Making the catalog of ten years against a bare insert of its rows; and a night's increment. */
export async function benchCatalog(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const url = `sqlite:${join(folder, 'papers.sqlite')}`;
    const table = await openTable(url);
    await table.putMany(itemsOfDays(addDays(LAST, 1 - TEN_YEARS), addDays(LAST, -NIGHT)));
    const build = async (path: string, from: TableStore = table) => {
      const catalog = openCatalog(path, url);
      const changes = await updateCatalog({ table: from, catalog, clock }, null);
      return { catalog, changes };
    };
    const whole = join(folder, 'whole.sqlite');
    const { catalog, changes } = await build(whole);
    const rows = rowsOf(catalog);
    let round = 0;
    const taken = await takingTurns(ROUNDS, [
      async () => (await build(join(folder, `built-${round}.sqlite`))).catalog.close(),
      () => bare(join(folder, `bare-${round++}.sqlite`), rows),
    ]);
    await table.putMany(itemsOfDays(addDays(LAST, 1 - NIGHT), LAST));
    let night = { partitions: 0, papers: 0 };
    const nightly = await timed(async () => {
      night = await updateCatalog({ table, catalog, clock }, null);
    });
    const idle = await timed(() => updateCatalog({ table, catalog, clock }, null));
    catalog.close();
    const bytes = await smallFile(folder);
    await table.close();
    const { papers } = tables;
    const count = rows[made.indexOf(papers)]?.rows.length ?? 0;
    return [
      {
        name: `catalog of 10 years, ${count} papers, ${changes.partitions} lists`,
        value: times(ratioOf(taken, 0, 1)),
        limit: '≤ 3 ×',
        against: `${(columnOf(taken, 0) / 1000).toFixed(1)} s; inserting the same rows and indexing their text: ${(columnOf(taken, 1) / 1000).toFixed(1)} s; the file has ${(statSync(whole).size / 1e6).toFixed(0)} MB`,
      },
      {
        name: `catalog, a night later: ${night.partitions} lists, ${night.papers} papers`,
        value: `${nightly.toFixed(0)} ms`,
        limit: '',
        against: `nothing changed: ${idle.toFixed(0)} ms`,
      },
      {
        name: 'catalog, the part that list pages read in AWS',
        value: `${bytes[1]} MB`,
        limit: '≤ 2 MB',
        against: `packed, as it is fetched; ${bytes[0]} MB as a file; 45 visits to a list, 24 of them on its day; votes and curves at random`,
      },
    ];
  });
}
