import type { FetchedCatalogDeps, FetchedCatalogs } from '../../shared/catalog/fetch.ts';
import type { ExportStore } from '../../shared/export/store.ts';
import { lazyAsync } from '../../shared/lib/lazy.ts';

/** The published catalogs of a bucket, opened and loaded by the first answer that reads one of them: most read none. */
export function lazyCatalogs(derived: string | undefined, deps: Omit<FetchedCatalogDeps, 'store'>): FetchedCatalogs {
  const catalogs = lazyAsync(async () => {
    const { openFetchedCatalogs } = await import('../../shared/catalog/fetch.ts');
    return openFetchedCatalogs(derived, deps);
  });
  return {
    catalog: async () => (await catalogs()).catalog(),
    recentCatalog: async (since) => (await catalogs()).recentCatalog(since),
  };
}

/** The exports of a bucket, opened and loaded by the first answer about them. */
export const lazyExportStore = (url: string): (() => Promise<ExportStore>) =>
  lazyAsync(async () => (await import('../../shared/export/s3.ts')).openS3ExportStore(url));
