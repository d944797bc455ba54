import { join } from 'node:path';
import { errorMessage, PaperkeepError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { addDays, addSeconds, type Clock, type Day, dayOf, type Instant } from '../lib/time.ts';
import type { TableStore } from '../table/store.ts';
import { RECENT_DAYS } from './recent.ts';
import { type CatalogStore, openCatalogStore } from './s3.ts';
import { RECENT_KEY } from './schema.ts';
import { type Catalog, type CatalogFile, openCatalog, removeCatalog } from './sqlite.ts';
import { createUpdatingCatalog } from './update.ts';

/** The published catalog and the small file that list pages read, both fetched at first use. */
export type FetchedCatalogs = {
  readonly catalog: () => Promise<Catalog>;
  readonly recentCatalog: (since: Day | null) => Promise<Catalog>;
};

/**
 * Opens what the nightly run publishes in the bucket `derived` (`s3://<bucket>`).
 *
 * @throws PaperkeepError `BAD_SETTING` where `derived` names no bucket
 */
export async function openFetchedCatalogs(
  derived: string | undefined,
  deps: Omit<FetchedCatalogDeps, 'store'>,
): Promise<FetchedCatalogs> {
  const fetching = { ...deps, store: await openCatalogStore(derived) };
  const catalog = createFetchedCatalog(fetching);
  return { catalog, recentCatalog: createFetchedRecentCatalog(fetching, catalog) };
}

/** What fetching the published catalog needs. */
export type FetchedCatalogDeps = {
  readonly store: CatalogStore;
  readonly table: TableStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The folder for the file, with room for two of them. */
  readonly folder: string;
};

/** How often it looks for a newer catalog, which is published once a night. */
const LOOK_SECONDS = 3600;
/** How often the newest list days are compared with the table, and how soon a failed fetch is tried again. */
const FRESH_SECONDS = 60;
/** The days whose lists change during the day: a daily list is visited for 21 days; older ones change with a replay, and by the next night. */
const CHANGING_DAYS = 45;

type Held = {
  readonly path: string;
  readonly file: CatalogFile;
  readonly etag: string | null;
  fresh(): Promise<Catalog>;
};

/**
 * Returns a function that returns the published catalog, updated with the list days of the last 45 days. It is fetched at first use and again
 * when there is a newer one; callers share the work. Where none can be fetched, only those days are in it, and its `asOf` is null if the archive
 * is older. A catalog that was returned earlier reads from the newest file.
 */
export function createFetchedCatalog({ store, table, clock, log, folder }: FetchedCatalogDeps): () => Promise<Catalog> {
  let held: Held | null = null;
  let fetched = 0;
  let lookAt: Instant | null = null;
  let asking: Promise<Catalog> | null = null;

  function hold(path: string, etag: string | null): Held {
    const file = openCatalog(path, table.url);
    const since = () => addDays(dayOf(clock()), -CHANGING_DAYS);
    return { path, file, etag, fresh: createUpdatingCatalog({ table, catalog: file, clock }, FRESH_SECONDS, since) };
  }

  async function look(): Promise<void> {
    const path = join(folder, `catalog-${fetched}.sqlite`);
    const etag = await store.fetch(path, held?.etag ?? null);
    if (etag === null || etag === held?.etag) return;
    const before = held;
    held = hold(path, etag);
    fetched += 1;
    log.info('catalog fetched', { asOf: held.file.asOf() });
    if (before) discard(before);
  }

  async function bring(): Promise<Catalog> {
    const now = clock();
    if (lookAt === null || now >= lookAt) {
      try {
        await look();
        lookAt = addSeconds(now, LOOK_SECONDS);
      } catch (error) {
        log.warn('catalog not fetched', { why: errorMessage(error) });
        lookAt = addSeconds(now, FRESH_SECONDS);
      }
    }
    held ??= hold(join(folder, 'catalog.sqlite'), null);
    await held.fresh().catch(letGoOfDamaged);
    return given;
  }

  const current = (): CatalogFile => (held as Held).file;
  /** Forgets a file that was removed because it is damaged, so that the next request fetches it again. */
  const letGoOfDamaged = (error: unknown): never => {
    if (error instanceof PaperkeepError && error.code === 'CATALOG_DAMAGED') [held, lookAt] = [null, null];
    throw error;
  };
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      return letGoOfDamaged(error);
    }
  };
  const given: Catalog = {
    asOf: () => guarded(() => current().asOf()),
    state: () => guarded(() => `${current().state()} of ${fetched}`),
    readTransaction: (work) => current().readTransaction(work),
    all: <Row extends object>(sql: string, values: Parameters<Catalog['all']>[1]) =>
      guarded(() => current().all<Row>(sql, values)),
  };
  return () => {
    asking ??= bring().finally(() => {
      asking = null;
    });
    return asking;
  };
}

/**
 * Returns a function that returns the small file that list pages read, fetched at first use and again when there is a newer one; the whole
 * catalog where daily lists are needed that are not in it. Where neither exists it returns an empty catalog, so that its values are unknown.
 */
export function createFetchedRecentCatalog(
  { store, table, clock, log, folder }: FetchedCatalogDeps,
  wholeCatalog: () => Promise<Catalog>,
): (since: Day | null) => Promise<Catalog> {
  const path = join(folder, 'recent.sqlite');
  let file: CatalogFile | null = null;
  let etag: string | null = null;
  let lookAt: Instant | null = null;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    let wait = LOOK_SECONDS;
    try {
      const found = await store.fetch(path, etag, RECENT_KEY);
      if (found !== null && found !== etag) {
        file?.close();
        [file, etag] = [openCatalog(path, table.url), found];
      }
    } catch (error) {
      log.warn('recent catalog not fetched', { why: errorMessage(error) });
      wait = FRESH_SECONDS;
    }
    lookAt = addSeconds(clock(), wait);
  }

  return async (since) => {
    if (since !== null && since < addDays(dayOf(clock()), -RECENT_DAYS)) return wholeCatalog();
    if (lookAt === null || clock() >= lookAt) {
      looking ??= look().finally(() => {
        looking = null;
      });
      await looking;
    }
    file ??= openCatalog(':memory:', table.url);
    return file;
  };
}

function discard({ path, file }: Held): void {
  file.close();
  removeCatalog(path);
}
