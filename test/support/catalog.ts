import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { createUpdatingCatalog } from '../../shared/catalog/update.ts';
import type { Clock } from '../../shared/lib/time.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import type { TableStore } from '../../shared/table/store.ts';

/** The catalog of a table, in memory, updated each time it is requested. */
export const catalogOf = (table: TableStore, clock: Clock): QueryContext['catalog'] =>
  createUpdatingCatalog({ table, catalog: openCatalog(':memory:', table.url), clock }, 0, () => null);
