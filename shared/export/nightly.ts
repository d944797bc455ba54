import { rmSync } from 'node:fs';
import type { CatalogStore } from '../catalog/s3.ts';
import { openCatalog } from '../catalog/sqlite.ts';
import { type CatalogChanges, updateCatalog } from '../catalog/update.ts';
import { PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Clock, Deadline } from '../lib/time.ts';
import type { TableStore } from '../table/store.ts';
import { ALL_DAYS, EXPORT_FORMATS, type ExportDeps, listVersionsDigest, writeExport } from './export.ts';
import { type ExportStore, readExportManifest } from './store.ts';

/** What the night's work needs. */
export type NightlyDeps = {
  readonly store: CatalogStore;
  readonly table: TableStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the catalog is worked on. */
  readonly path: string;
};

/**
 * Fetches the catalog, brings it up to date with the whole table and puts it back, if anything changed. One that is damaged, or was never
 * made, is made anew. Out of time it puts back what is done, and the next run goes on there.
 */
export async function publishNightlyCatalog(
  { store, table, clock, log, path }: NightlyDeps,
  deadline: Deadline,
): Promise<CatalogChanges> {
  // a run before in the same place may have left one
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
  const isThere = await fetchWhole(store, path, log);
  const catalog = openCatalog(path, table.url);
  let changes: CatalogChanges;
  let wasWhole: boolean;
  try {
    wasWhole = catalog.asOf() !== null;
    changes = await updateCatalog({ table, catalog, clock }, null, deadline);
  } finally {
    // leaves one file, with nothing beside it
    catalog.close();
  }
  const isSame = isThere && wasWhole && changes.partitions === 0;
  const bytes = isSame ? null : await store.put(path);
  const say = changes.left > 0 ? log.warn : log.info;
  say(changes.left > 0 ? 'catalog not whole yet' : 'catalog up to date', { ...changes, bytes });
  return changes;
}

async function fetchWhole(store: CatalogStore, path: string, log: Log): Promise<boolean> {
  try {
    return (await store.fetch(path, null)) !== null;
  } catch (error) {
    if (!(error instanceof PaperkeepError) || error.code !== 'CATALOG_DAMAGED') throw error;
    log.warn('catalog damaged, made anew', { why: error.message });
    return false;
  }
}

/**
 * Makes all files of an export anew from the catalog that the night left at `path`, unless the export that is there was made of the same
 * lists; returns how many files, null for none. Asks what is there, not what this run did: one that failed is made by the next.
 * There is no stopping between: what is out of time is left as it was.
 */
export async function publishNightlyExport(
  { table, clock, log, path }: Omit<NightlyDeps, 'store'>,
  { partitions, left }: CatalogChanges,
  { store, about }: { readonly store: ExportStore; readonly about: ExportDeps['about'] },
): Promise<number | null> {
  // an export of half a catalog would be taken for one of all
  if (left > 0) return null;
  const catalog = openCatalog(path, table.url);
  try {
    const there = (await readExportManifest(store))?.builtFrom.lists;
    // of lists that were done again the papers may have changed too: ids of copied text are found later
    if (partitions === 0 && there === listVersionsDigest(catalog, ALL_DAYS)) return null;
    const wish = { formats: EXPORT_FORMATS, range: { from: null, to: null }, abstracts: true, release: null };
    const { files } = await writeExport({ table, catalog, store, clock, about, step() {} }, wish);
    log.info('exported', { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) });
    return files.length;
  } finally {
    catalog.close();
  }
}
