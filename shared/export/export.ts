import { hash } from 'node:crypto';
import type { TableSchema } from '../catalog/columns.ts';
import { IS_USABLE } from '../catalog/sql.ts';
import type { Catalog } from '../catalog/sqlite.ts';
import { PaperkeepError } from '../lib/errors.ts';
import { type Clock, FIRST_DAY, type Instant, LAST_DAY } from '../lib/time.ts';
import type { BuiltFrom, ExportManifest } from '../query/exports.schema.ts';
import type { TableStore } from '../table/store.ts';
import { formatDataPackage } from './datapackage.ts';
import { throwExportError } from './files.ts';
import { writeJsonl } from './jsonl.ts';
import { publishExport } from './publish.ts';
import {
  countCoverageByYear,
  type ExportFacts,
  formatCitation,
  formatCoverage,
  formatCoverageJson,
} from './release.ts';
import type { ExportMonth, ExportRange, RowSource } from './row-types.ts';
import { listExportMonths, readRows } from './rows.ts';
import { createExportSchema, EXPORT_SCHEMA_VERSION, listExportedTables, listOmittedColumns } from './schema.ts';
import { createStagedFiles, type FormatWriter, type StagedFiles } from './staging.ts';
import type { ExportStore } from './store.ts';

/** The formats of an export. */
export const EXPORT_FORMATS = ['parquet', 'csv', 'sqlite', 'jsonl'] as const;
/** A format of an export. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What an export should contain. */
export type ExportOptions = {
  readonly formats: readonly ExportFormat[];
  readonly range: ExportRange;
  /** False leaves out abstracts and the feed's summaries. */
  readonly abstracts: boolean;
  /** The name of a release, which never changes; null for the newest export, which replaces the one before. */
  readonly release: string | null;
};

/** What making an export needs. `about` goes into the manifest. */
export type ExportDeps = {
  readonly table: TableStore;
  readonly catalog: Catalog;
  readonly store: ExportStore;
  readonly clock: Clock;
  readonly about: {
    readonly paperkeep: string;
    readonly commit: string | null;
    /** The address of the archive, if it means something on other machines. */
    readonly archive: string | null;
    readonly parsers: Readonly<Record<string, number>>;
    readonly sample: boolean;
  };
  /** Called after each month of each table. */
  onProgress(done: number, total: number): void;
};

/**
 * Makes all files of an export from the catalog and the table, one month in memory at a time, and then replaces the export in the store.
 *
 * @throws PaperkeepError `NOTHING_TO_EXPORT` when no list of the range was visited, and what the store throws.
 */
export async function writeExport(deps: ExportDeps, options: ExportOptions): Promise<ExportManifest> {
  const { catalog, store } = deps;
  const staging = await store.createStagingFolder();
  try {
    const staged = createStagedFiles(staging.folder);
    const facts = await catalog.readTransaction(() => stageExport(deps, options, staged));
    const manifest = { ...facts, files: staged.files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
    await publishExport(store, staging.folder, manifest);
    return manifest;
  } catch (error) {
    return throwExportError(store.url, error);
  } finally {
    await staging.remove();
  }
}

/** The first and last day of a range that is open at both ends. */
export const ALL_DAYS = [FIRST_DAY, LAST_DAY] as const;

async function stageExport(deps: ExportDeps, options: ExportOptions, staged: StagedFiles): Promise<ExportFacts> {
  const { catalog, about, clock } = deps;
  const { range, abstracts, release } = options;
  const source: RowSource = { table: deps.table, catalog, range };
  const days = [range.from ?? ALL_DAYS[0], range.to ?? ALL_DAYS[1]] as const;
  const exported = listExportedTables(abstracts);
  const months = listExportMonths(source);
  const built = describeOrigin(deps, days);
  if (built.snapshots === 0) {
    const hint = 'collect or import something first';
    throw new PaperkeepError({ code: 'NOTHING_TO_EXPORT', message: 'no list of these days was ever captured', hint });
  }
  const rows = await writeTables(
    source,
    exported,
    months,
    await loadWriters(options, staged, exported),
    deps.onProgress,
  );
  const ids = months.flatMap(({ papers }) => papers).sort();
  if (options.formats.includes('jsonl')) await writeJsonl(staged, catalog, ids, days, abstracts);
  if (options.formats.includes('csv')) {
    const paths = staged.files.map(({ path }) => path);
    await staged.write('datapackage.json', formatDataPackage(exported, paths), null);
  }
  await staged.write('schema.json', `${JSON.stringify(createExportSchema(exported, abstracts), null, 2)}\n`, null);
  const facts = {
    schemaVersion: EXPORT_SCHEMA_VERSION,
    release,
    madeAt: clock(),
    paperkeep: about.paperkeep,
    commit: about.commit,
    formats: EXPORT_FORMATS.filter((name) => options.formats.includes(name)),
    ...range,
    leftOut: listOmittedColumns(abstracts),
    builtFrom: built,
    rows,
  };
  if (release !== null) {
    const years = countCoverageByYear(catalog, days);
    await staged.write('coverage.json', formatCoverageJson(facts, years), null);
    await staged.write('coverage.md', formatCoverage(facts, years), null);
    await staged.write('CITATION.cff', formatCitation(facts), null);
  }
  return facts;
}

/** SHA-256 over the lists of a catalog and the versions of their summaries: it changes with every change of the table. */
export function digestListVersions(catalog: Catalog, days: readonly [string, string]): string {
  const sql = 'SELECT list, day, version FROM partitions WHERE day BETWEEN ? AND ? ORDER BY list, day';
  return hash('sha256', JSON.stringify(catalog.all(sql, [...days])));
}

function describeOrigin({ catalog, about }: ExportDeps, days: readonly [string, string]): BuiltFrom {
  const [visits] = catalog.all<{ snapshots: number; newest: Instant | null }>(
    `SELECT count(*) AS snapshots, max(CASE WHEN ${IS_USABLE} THEN observed_at END) AS newest
      FROM listings WHERE day BETWEEN ? AND ?`,
    [...days],
  );
  return {
    archive: about.archive,
    snapshots: visits?.snapshots ?? 0,
    newestCapture: visits?.newest ?? null,
    lists: digestListVersions(catalog, days),
    catalogAsOf: catalog.asOf(),
    parsers: { ...about.parsers },
    sample: about.sample,
  };
}

/** Loads the writers of the formats that consist of tables. */
async function loadWriters(
  { formats }: ExportOptions,
  staged: StagedFiles,
  exported: readonly TableSchema[],
): Promise<FormatWriter[]> {
  return [
    ...(formats.includes('parquet') ? [(await import('./parquet.ts')).createParquetWriter(staged)] : []),
    ...(formats.includes('csv') ? [(await import('./csv.ts')).createCsvWriter(staged)] : []),
    ...(formats.includes('sqlite') ? [(await import('./sqlite.ts')).createSqliteWriter(staged, exported)] : []),
  ];
}

/** Passes all rows to all writers, and counts them by table. */
async function writeTables(
  source: RowSource,
  exported: readonly TableSchema[],
  months: readonly ExportMonth[],
  writers: readonly FormatWriter[],
  onProgress: ExportDeps['onProgress'],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let done = 0;
  try {
    for (const table of exported) {
      counts[table.name] = 0;
      for (const month of months) {
        const rows = await readRows(source, table, month);
        counts[table.name] = (counts[table.name] ?? 0) + rows.length;
        if (rows.length > 0) for (const writer of writers) await writer.writeMonth(table, month.name, rows);
        done += 1;
        onProgress(done, exported.length * months.length);
      }
    }
    for (const writer of writers) await writer.finish?.();
    return counts;
  } finally {
    for (const writer of writers) writer.abort?.();
  }
}
