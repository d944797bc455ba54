import type { CatalogPublishDeps } from '../catalog/publish.ts';
import { openCatalog } from '../catalog/sqlite.ts';
import type { CatalogChanges } from '../catalog/update.ts';
import { ALL_DAYS, EXPORT_FORMATS, type ExportDeps, listVersionsDigest, writeExport } from './export.ts';
import { type ExportStore, readExportManifest } from './store.ts';

/**
 * Makes all files of an export anew from the catalog that the night left at `path`, unless the export that is there was made of the same
 * lists; returns how many files, null for none. Asks what is there, not what this run did: one that failed is made by the next.
 * There is no stopping between: what is out of time is left as it was.
 */
export async function publishNightlyExport(
  { table, clock, log, path }: Omit<CatalogPublishDeps, 'store'>,
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
