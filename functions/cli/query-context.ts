import { systemClock } from '../../shared/lib/time.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import type { Settings } from '../../shared/settings.ts';
import { isSampleTable, openTable } from '../../shared/table/open.ts';
import { openLocalCatalog } from './local-catalog.ts';

/** A context that questions are asked of, and a function that closes what was opened for it. */
export type OpenQueryContext = { readonly context: QueryContext; close(): Promise<void> };

/** Opens the table of the settings, and its catalog once a question needs it. */
export async function openQueryContext(settings: Settings): Promise<OpenQueryContext> {
  const table = await openTable(settings.table);
  const { catalog, close } = openLocalCatalog(settings, table, systemClock);
  return {
    context: { table, catalog, clock: systemClock, sample: await isSampleTable(table) },
    close: async () => {
      close();
      await table.close();
    },
  };
}
