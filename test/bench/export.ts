import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TableSchema } from '../../shared/catalog/columns.ts';
import { createTableSql, insertSql } from '../../shared/catalog/sql.ts';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/catalog/update.ts';
import { EXPORT_FORMATS } from '../../shared/export/export.ts';
import { listExportedTables } from '../../shared/export/schema.ts';
import { addDays, addSeconds, type Day, startOfDay } from '../../shared/lib/time.ts';
import type { ExportedFile } from '../../shared/query/exports.schema.ts';
import { openTable } from '../../shared/table/open.ts';
import { type Figure, inFolder, timed, times } from './measure.ts';
import { itemsOfDays } from './years.ts';

const LAST = '2026-07-29' as Day;
const YEAR = 366;
const TEN_YEARS = 3652;
const EXPORTING = fileURLToPath(new URL('exporting.ts', import.meta.url));

type ExportRun = {
  readonly ms: number;
  readonly before: number;
  readonly peakMb: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly files: readonly ExportedFile[];
};

/** Builds a table of so many invented days, and its catalog. */
async function buildArchive(days: number, data: string): Promise<void> {
  await mkdir(data);
  const table = await openTable(`sqlite:${join(data, 'papers.sqlite')}`);
  for (let left = days; left > 0; left -= YEAR)
    await table.putMany(itemsOfDays(addDays(LAST, 1 - left), addDays(LAST, -Math.max(0, left - YEAR))));
  const catalog = openCatalog(join(data, 'catalog.sqlite'), table.url);
  await updateCatalog({ table, catalog, clock: () => addSeconds(startOfDay(LAST), 23 * 3600) }, null);
  catalog.close();
  await table.close();
}

/** The floor: inserts the same rows, all in memory, into the same tables. */
async function insertRows(exported: string, path: string): Promise<number> {
  const from = new DatabaseSync(exported, { readOnly: true });
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
  let ms = 0;
  for (const table of listExportedTables(true)) {
    const rows = rowsOf(from, table);
    ms += await timed(() => {
      db.exec(createTableSql(table, table.columns));
      const insert = db.prepare(insertSql(table));
      for (const row of rows) insert.run(...row);
    });
  }
  ms += await timed(() => db.exec('COMMIT'));
  db.close();
  from.close();
  return ms;
}

function rowsOf(db: DatabaseSync, { name, columns }: TableSchema): (string | number | null)[][] {
  const select = db.prepare(`SELECT ${columns.map((column) => column.name).join(', ')} FROM ${name}`);
  select.setReturnArrays(true);
  return select.all() as unknown as (string | number | null)[][];
}

const megabytes = (files: readonly ExportedFile[], begin: string): string =>
  `${(files.filter(({ path }) => path.startsWith(begin)).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(0)} MB`;

/** Exports of one year and of ten, each in a process of its own; SQLite alone against a bare insert of the same rows. */
export async function benchExport(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const runExport = async (data: string, formats: string, out: string): Promise<ExportRun> => {
      const { stdout } = await promisify(execFile)(process.execPath, [EXPORTING, data, out, formats], {
        maxBuffer: 64_000_000,
      });
      return JSON.parse(stdout) as ExportRun;
    };
    const figures: Figure[] = [];
    for (const [name, days] of [
      ['1 year', YEAR],
      ['10 years', TEN_YEARS],
    ] as const) {
      const data = join(folder, `${days}`);
      await buildArchive(days, data);
      const all = await runExport(data, EXPORT_FORMATS.join(','), join(folder, `${days}-all`));
      const one = await runExport(data, 'sqlite', join(folder, `${days}-sqlite`));
      const floor = await insertRows(
        join(folder, `${days}-sqlite`, 'paperkeep.sqlite'),
        join(folder, `${days}-bare.sqlite`),
      );
      const rows = Object.values(all.rows).reduce((sum, count) => sum + count, 0);
      const size = (['paperkeep', 'parquet', 'csv', 'papers.jsonl'] as const).map(
        (begin) => `${begin} ${megabytes(all.files, begin)}`,
      );
      figures.push(
        {
          name: `export of ${name}, all formats, ${rows} rows of ${all.rows.papers} papers`,
          value: `${(all.ms / 1000).toFixed(1)} s`,
          limit: '',
          against: `peak ${all.peakMb} MB (${all.before} before); ${size.join(', ')}`,
        },
        {
          name: `export of ${name}, SQLite alone, with indexes and full text`,
          value: times(one.ms / floor),
          limit: '',
          against: `${(one.ms / 1000).toFixed(1)} s, peak ${one.peakMb} MB; inserting the same rows: ${(floor / 1000).toFixed(1)} s`,
        },
      );
    }
    return figures;
  });
}
