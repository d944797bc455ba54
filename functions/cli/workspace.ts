import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { openArchive } from '../../shared/archive/open.ts';
import type { SnapshotStore } from '../../shared/archive/store.ts';
import { readSnapshot } from '../../shared/archive/warc/read-snapshot.ts';
import { type FeedClient, openFeedClient } from '../../shared/collect/client.ts';
import type { CollectDeps } from '../../shared/collect/run.ts';
import { createFileExportStore } from '../../shared/export/files.ts';
import type { ExportStore } from '../../shared/export/store.ts';
import { errorMessage } from '../../shared/lib/errors.ts';
import { lazyAsync } from '../../shared/lib/lazy.ts';
import type { Log } from '../../shared/lib/log.ts';
import { identifyProcess } from '../../shared/lib/processes.ts';
import { type Clock, deadlineAfter, sleep, systemClock } from '../../shared/lib/time.ts';
import { isSampleError } from '../../shared/model/capture.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { QueryContext } from '../../shared/query/context.ts';
import { type DamagedSnapshot, type ReplayDeps, reconcileRecent } from '../../shared/record/reconcile.ts';
import { recordSnapshots } from '../../shared/record/recorder.ts';
import type { Settings } from '../../shared/settings.ts';
import { readCalendar } from '../../shared/table/calendar.ts';
import { takeLease } from '../../shared/table/lease.ts';
import { isSampleTable, openTable } from '../../shared/table/open.ts';
import type { TableStore } from '../../shared/table/store.ts';
import { openBackgroundCatalog } from './background-catalog.ts';
import { type Context, usageError } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { VERSION } from './version.ts';

/** Exports are written here unless `--out` names another place. */
export const exportsPath = ({ data }: Settings): string => join(data, 'exports');

/** How long one collecting run may take; the longest wait for a rate limit is 5 minutes. */
const RUN_MS = 15 * 60_000;

/** The archive and the table of the settings, and what the stages need to work on them; open as long as the scope that is `using` it. */
export type Workspace = AsyncDisposable & {
  readonly archive: SnapshotStore;
  readonly table: TableStore;
  /** Opens the subscriptions to mail, once. */
  readonly subscriptions: () => Promise<TableStore>;
  /** For a server: updated by a worker thread. */
  readonly catalog: QueryContext['catalog'];
  readonly recentCatalog: NonNullable<QueryContext['recentCatalog']>;
  readonly exports: ExportStore;
  /** True for the sample, whose papers are invented. */
  readonly sample: boolean;
  /** What reading snapshots into the table needs. */
  readonly reread: ReplayDeps;
  /** What collecting needs. */
  collecting(clock: Clock, feed?: FeedClient): CollectDeps;
};

/** Refuses to add anything real to the sample. */
export function refuseSample({ sample, archive }: Workspace): void {
  if (sample)
    throw usageError(`${archive.url} is the sample, whose papers are invented`, 'set --data to another folder');
}

/** Opens archive and table. */
export async function openWorkspace({
  settings,
  log,
  lists,
}: Pick<Context, 'settings' | 'log' | 'lists'>): Promise<Workspace> {
  const archive = await openArchive(settings.archive);
  const table = await openTable(settings.table);
  const { catalog, recentCatalog, close } = openBackgroundCatalog(settings, table, systemClock);
  let opened: TableStore | null = null;
  const subscriptions = lazyAsync(async () => {
    opened = await openTable(settings.subscriptions);
    return opened;
  });
  const reread: ReplayDeps = { archive, table, parsers, read: (key) => readSnapshot(archive, key) };
  // two runs of one process are two holders
  const holder = () => ({
    host: hostname(),
    pid: process.pid,
    run: randomUUID(),
    process: identifyProcess(process.pid) ?? '',
  });
  return {
    archive,
    table,
    subscriptions,
    catalog,
    recentCatalog,
    exports: createFileExportStore(exportsPath(settings), processInfo),
    sample: await isSampleTable(table),
    reread,
    collecting: (clock, feed = openConfiguredFeed(settings, clock, log)) => ({
      feed,
      archive,
      readCalendar: (list, from, to) => readCalendar(table, list, from, to),
      parsers,
      lists,
      since: settings.since,
      clock,
      log,
      takeLease: (patience) =>
        takeLease({ table, clock: systemClock, holder: holder(), identify: identifyProcess, sleep }, patience),
      onStored: (snapshot, parsed) => recordSnapshots(reread, [{ ...snapshot, parsed }]),
    }),
    [Symbol.asyncDispose]: async () => {
      await close();
      await opened?.close();
      await table.close();
    },
  };
}

/** The feed client of the settings; `onUnanswered` is called at once when a request gets no answer. */
export const openConfiguredFeed = (settings: Settings, clock: Clock, log: Log, onUnanswered?: () => void): FeedClient =>
  openFeedClient({
    origin: settings.origin,
    minGapMs: settings.minGapMs,
    token: settings.token,
    version: VERSION,
    clock,
    log,
    onUnanswered,
  });

/** This process, and whether another one of this machine is running. */
export const processInfo = { pid: process.pid, isAlive: (pid: number) => identifyProcess(pid) !== null };

/** The deadline of one collecting run. */
export const runDeadline = () => deadlineAfter(RUN_MS);

/** The snapshots of an earlier run that were recorded now, and those that could not be read. */
export type ReconcileReport = {
  readonly recorded: number;
  readonly damaged: readonly DamagedSnapshot[];
  readonly exit: ExitCode;
};

/** Records what an earlier run archived and did not record because it was killed in between. Every writing command does this first. */
export async function reconcileWorkspace({ reread }: Workspace, log: Log): Promise<ReconcileReport> {
  const { recorded, damaged } = await reconcileRecent(reread, systemClock());
  if (recorded > 0) log.info('recorded what an earlier run had archived', { snapshots: recorded });
  for (const { key, error } of damaged) log.warn('damaged snapshot', { key, why: errorMessage(error) });
  return { recorded, damaged, exit: damaged.length > 0 ? 5 : 0 };
}

/** Damaged snapshots for `--json`. */
export const listDamage = (damaged: readonly DamagedSnapshot[]): { key: string; why: string }[] =>
  damaged.map(({ key, error }) => ({ key, why: errorMessage(error) }));

/** Snapshots that could not be recorded, a line each: damaged ones and those of the sample. */
export const formatDamage = (damaged: readonly DamagedSnapshot[]): string[] =>
  damaged.map(
    ({ key, error }) => `${isSampleError(error) ? 'not recorded' : 'damaged'} ${key}: ${errorMessage(error)}`,
  );
