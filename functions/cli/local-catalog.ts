import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Catalog, CatalogFile } from '../../shared/catalog/sqlite.ts';
import { copyWritable, createFolder } from '../../shared/lib/folders.ts';
import { lazyAsync } from '../../shared/lib/lazy.ts';
import { silentLog } from '../../shared/lib/log.ts';
import type { Clock, Day } from '../../shared/lib/time.ts';
import type { Settings } from '../../shared/settings.ts';
import type { TableStore } from '../../shared/table/store.ts';

/** A catalog that is opened or built when it is first used, and updated from the table before each use. */
export type LocalCatalog = {
  catalog(): Promise<Catalog>;
  /** The same as it is, without an update. */
  recentCatalog(since: Day | null): Promise<Catalog>;
  close(): Promise<void>;
};

/** Opens the catalog of a table for a command: every update happens in this process, and is waited for. */
export function openLocalCatalog(
  settings: Settings,
  table: TableStore,
  clock: Clock,
  onProgress?: (done: number, of: number) => void,
): LocalCatalog {
  let place: CatalogLocation | null = null;
  let file: CatalogFile | null = null;
  let recentFolder: string | null = null;
  const open = lazyAsync(async () => {
    const { openCatalog } = await import('../../shared/catalog/sqlite.ts');
    place = await prepareCatalogFile(settings);
    file = openCatalog(place.path, absoluteTableUrl(table.url));
    return file;
  });
  const update = lazyAsync(async () => {
    const { createUpdatingCatalog } = await import('../../shared/catalog/update.ts');
    const catalog = await open();
    return createUpdatingCatalog({ table, catalog, clock, ...(onProgress && { onProgress }) }, 0, () => null);
  });
  const catalog = async () => (await update())();
  /** That of a deployment: a small part of last night's. */
  const fetchRecent = lazyAsync(async () => {
    const [{ createFetchedRecentCatalog }, { openCatalogStore }] = await Promise.all([
      import('../../shared/catalog/fetch.ts'),
      import('../../shared/catalog/s3.ts'),
    ]);
    const folder = mkdtempSync(join(tmpdir(), 'paperkeep-recent-'));
    recentFolder = folder;
    const store = await openCatalogStore(settings.derived);
    return createFetchedRecentCatalog({ store, table, clock, log: silentLog, folder }, catalog);
  });
  return {
    catalog,
    recentCatalog: async (since) => (settings.derived === undefined ? open() : (await fetchRecent())(since)),
    close: async () => {
      file?.close();
      place?.discard();
      if (recentFolder) rmSync(recentFolder, { recursive: true, force: true });
    },
  };
}

/** Where a catalog file is, and a function that removes it where it is only temporary. */
export type CatalogLocation = { readonly path: string; discard(): void };

/**
 * Chooses the path of a table's catalog: in the data folder, or in a temporary one where that cannot be written. The catalog of a
 * deployment starts as a copy of last night's, so that only what came since is read over the network.
 */
export async function prepareCatalogFile(settings: Settings): Promise<CatalogLocation> {
  const path = catalogPath(settings);
  if (!isWritable(dirname(path)) || !isWritable(path)) return copyToTemporaryPlace(path);
  if (settings.derived !== undefined && !existsSync(path)) {
    const { openCatalogStore } = await import('../../shared/catalog/s3.ts');
    createFolder(settings.data);
    await (await openCatalogStore(settings.derived)).fetch(path, null);
  }
  return { path, discard: () => {} };
}

function copyToTemporaryPlace(path: string): CatalogLocation {
  const folder = mkdtempSync(join(tmpdir(), 'paperkeep-catalog-'));
  const copy = join(folder, 'catalog.sqlite');
  for (const end of ['', '-wal']) if (existsSync(path + end)) copyWritable(path + end, copy + end);
  return { path: copy, discard: () => rmSync(folder, { recursive: true, force: true }) };
}

/** True for what can be written, and for what does not exist yet. */
function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** A table's URL with an absolute path: the catalog is built again if it seems to belong to another table. */
export const absoluteTableUrl = (url: string): string =>
  url.replace(/^sqlite:(?!:memory:)(.+)$/, (_, path: string) => `sqlite:${resolve(path)}`);

/** The path of a table's catalog in the data folder; that of a DynamoDB table bears its name. */
export function catalogPath({ data, table }: Settings): string {
  const dynamo = /^dynamodb:(.+)$/.exec(table)?.[1];
  return join(data, dynamo === undefined ? 'catalog.sqlite' : `catalog-${dynamo}.sqlite`);
}
