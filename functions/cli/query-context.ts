import { systemClock } from '../../shared/lib/time.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { isSampleTable, openTable } from '../../shared/table/open.ts';
import type { Context } from './context.ts';
import { openLocalCatalog } from './local-catalog.ts';

/** A context for queries, open as long as the scope that is `using` it. */
export type OpenQueryContext = AsyncDisposable & { readonly context: QueryContext };

/** Opens the table of the settings, and its catalog once a question needs it, with a progress bar where that takes long. */
export async function openQueryContext({
  settings,
  progress,
}: Pick<Context, 'settings' | 'progress'>): Promise<OpenQueryContext> {
  const table = await openTable(settings.table);
  const bar = await progress('list days in the search index');
  const { catalog, recentCatalog, close } = openLocalCatalog(settings, table, systemClock, bar.step);
  return {
    context: {
      table,
      catalog: () => catalog().finally(bar.stop),
      recentCatalog,
      clock: systemClock,
      sample: await isSampleTable(table),
      since: settings.since,
    },
    [Symbol.asyncDispose]: async () => {
      await close();
      await table.close();
    },
  };
}
