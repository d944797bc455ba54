import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { CollectDeps } from '../../shared/collect.ts';
import { fileExports } from '../../shared/export/files.ts';
import type { ExportStore } from '../../shared/export/store.ts';
import { askFeed } from '../../shared/fetch/feed.ts';
import type { Ask } from '../../shared/fetch/request.ts';
import { addSeconds, type Clock, dayOf, deadlineIn, startOf, systemClock } from '../../shared/kit/clock.ts';
import { type ExitCode, messageOf } from '../../shared/kit/errors.ts';
import type { Log } from '../../shared/kit/log.ts';
import { parsers } from '../../shared/parse/parsers.ts';
import type { Archive } from '../../shared/query/store.ts';
import { calendarOf } from '../../shared/record/calendar.ts';
import { type Lease, takeLease } from '../../shared/record/lease.ts';
import { isSample, openRecords } from '../../shared/record/open.ts';
import { type Damage, type RereadDeps, reconcile } from '../../shared/record/reconcile.ts';
import { record } from '../../shared/record/record.ts';
import type { Records } from '../../shared/record/records.ts';
import type { Settings } from '../../shared/settings.ts';
import { openSnapshots } from '../../shared/snapshot/open.ts';
import type { SnapshotStore } from '../../shared/snapshot/store.ts';
import { readSnapshot } from '../../shared/snapshot/warc.ts';
import { exportsPath, lazyCatalog } from './archive.ts';
import { type Context, usage } from './context.ts';
import { VERSION } from './version.ts';

/** How long one collecting run may take; the longest wait for a rate limit is 5 minutes. */
const RUN_MS = 15 * 60_000;
/** Snapshots archived since this long ago and not recorded are looked for before every writing command. */
const RECONCILE_SECONDS = 2 * 86_400;

/** The archive and the table of the settings, opened, and what the stages need to work on them. */
export type House = {
  readonly snapshots: SnapshotStore;
  readonly records: Records;
  readonly catalog: Archive['catalog'];
  readonly exports: ExportStore;
  /** True when what is in it is made up: it was built as the sample. */
  readonly sample: boolean;
  /** What reading snapshots into the table needs. */
  readonly reread: RereadDeps;
  /** What collecting needs. */
  collecting(clock: Clock, ask?: Ask): CollectDeps;
  /** Takes the lease on the feed; throws LEASE_HELD when another process has it. */
  lease(): Promise<Lease>;
  close(): Promise<void>;
};

/** Refuses to bring anything real into the sample. */
export function refuseSample({ sample, snapshots }: House): void {
  if (sample)
    throw usage(`${snapshots.url} holds the sample, whose papers are made up`, 'give --data with another folder');
}

/** Opens archive and table. */
export async function openHouse({
  settings,
  log,
  sources,
}: Pick<Context, 'settings' | 'log' | 'sources'>): Promise<House> {
  const snapshots = await openSnapshots(settings.archive);
  const records = await openRecords(settings.table);
  const { catalog, close } = lazyCatalog(settings, records, systemClock);
  const reread: RereadDeps = { snapshots, records, readers: parsers, read: (key) => readSnapshot(snapshots, key) };
  // a name of its own each time: two runs of one process are two holders
  const holder = () => ({ host: hostname(), pid: process.pid, run: randomUUID() });
  const lease = () => takeLease({ records, clock: systemClock, holder: holder(), isAlive });
  return {
    snapshots,
    records,
    catalog,
    exports: fileExports(exportsPath(settings), processes),
    sample: await isSample(records),
    reread,
    lease,
    collecting: (clock, ask = feedOf(settings, clock, log)) => ({
      ask,
      snapshots,
      calendar: { between: (source, from, to) => calendarOf(records, source, from, to) },
      readers: parsers,
      sources,
      clock,
      log,
      takeLease: lease,
      onStored: async (snapshot) => {
        await record(reread, [snapshot]);
      },
    }),
    close: async () => {
      close();
      await records.close();
    },
  };
}

/** The one way to ask the feed of the settings; `onUnanswered` is told at once of a request that nothing answered. */
export const feedOf = (settings: Settings, clock: Clock, log: Log, onUnanswered?: () => void): Ask =>
  askFeed({ ...settings, version: VERSION }, clock, log, onUnanswered);

/** This process, and whether another one of this machine lives. */
export const processes = { pid: process.pid, isAlive };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The deadline of one collecting run. */
export const runDeadline = () => deadlineIn(RUN_MS);

/** What was recorded that an earlier run had only archived, and what of it could not be read. */
export type CaughtUp = { readonly recorded: number; readonly damaged: readonly Damage[]; readonly exit: ExitCode };

/** What every writing command does first: records what was archived and not recorded, should an earlier run have been killed in between. */
export async function catchUp({ reread, snapshots }: House, log: Log): Promise<CaughtUp> {
  const touched = await snapshots.touched(addSeconds(startOf(dayOf(systemClock())), -RECONCILE_SECONDS));
  const { recorded, damaged } = await reconcile(reread, touched);
  if (recorded > 0) log.info('recorded what an earlier run had archived', { snapshots: recorded });
  for (const { key, error } of damaged) log.warn('damaged snapshot', { key, why: messageOf(error) });
  return { recorded, damaged, exit: damaged.length > 0 ? 5 : 0 };
}

/** Damage as it is said: the key, and why. */
export const sayDamage = (damaged: readonly Damage[]): { key: string; why: string }[] =>
  damaged.map(({ key, error }) => ({ key, why: messageOf(error) }));
