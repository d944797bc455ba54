import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CatalogFile } from '../../shared/catalog/sqlite.ts';
import { lazyAsync } from '../../shared/lib/lazy.ts';
import { type Clock, systemClock } from '../../shared/lib/time.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import type { Settings } from '../../shared/settings.ts';
import { isSampleTable, openTable } from '../../shared/table/open.ts';
import type { TableStore } from '../../shared/table/store.ts';

/** How often, in seconds, the catalog is compared with the table before it is asked: some 10 ms for every year of archive. */
const FRESH_SECONDS = 5;

/** An archive to ask, opened; `close` closes what was opened for it. */
export type OpenQueryContext = { readonly context: QueryContext; close(): Promise<void> };

/** Opens the table of the settings to ask it. */
export async function openQueryContext(settings: Settings): Promise<OpenQueryContext> {
  const table = await openTable(settings.table);
  const { catalog, close } = lazyCatalog(settings, table, systemClock);
  return {
    context: { table, catalog, clock: systemClock, sample: await isSampleTable(table) },
    close: async () => {
      close();
      await table.close();
    },
  };
}

/**
 * The catalog beside the table of the settings: opened (or made) when it is first asked for, and brought up to date then. That of a
 * deployment begins as the one of its last night, so that only what came since is read over the network.
 */
export function lazyCatalog(
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
    file = openCatalog(path, wholeName(table.url));
    return createUpdatingCatalog({ table, catalog: file, clock }, FRESH_SECONDS, () => null);
  });
  return {
    catalog: async () => (await fresh())(),
    close: () => file?.close(),
  };
}

/** A table's name, the same from wherever its file is looked at: of a table that seems another the catalog is made anew. */
const wholeName = (url: string): string =>
  url.replace(/^sqlite:(?!:memory:)(.+)$/, (_, path: string) => `sqlite:${resolve(path)}`);

/** Where the catalog of a table is: in the data folder, that of a table in the cloud under its name. */
export function catalogPath({ data, table }: Settings): string {
  const inCloud = /^dynamodb:(.+)$/.exec(table)?.[1];
  return join(data, inCloud === undefined ? 'catalog.sqlite' : `catalog-${inCloud}.sqlite`);
}

/** Where exports are kept unless told. */
export const exportsPath = ({ data }: Settings): string => join(data, 'exports');
