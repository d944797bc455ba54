import { hash } from 'node:crypto';
import type { Catalog } from '../catalog/sqlite.ts';
import type { Table } from '../catalog/tables.ts';
import { type Clock, FIRST_DAY, type Instant, LAST_DAY } from '../kit/clock.ts';
import { PaperkeepError } from '../kit/errors.ts';
import type { BuiltFrom, ExportManifest } from '../query/answers/exports.ts';
import type { Records } from '../record/records.ts';
import { refuse } from './files.ts';
import { writeJsonl } from './jsonl.ts';
import { publish } from './publish.ts';
import { citationOf, coverageByYear, coverageJson, coverageText } from './release.ts';
import { type Month, monthsOf, type Range, type RowsOf, rowsIn } from './rows.ts';
import { exportedTables, leftOut, SCHEMA_VERSION, schemaOf } from './schema.ts';
import { type FileSet, type Format, fileSet } from './set.ts';
import type { ExportStore } from './store.ts';

/** The formats there are. */
export const FORMATS = ['parquet', 'csv', 'sqlite', 'jsonl'] as const;
/** One of them. */
export type FormatName = (typeof FORMATS)[number];

/** What an export is to hold. */
export type ExportWish = {
  readonly formats: readonly FormatName[];
  readonly range: Range;
  /** False leaves abstracts and the feed's summaries out. */
  readonly abstracts: boolean;
  /** The name that the set is frozen under; null: the newest export, in place of the one before. */
  readonly release: string | null;
};

/** What making an export needs; `about` is told in the manifest. */
export type ExportDeps = {
  readonly records: Records;
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
export async function exportAll(deps: ExportDeps, wish: ExportWish): Promise<ExportManifest> {
  const { catalog, store } = deps;
  const { folder, done } = await store.workshop();
  try {
    const set = fileSet(folder);
    const facts = await catalog.steady(() => writeSet(deps, wish, set));
    const manifest = { ...facts, files: set.files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
    await publish(store, folder, manifest);
    return manifest;
  } catch (error) {
    return refuse(store.url, error);
  } finally {
    await done();
  }
}

/** The days of a range that is open at both ends. */
export const ALWAYS = [FIRST_DAY, LAST_DAY] as const;

async function writeSet(deps: ExportDeps, wish: ExportWish, set: FileSet): Promise<Omit<ExportManifest, 'files'>> {
  const { catalog, about, clock } = deps;
  const { range, abstracts, release } = wish;
  const source: RowsOf = { records: deps.records, catalog, range };
  const days = [range.from ?? ALWAYS[0], range.to ?? ALWAYS[1]] as const;
  const exported = exportedTables(abstracts);
  const months = monthsOf(source);
  const built = builtFrom(deps, days);
  if (built.snapshots === 0) {
    const mend = 'see `paperkeep show coverage` for what there is; collect or import first';
    throw new PaperkeepError('NOTHING_TO_EXPORT', 'no list of these days was ever visited', mend);
  }
  const rows = await writeTables(source, exported, months, await formatsOf(wish, set, exported), deps.step);
  const ids = months.flatMap(({ papers }) => papers).sort();
  if (wish.formats.includes('jsonl')) await writeJsonl(set, catalog, ids, days, abstracts);
  await set.write('schema.json', `${JSON.stringify(schemaOf(exported, abstracts), null, 2)}\n`, null);
  const facts = {
    schemaVersion: SCHEMA_VERSION,
    release,
    madeAt: clock(),
    paperkeep: about.paperkeep,
    commit: about.commit,
    formats: FORMATS.filter((name) => wish.formats.includes(name)),
    ...range,
    leftOut: leftOut(abstracts),
    builtFrom: built,
    rows,
  };
  if (release !== null) {
    const years = coverageByYear(catalog, days);
    await set.write('coverage.json', coverageJson(facts, years), null);
    await set.write('coverage.md', coverageText(facts, years), null);
    await set.write('CITATION.cff', citationOf(facts), null);
  }
  return facts;
}

/** SHA-256 of the lists of some days that a catalog was made from and the version of each: another one after every change of the table. */
export function listsIn(catalog: Catalog, days: readonly [string, string]): string {
  const sql = 'SELECT list, target, version FROM partitions WHERE target BETWEEN ? AND ? ORDER BY list, target';
  return hash('sha256', JSON.stringify(catalog.all(sql, [...days])));
}

function builtFrom({ catalog, about }: ExportDeps, days: readonly [string, string]): BuiltFrom {
  const [visits] = catalog.all<{ snapshots: number; newest: Instant | null }>(
    `SELECT count(*) AS snapshots, max(CASE WHEN outcome IN ('list', 'empty') THEN at END) AS newest
      FROM listings WHERE target BETWEEN ? AND ?`,
    [...days],
  );
  return {
    archive: about.archive,
    snapshots: visits?.snapshots ?? 0,
    newestCapture: visits?.newest ?? null,
    lists: listsIn(catalog, days),
    catalogAsOf: catalog.asOf(),
    parsers: { ...about.parsers },
    sample: about.sample,
  };
}

/** The formats asked for that are made of tables; each is loaded when it is needed. */
async function formatsOf({ formats }: ExportWish, set: FileSet, exported: readonly Table[]): Promise<Format[]> {
  return [
    ...(formats.includes('parquet') ? [(await import('./parquet.ts')).parquetFormat(set)] : []),
    ...(formats.includes('csv') ? [(await import('./csv.ts')).csvFormat(set)] : []),
    ...(formats.includes('sqlite') ? [(await import('./database.ts')).databaseFormat(set, exported)] : []),
  ];
}

/** Gives all rows to all formats, and counts them. */
async function writeTables(
  source: RowsOf,
  exported: readonly Table[],
  months: readonly Month[],
  formats: readonly Format[],
  step: ExportDeps['step'],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let done = 0;
  try {
    for (const table of exported) {
      counts[table.name] = 0;
      for (const month of months) {
        const rows = await rowsIn(source, table, month);
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
