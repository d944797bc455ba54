/** The thread that stores made-up days in the table of a data folder. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { Day } from '../../shared/lib/time.ts';
import { openTable } from '../../shared/table/open.ts';
import { itemsOfDays } from './years.ts';

const { folder, from, to } = workerData as { readonly folder: string; readonly from: Day; readonly to: Day };
const table = await openTable(`sqlite:${join(folder, 'papers.sqlite')}`);
await table.putMany(itemsOfDays(from, to));
await table.close();
