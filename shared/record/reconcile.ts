import type { OnUnreadable, SnapshotStore } from '../archive/store.ts';
import { isSnapshotDamage } from '../archive/warc/read-snapshot.ts';
import type { Snapshot } from '../archive/warc/write-snapshot.ts';
import { batches, prefetch } from '../lib/concurrency.ts';
import { lazyAsync } from '../lib/lazy.ts';
import { addSeconds, type Day, dayOf, type Instant, startOfDay } from '../lib/time.ts';
import { isSampleCapture, sampleError } from '../model/capture.ts';
import { type ListDay, type ListName, parseSnapshotKey, snapshotPrefix } from '../model/list.ts';
import type { Parsers } from '../parse/parsers.ts';
import { readCalendar } from '../table/calendar.ts';
import { decodeListing, type ListingItem } from '../table/items.ts';
import { ALL_LISTINGS, contentKey, formatKey, listPk } from '../table/keys.ts';
import { isSampleTable } from '../table/open.ts';
import type { TableStore } from '../table/store.ts';
import { foldListDays, recordSnapshots } from './recorder.ts';

/** What reading snapshots into the table needs; `read` reads one from the archive and checks it. */
export type ReplayDeps = {
  readonly archive: SnapshotStore;
  readonly table: TableStore;
  readonly parsers: Parsers;
  readonly read: (key: string) => Promise<Snapshot>;
};

/** A snapshot, or a whole folder of them, that could not be read, or a snapshot of the sample. */
export type DamagedSnapshot = { readonly key: string; readonly error: unknown };

/** How many snapshots were recorded, and which could not be read. */
export type RecordReport = { readonly recorded: number; readonly damaged: readonly DamagedSnapshot[] };

/** Snapshots read from the archive at once: reading waits, recording works. */
const READ_AHEAD = 8;

/**
 * Reads snapshots into the table. Continues past those that cannot be read, and those of the sample unless the table is of the sample too, and
 * returns them.
 *
 * @param onProgress Called with the number of snapshots that are done.
 */
export async function recordSnapshotsByKey(
  deps: ReplayDeps,
  keys: readonly string[],
  onProgress: (done: number) => void = () => {},
): Promise<DamagedSnapshot[]> {
  const damaged: DamagedSnapshot[] = [];
  const isSample = lazyAsync(() => isSampleTable(deps.table));
  const read = async (key: string): Promise<Snapshot | DamagedSnapshot> => {
    try {
      const snapshot = await deps.read(key);
      const { capture } = snapshot;
      return isSampleCapture(capture) && !(await isSample()) ? { key, error: sampleError(capture) } : snapshot;
    } catch (error) {
      if (!isSnapshotDamage(error)) throw error;
      return { key, error };
    }
  };
  async function* readable() {
    for await (const group of prefetch(batches(keys, READ_AHEAD), (keys) => Promise.all(keys.map(read)))) {
      for (const snapshot of group) {
        if ('error' in snapshot) damaged.push(snapshot);
        else yield snapshot;
      }
    }
  }
  let done = 0;
  await recordSnapshots(deps, readable(), () => onProgress(++done + damaged.length));
  return damaged;
}

/** Groups keys of snapshots by list day, in their order. Leaves out what is not a key. */
export function groupByListDay(keys: Iterable<string>): { listDay: ListDay; keys: string[] }[] {
  const groups = new Map<string, { listDay: ListDay; keys: string[] }>();
  for (const key of keys) {
    const parts = parseSnapshotKey(key);
    if (!parts) continue;
    const listDay: ListDay = { list: parts.list, day: parts.day };
    const group = groups.get(listPk(listDay)) ?? { listDay, keys: [] };
    group.keys.push(key);
    groups.set(listPk(listDay), group);
  }
  return [...groups.values()];
}

/**
 * Records what list days have in the archive and not in the table, because a process died in between: snapshots without a listing,
 * listings without their contents, and summaries that are older than their listings.
 */
export async function reconcile(deps: ReplayDeps, listDays: readonly ListDay[]): Promise<RecordReport> {
  const damaged: DamagedSnapshot[] = [];
  let recorded = 0;
  for (const listDay of listDays) {
    const items = await deps.table.range({ pk: listPk(listDay), ...ALL_LISTINGS, consistent: true });
    const complete = await completeListings(deps.table, items.map(decodeListing));
    const known = new Set(complete.map(({ key }) => key));
    const missing = (await listKeys(deps.archive, snapshotPrefix(listDay), (folder) => damaged.push(folder))).filter(
      (key) => !known.has(key),
    );
    const unread = await recordSnapshotsByKey(deps, missing);
    damaged.push(...unread);
    if (missing.length === 0) await foldListDays(deps.table, [listDay]);
    recorded += missing.length - unread.length;
  }
  return { recorded, damaged };
}

/** The listings whose contents are all in the table. */
async function completeListings(table: TableStore, listings: readonly ListingItem[]): Promise<ListingItem[]> {
  const keysOf = ({ papers, contents }: ListingItem) =>
    papers.map((paper, at) => contentKey(paper, contents[at] as string));
  const wanted = new Map(listings.flatMap(keysOf).map((key) => [formatKey(key), key]));
  const stored = new Set((await table.getMany([...wanted.values()])).map(formatKey));
  return listings.filter((listing) => keysOf(listing).every((key) => stored.has(formatKey(key))));
}

/** The keys of all snapshots with a prefix. Takes what `list` of the archive takes. */
export const listKeys = async (
  archive: SnapshotStore,
  prefix: string,
  onUnreadable?: OnUnreadable,
): Promise<string[]> => (await Array.fromAsync(archive.list(prefix, '', onUnreadable))).map(({ key }) => key);

/** List days with snapshots of the last two days are always reconciled: a process that died did so most likely just now. */
const RECENT_DAYS = 2;
/** The farthest that catching up looks back. */
const FARTHEST_DAYS = 64;

/**
 * Records what earlier runs archived and did not record. It compares the list days that got a snapshot in the last 2, 4, 8 … 64 days, and stops
 * where archive and calendar agree on all of them.
 */
export async function reconcileRecent(deps: ReplayDeps, now: Instant): Promise<RecordReport> {
  const seen = new Set<string>();
  const damaged = new Map<string, DamagedSnapshot>();
  const name = (one: DamagedSnapshot) => damaged.set(one.key, one);
  let recorded = 0;
  for (let days = RECENT_DAYS; days <= FARTHEST_DAYS; days *= 2) {
    const since = addSeconds(startOfDay(dayOf(now)), -days * 86_400);
    const touched = (await deps.archive.touched(since, name)).filter((listDay) => !seen.has(listPk(listDay)));
    const behind = days === RECENT_DAYS ? touched : await findBehind(deps, touched, name);
    const report = await reconcile(deps, behind);
    recorded += report.recorded;
    report.damaged.forEach(name);
    if (days > RECENT_DAYS && touched.length > 0 && behind.length === 0) break;
    for (const listDay of touched) seen.add(listPk(listDay));
  }
  return { recorded, damaged: [...damaged.values()] };
}

/** The list days that have more snapshots than the calendar counts visits. */
async function findBehind(
  { archive, table }: ReplayDeps,
  listDays: readonly ListDay[],
  onUnreadable: OnUnreadable,
): Promise<ListDay[]> {
  const behind: ListDay[] = [];
  for (const [list, ofList] of Map.groupBy(listDays, ({ list }): ListName => list)) {
    const days = ofList.map(({ day }) => day).sort();
    const calendar = await readCalendar(table, list, days[0] as Day, days.at(-1) as Day);
    const visits = new Map(calendar.map(({ listDay, status }) => [listDay.day, status.captures + status.failures]));
    for (const listDay of ofList) {
      const snapshots = (await listKeys(archive, snapshotPrefix(listDay), onUnreadable)).length;
      if (snapshots > (visits.get(listDay.day) ?? 0)) behind.push(listDay);
    }
  }
  return behind;
}
