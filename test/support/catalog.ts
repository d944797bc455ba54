import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { freshCatalog } from '../../shared/export/catalog.ts';
import type { Clock } from '../../shared/kit/clock.ts';
import type { Archive } from '../../shared/query/store.ts';
import type { Records } from '../../shared/record/records.ts';

/** The catalog of a table, in memory, brought up to date each time it is asked for. */
export const catalogOf = (records: Records, clock: Clock): Archive['catalog'] =>
  freshCatalog({ records, catalog: openCatalog(':memory:', records.url), clock }, 0, () => null);
