import type { SnapshotStore } from '../archive/store.ts';
import { isSnapshotDamage, type Snapshot } from '../archive/warc/snapshot.ts';
import { batches, prefetch } from '../lib/concurrency.ts';
import { type ListDay, parseSnapshotKey, snapshotPrefix } from '../model/list.ts';
import type { Parsers } from '../parse/parsers.ts';
import { decodeListing } from '../table/items.ts';
import { ALL_LISTINGS, listPk } from '../table/keys.ts';
import type { TableStore } from '../table/store.ts';
import { foldListDays, recordSnapshots } from './recorder.ts';

/** What reading snapshots back into the table needs; `read` gets one from the archive and checks it. */
export type ReplayDeps = {
  readonly archive: SnapshotStore;
  readonly table: TableStore;
  readonly parsers: Parsers;
  readonly read: (key: string) => Promise<Snapshot>;
};

/** A snapshot that could not be read back: it is named, the others go on. */
export type DamagedSnapshot = { readonly key: string; readonly error: unknown };

/** Snapshots read from the archive at a time: reading waits, recording works. */
const READ_AHEAD = 8;

/** Reads snapshots, of whatever lists, into the table. Returns those that are damaged; `tell` is told how many are done. */
export async function recordSnapshotKeys(
  deps: ReplayDeps,
  keys: readonly string[],
  tell: (done: number) => void = () => {},
): Promise<DamagedSnapshot[]> {
  const damaged: DamagedSnapshot[] = [];
  const read = (key: string): Promise<Snapshot | DamagedSnapshot> =>
    deps.read(key).catch((error: unknown) => {
      if (!isSnapshotDamage(error)) throw error;
      return { key, error };
    });
  async function* readable() {
    for await (const some of prefetch(batches(keys, READ_AHEAD), (keys) => Promise.all(keys.map(read)))) {
      for (const one of some) {
        if ('error' in one) damaged.push(one);
        else yield one;
      }
    }
  }
  let done = 0;
  await recordSnapshots(deps, readable(), () => tell(++done + damaged.length));
  return damaged;
}

/** Groups snapshots' keys by their list day, keeping their order. Keys that are none are left out. */
export function groupByListDay(keys: Iterable<string>): { listDay: ListDay; keys: string[] }[] {
  const groups = new Map<string, { listDay: ListDay; keys: string[] }>();
  for (const key of keys) {
    const facts = parseSnapshotKey(key);
    if (!facts) continue;
    const listDay: ListDay = { list: facts.list, day: facts.day };
    const group = groups.get(listPk(listDay)) ?? { listDay, keys: [] };
    group.keys.push(key);
    groups.set(listPk(listDay), group);
  }
  return [...groups.values()];
}

/**
 * Records what was archived and not recorded, of the given list days: a process may have died in between. Compares the archive's keys with
 * the table's, and folds every partition whose summary is behind its listings. Returns how many snapshots were recorded.
 */
export async function reconcile(
  deps: ReplayDeps,
  listDays: readonly ListDay[],
): Promise<{ readonly recorded: number; readonly damaged: DamagedSnapshot[] }> {
  const damaged: DamagedSnapshot[] = [];
  let recorded = 0;
  for (const listDay of listDays) {
    const listings = await deps.table.range({ pk: listPk(listDay), ...ALL_LISTINGS, consistent: true });
    const known = new Set(listings.map((item) => decodeListing(item).key));
    const missing: string[] = [];
    for await (const { key } of deps.archive.list(snapshotPrefix(listDay))) {
      if (!known.has(key)) missing.push(key);
    }
    damaged.push(...(await recordSnapshotKeys(deps, missing)));
    if (missing.length === 0) await foldListDays(deps.table, [listDay]);
    recorded += missing.length;
  }
  return { recorded: recorded - damaged.length, damaged };
}
