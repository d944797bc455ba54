import { hash } from 'node:crypto';
import type { TableSchema } from '../catalog/schema.ts';
import { IS_USABLE } from '../catalog/sql.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { type Clock, FIRST_DAY, type Instant, LAST_DAY } from '../lib/time.ts';
import type { BuiltFrom, ExportManifest } from '../query/schemas/exports.ts';
import type { TableStore } from '../table/store.ts';
import { toExportError } from './files.ts';
import { writeJsonl } from './jsonl.ts';
import { publishFiles } from './publish.ts';
import { citationText, coverageByYear, coverageJson, coverageText } from './release.ts';
import { type ExportMonth, type ExportRange, exportMonths, type RowSource, readRows } from './rows.ts';
import { EXPORT_SCHEMA_VERSION, exportedTables, exportSchema, omittedColumns } from './schema.ts';
import { createFileSet, type ExportFormat, type FileSet } from './set.ts';
import type { ExportStore } from './store.ts';

/** The formats there are. */
export const EXPORT_FORMATS = ['parquet', 'csv', 'sqlite', 'jsonl'] as const;
/** One of them. */
export type ExportFormatName = (typeof EXPORT_FORMATS)[number];

/** What an export is to hold. */
export type ExportOptions = {
  readonly formats: readonly ExportFormatName[];
  readonly range: ExportRange;
  /** False leaves abstracts and the feed's summaries out. */
  readonly abstracts: boolean;
  /** The name that the set is frozen under; null: the newest export, in place of the one before. */
  readonly release: string | null;
};

/** What making an export needs; `about` is told in the manifest. */
export type ExportDeps = {
  readonly table: TableStore;
  readonly catalog: Catalog;
  readonly store: ExportStore;
  readonly clock: Clock;
  readonly about: {
    readonly paperkeep: string;
    readonly commit: string | null;
    /** Where the snapshots are, if others than this machine know the place. */
    readonly archive: string | null;
    readonly parsers: Readonly<Record<string, number>>;
    readonly sample: boolean;
  };
  /** Told after each month of each table. */
  step(done: number, of: number): void;
};

/**
 * Makes a whole set of files from the catalog and the table and puts it in the place of the one in the store. A month is in memory at a
 * time. What is there stays as it is until all files are made; all of them are made anew each time.
 *
 * @throws PaperkeepError `NOTHING_TO_EXPORT` when no list of the range was visited, and what the store throws.
 */
export async function writeExport(deps: ExportDeps, wish: ExportOptions): Promise<ExportManifest> {
  const { catalog, store } = deps;
  const { folder, done } = await store.workshop();
  try {
    const set = createFileSet(folder);
    const facts = await catalog.readTransaction(() => writeSet(deps, wish, set));
    const manifest = { ...facts, files: set.files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
    await publishFiles(store, folder, manifest);
    return manifest;
  } catch (error) {
    return toExportError(store.url, error);
  } finally {
    await done();
  }
}

/** The days of a range that is open at both ends. */
export const ALL_DAYS = [FIRST_DAY, LAST_DAY] as const;

async function writeSet(deps: ExportDeps, wish: ExportOptions, set: FileSet): Promise<Omit<ExportManifest, 'files'>> {
  const { catalog, about, clock } = deps;
  const { range, abstracts, release } = wish;
  const source: RowSource = { table: deps.table, catalog, range };
  const days = [range.from ?? ALL_DAYS[0], range.to ?? ALL_DAYS[1]] as const;
  const exported = exportedTables(abstracts);
  const months = exportMonths(source);
  const built = builtFrom(deps, days);
  if (built.snapshots === 0) {
    const hint = 'collect or import something first';
    throw new PaperkeepError({ code: 'NOTHING_TO_EXPORT', message: 'no list of these days was ever visited', hint });
  }
  const rows = await writeTables(source, exported, months, await formatsOf(wish, set, exported), deps.step);
  const ids = months.flatMap(({ papers }) => papers).sort();
  if (wish.formats.includes('jsonl')) await writeJsonl(set, catalog, ids, days, abstracts);
  await set.write('schema.json', `${JSON.stringify(exportSchema(exported, abstracts), null, 2)}\n`, null);
  const facts = {
    schemaVersion: EXPORT_SCHEMA_VERSION,
    release,
    madeAt: clock(),
    paperkeep: about.paperkeep,
    commit: about.commit,
    formats: EXPORT_FORMATS.filter((name) => wish.formats.includes(name)),
    ...range,
    leftOut: omittedColumns(abstracts),
    builtFrom: built,
    rows,
  };
  if (release !== null) {
    const years = coverageByYear(catalog, days);
    await set.write('coverage.json', coverageJson(facts, years), null);
    await set.write('coverage.md', coverageText(facts, years), null);
    await set.write('CITATION.cff', citationText(facts), null);
  }
  return facts;
}

/** SHA-256 of the lists of some days that a catalog was made from and the version of each: another one after every change of the table. */
export function listVersionsDigest(catalog: Catalog, days: readonly [string, string]): string {
  const sql = 'SELECT list, day, version FROM partitions WHERE day BETWEEN ? AND ? ORDER BY list, day';
  return hash('sha256', JSON.stringify(catalog.all(sql, [...days])));
}

function builtFrom({ catalog, about }: ExportDeps, days: readonly [string, string]): BuiltFrom {
  const [visits] = catalog.all<{ snapshots: number; newest: Instant | null }>(
    `SELECT count(*) AS snapshots, max(CASE WHEN ${IS_USABLE} THEN at END) AS newest
      FROM listings WHERE day BETWEEN ? AND ?`,
    [...days],
  );
  return {
    archive: about.archive,
    snapshots: visits?.snapshots ?? 0,
    newestCapture: visits?.newest ?? null,
    lists: listVersionsDigest(catalog, days),
    catalogAsOf: catalog.asOf(),
    parsers: { ...about.parsers },
    sample: about.sample,
  };
}

/** The formats asked for that are made of tables; each is loaded when it is needed. */
async function formatsOf(
  { formats }: ExportOptions,
  set: FileSet,
  exported: readonly TableSchema[],
): Promise<ExportFormat[]> {
  return [
    ...(formats.includes('parquet') ? [(await import('./parquet.ts')).createParquetFormat(set)] : []),
    ...(formats.includes('csv') ? [(await import('./csv.ts')).createCsvFormat(set)] : []),
    ...(formats.includes('sqlite') ? [(await import('./sqlite.ts')).createSqliteFormat(set, exported)] : []),
  ];
}

/** Gives all rows to all formats, and counts them. */
async function writeTables(
  source: RowSource,
  exported: readonly TableSchema[],
  months: readonly ExportMonth[],
  formats: readonly ExportFormat[],
  step: ExportDeps['step'],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let done = 0;
  try {
    for (const table of exported) {
      counts[table.name] = 0;
      for (const month of months) {
        const rows = await readRows(source, table, month);
        counts[table.name] = (counts[table.name] ?? 0) + rows.length;
        if (rows.length > 0) for (const format of formats) await format.part(table, month.name, rows);
        done += 1;
        step(done, exported.length * months.length);
      }
    }
    for (const format of formats) await format.end();
    return counts;
  } finally {
    for (const format of formats) format.close?.();
  }
}
