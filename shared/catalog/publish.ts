import { PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, type Deadline, dayOf } from '../lib/time.ts';
import type { TableStore } from '../table/store.ts';
import { joinSearchIndex } from './papers.ts';
import { writeRecentCatalog } from './recent.ts';
import type { CatalogStore } from './s3.ts';
import { RECENT_KEY } from './schema.ts';
import { updateSimilar } from './similar.ts';
import { openCatalog, removeCatalog } from './sqlite.ts';
import { type CatalogChanges, updateCatalog } from './update.ts';

/** What publishing the catalog needs. */
export type CatalogPublishDeps = {
  readonly store: CatalogStore;
  readonly table: TableStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The local file that the catalog is updated in. */
  readonly path: string;
};

/**
 * Fetches the published catalog, brings it up to date with the whole table and publishes it, if anything changed. Builds a new one where
 * none exists, or where it is damaged. When the time is up it publishes what is done, and the next run continues there.
 */
export async function publishCatalog(
  { store, table, clock, log, path }: CatalogPublishDeps,
  deadline: Deadline,
): Promise<CatalogChanges> {
  // An earlier run in the same folder may have left one.
  removeCatalog(path);
  const isThere = await fetchPublished(store, path, log);
  const update = async () => {
    const catalog = openCatalog(path, table.url);
    try {
      const wasWhole = catalog.asOf() !== null;
      const changes = await updateCatalog({ table, catalog, clock }, null, deadline);
      if (changes.partitions > 0) joinSearchIndex(catalog);
      if (changes.left === 0 && changes.partitions > 0 && !updateSimilar(catalog, clock(), deadline))
        log.warn('papers not compared: out of time', {});
      return { wasWhole, changes };
    } finally {
      // Closing leaves a single file, without a log beside it.
      catalog.close();
    }
  };
  const { wasWhole, changes } = await update().catch((error: unknown) => {
    warnOfDamage(error, log);
    return update();
  });
  const publishRecent = async () => {
    const catalog = openCatalog(path, table.url);
    writeRecentCatalog(catalog, `${path}.recent`, table.url, dayOf(clock()));
    catalog.close();
    await store.put(`${path}.recent`, RECENT_KEY);
    removeCatalog(`${path}.recent`);
  };
  const isSame = isThere && wasWhole && changes.partitions === 0;
  const bytes = isSame ? null : await store.put(path);
  if (!isSame) await publishRecent();
  if (changes.left > 0) log.warn('catalog incomplete', { ...changes, bytes });
  else log.info('catalog up to date', { ...changes, bytes });
  return changes;
}

async function fetchPublished(store: CatalogStore, path: string, log: Log): Promise<boolean> {
  try {
    return (await store.fetch(path, null)) !== null;
  } catch (error) {
    warnOfDamage(error, log);
    return false;
  }
}

/** Logs that the catalog is damaged; throws any other error. */
function warnOfDamage(error: unknown, log: Log): void {
  if (!(error instanceof PaperkeepError) || error.code !== 'CATALOG_DAMAGED') throw error;
  log.warn('catalog damaged, building a new one', { why: error.message });
}
