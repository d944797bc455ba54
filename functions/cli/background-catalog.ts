import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isSimilarDue } from '../../shared/catalog/similar.ts';
import { type Catalog, type CatalogFile, openCatalog } from '../../shared/catalog/sqlite.ts';
import { PaperkeepError } from '../../shared/lib/errors.ts';
import { lazyAsync } from '../../shared/lib/lazy.ts';
import { type Clock, type Instant, secondsBetween, sleep } from '../../shared/lib/time.ts';
import type { Settings } from '../../shared/settings.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { absoluteTableUrl, type LocalCatalog, prepareCatalogFile } from './local-catalog.ts';

/** What the worker thread is started with; `compare`: to compare all papers with each other. */
export type CatalogWorkerData = {
  readonly tableUrl: string;
  readonly path: string;
  readonly task: 'update' | 'compare';
};
/** What the worker thread reports: how far it is, or why it failed. */
export type CatalogWorkerMessage =
  | { readonly type: 'progress'; readonly done: number; readonly of: number }
  | { readonly type: 'updated' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly hint: string };

/** The catalog is compared with the table at most this often, except where an answer must hold a change that the table reports. */
const CHECK_MS = 5000;
/** How long a request waits for an update; nearly all take less. */
const UPDATE_PATIENCE_MS = 1500;
/** How long a request waits for the first build; that of a year takes about so long. */
const BUILD_PATIENCE_MS = 5000;

/**
 * Opens the catalog of a table for a server: a worker thread builds and updates it, so that this thread goes on answering. While an update
 * takes long, requests get the catalog as it was before.
 *
 * @throws PaperkeepError `CATALOG_BUILDING` from `catalog()` while the first one is being built.
 */
export function openBackgroundCatalog(settings: Settings, table: TableStore, clock: Clock): LocalCatalog {
  const tableUrl = absoluteTableUrl(table.url);
  const prepare = lazyAsync(() => prepareCatalogFile(settings));
  let opened: { readonly file: CatalogFile; readonly catalog: Catalog; readonly inode: number } | null = null;
  let updating: Promise<void> | null = null;
  let worker: Worker | null = null;
  let comparing: Worker | null = null;
  let comparedAt: Instant | null = null;
  let percent = 0;
  let checked = { ms: Number.NEGATIVE_INFINITY, at: clock(), stamp: null as string | null };

  async function update(isEmpty: boolean): Promise<void> {
    const [ms, at, stamp] = [performance.now(), clock(), table.stamp?.() ?? null];
    if (isEmpty || stamp === null || stamp !== checked.stamp) {
      const { path } = await prepare();
      worker = startWorker({ tableUrl, path, task: 'update' });
      await untilUpdated(worker, (done, of) => {
        percent = Math.floor((100 * done) / of);
      });
    }
    checked = { ms, at, stamp };
    await compareDaily();
  }

  /** Starts to compare all papers, at most once a day, in a thread of its own: with 65,000 papers it takes minutes. */
  async function compareDaily(): Promise<void> {
    const isRecent = comparedAt !== null && secondsBetween(comparedAt, clock()) < 86_400;
    if (isRecent || !isSimilarDue(await currentCatalog(), clock())) return;
    comparedAt = clock();
    comparing = startWorker({ tableUrl, path: (await prepare()).path, task: 'compare' });
    // without it, pages show the papers of the day before; the next attempt is a day later
    comparing.on('error', () => {});
  }

  /** The catalog as a reader of the file; opened again where the worker has replaced a damaged file. */
  async function currentCatalog(): Promise<Catalog> {
    const { path } = await prepare();
    if (opened && statSync(path, { throwIfNoEntry: false })?.ino === opened.inode) return opened.catalog;
    opened?.file.close();
    const file = openCatalog(path, tableUrl);
    const asOf = () => {
      const built = file.asOf();
      return built !== null && checked.at > built ? checked.at : built;
    };
    opened = { file, catalog: { ...file, asOf }, inode: statSync(path).ino };
    return opened.catalog;
  }

  /** Starts an update if none runs and the catalog was not compared just now. `isChanged`: the table has changed since, and the answer must show it. */
  async function startUpdate(isChanged = false): Promise<void> {
    // also a damaged file, which is removed when the damage is found, and one that another version of the program has made anew
    const isEmpty = (await currentCatalog()).asOf() === null;
    if (!updating && (isEmpty || isChanged || performance.now() - checked.ms >= CHECK_MS)) {
      updating = update(isEmpty).finally(() => {
        updating = null;
      });
      // no one may be waiting any more when it fails
      updating.catch(() => {});
    }
  }

  return {
    async recentCatalog() {
      await startUpdate();
      return currentCatalog();
    },
    async catalog() {
      await startUpdate(table.stamp !== undefined && table.stamp() !== checked.stamp);
      const catalog = await currentCatalog();
      if (!updating) return catalog;
      const isBuilt = catalog.asOf() !== null;
      await Promise.race([updating, sleep(isBuilt ? UPDATE_PATIENCE_MS : BUILD_PATIENCE_MS)]);
      if (isBuilt || !updating) return currentCatalog();
      throw new PaperkeepError({
        code: 'CATALOG_BUILDING',
        message: `the search index is being built: ${percent} %`,
        hint: 'try again in a minute',
      });
    },
    async close() {
      await Promise.all([worker?.terminate(), comparing?.terminate()]);
      opened?.file.close();
      if (worker) (await prepare()).discard();
    },
  };
}

/** Starts the thread from the file beside this one, which has the same extension also when it is bundled. */
const startWorker = (data: CatalogWorkerData): Worker =>
  new Worker(new URL(`./catalog-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: data,
    execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
  });

const untilUpdated = (worker: Worker, onProgress: (done: number, of: number) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.on('message', (message: CatalogWorkerMessage) => {
      if (message.type === 'progress') onProgress(message.done, message.of);
      else if (message.type === 'updated') resolve();
      else reject(new PaperkeepError(message));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that updates the catalog ended with ${code}`)));
  });
