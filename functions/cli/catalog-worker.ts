/** The worker thread that updates the catalog of a server once, or once a day joins its search index and compares its papers with each other. */
import { parentPort, workerData } from 'node:worker_threads';
import { joinSearchIndex } from '../../shared/catalog/papers.ts';
import { updateSimilar } from '../../shared/catalog/similar.ts';
import { openCatalog } from '../../shared/catalog/sqlite.ts';
import { updateCatalog } from '../../shared/catalog/update.ts';
import { errorMessage, PaperkeepError } from '../../shared/lib/errors.ts';
import { systemClock } from '../../shared/lib/time.ts';
import { openTable } from '../../shared/table/open.ts';
import type { CatalogWorkerData, CatalogWorkerMessage } from './background-catalog.ts';

const { tableUrl, path, task } = workerData as CatalogWorkerData;
const report = (message: CatalogWorkerMessage): void => parentPort?.postMessage(message);

try {
  const catalog = openCatalog(path, tableUrl);
  if (task === 'compare') {
    joinSearchIndex(catalog);
    updateSimilar(catalog, systemClock());
  } else {
    const table = await openTable(tableUrl);
    const onProgress = (done: number, of: number) => report({ type: 'progress', done, of });
    await updateCatalog({ table, catalog, clock: systemClock, onProgress }, null);
    await table.close();
  }
  catalog.close();
  report({ type: 'updated' });
} catch (error) {
  const { code, hint } = error instanceof PaperkeepError ? error : { code: 'FAILED', hint: '' };
  report({ type: 'failed', code, message: errorMessage(error), hint });
}
