import type { CatalogPublishDeps } from '../catalog/publish.ts';
import { openCatalog } from '../catalog/sqlite.ts';
import type { CatalogChanges } from '../catalog/update.ts';
import { ALL_DAYS, digestListVersions, EXPORT_FORMATS, type ExportDeps, writeExport } from './export.ts';
import { type ExportStore, readExportManifest } from './store.ts';

/**
 * Makes an export from the catalog at `path`, unless the stored export was made from the same lists. It compares with the stored one, so
 * a run that failed is repeated by the next. Returns the number of files, or null where no export was made.
 */
export async function publishNightlyExport(
  { table, clock, log, path }: Omit<CatalogPublishDeps, 'store'>,
  { partitions, left }: CatalogChanges,
  { store, about }: { readonly store: ExportStore; readonly about: ExportDeps['about'] },
): Promise<number | null> {
  // an incomplete catalog would give an export that looks complete
  if (left > 0) return null;
  const catalog = openCatalog(path, table.url);
  try {
    const stored = (await readExportManifest(store))?.builtFrom.lists;
    // papers of updated lists may have changed too, when the id of a copied-text row was found
    if (partitions === 0 && stored === digestListVersions(catalog, ALL_DAYS)) return null;
    const options = { formats: EXPORT_FORMATS, range: { from: null, to: null }, abstracts: true, release: null };
    const { files } = await writeExport({ table, catalog, store, clock, about, onProgress() {} }, options);
    log.info('exported', { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) });
    return files.length;
  } finally {
    catalog.close();
  }
}
