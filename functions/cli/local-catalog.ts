import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CatalogFile } from '../../shared/catalog/sqlite.ts';
import { lazyAsync } from '../../shared/lib/lazy.ts';
import type { Clock } from '../../shared/lib/time.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import type { Settings } from '../../shared/settings.ts';
import type { TableStore } from '../../shared/table/store.ts';

/** The catalog is compared with the table at most this often; a comparison takes some 10 ms for every year of archive. */
const FRESH_SECONDS = 5;

/**
 * The catalog of a table on this machine, opened or built when it is first used, and updated from the table before each use.
 * The catalog of a deployment starts as a copy of last night's, so that only what came since is read over the network.
 */
export function openLocalCatalog(
  settings: Settings,
  table: TableStore,
  clock: Clock,
): { readonly catalog: QueryContext['catalog']; close(): void } {
  let file: CatalogFile | null = null;
  const fresh = lazyAsync(async () => {
    const [{ openCatalog }, { createUpdatingCatalog }] = await Promise.all([
      import('../../shared/catalog/sqlite.ts'),
      import('../../shared/catalog/update.ts'),
    ]);
    const path = catalogPath(settings);
    if (settings.derived !== undefined && !existsSync(path)) {
      const { openCatalogStore } = await import('../../shared/catalog/s3.ts');
      mkdirSync(settings.data, { recursive: true });
      await (await openCatalogStore(settings.derived)).fetch(path, null);
    }
    file = openCatalog(path, absoluteUrl(table.url));
    return createUpdatingCatalog({ table, catalog: file, clock }, FRESH_SECONDS, () => null);
  });
  return {
    catalog: async () => (await fresh())(),
    close: () => file?.close(),
  };
}

/** A table's URL with an absolute path: the catalog is built again if it seems to belong to another table. */
const absoluteUrl = (url: string): string =>
  url.replace(/^sqlite:(?!:memory:)(.+)$/, (_, path: string) => `sqlite:${resolve(path)}`);

/** The path of a table's catalog in the data folder; that of a DynamoDB table bears its name. */
export function catalogPath({ data, table }: Settings): string {
  const dynamo = /^dynamodb:(.+)$/.exec(table)?.[1];
  return join(data, dynamo === undefined ? 'catalog.sqlite' : `catalog-${dynamo}.sqlite`);
}
