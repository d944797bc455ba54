import { PaperkeepError } from '../kit/errors.ts';
import { ahead, inBatches } from '../kit/turns.ts';
import { folderOf, readKey, type Target } from '../model/target.ts';
import type { SnapshotStore } from '../snapshot/store.ts';
import type { Snapshot } from '../snapshot/warc.ts';
import { LISTINGS, listPk } from './keys.ts';
import { asListing } from './listing.ts';
import { foldPartitions, type Readers, record } from './record.ts';
import type { Records } from './records.ts';

/** What reading snapshots back into the table needs; `read` gets one from the archive and checks it. */
export type RereadDeps = {
  readonly snapshots: SnapshotStore;
  readonly records: Records;
  readonly readers: Readers;
  readonly read: (key: string) => Promise<Snapshot>;
};

/** A snapshot that could not be read back: it is named, the others go on. */
export type Damage = { readonly key: string; readonly error: unknown };

/** True when an error tells that a snapshot is damaged or missing; any other (the archive cannot be reached) is no fault of the snapshot. */
export const isDamage = (error: unknown): boolean => error instanceof PaperkeepError && error.exit === 5;

/** Snapshots read from the archive at a time: reading waits, recording works. */
const READ_AHEAD = 8;

/** Reads snapshots, of whatever lists, into the table. Returns those that are damaged; `tell` is told how many are done. */
export async function recordKeys(
  deps: RereadDeps,
  keys: readonly string[],
  tell: (done: number) => void = () => {},
): Promise<Damage[]> {
  const damaged: Damage[] = [];
  const read = (key: string): Promise<Snapshot | Damage> =>
    deps.read(key).catch((error: unknown) => {
      if (!isDamage(error)) throw error;
      return { key, error };
    });
  async function* readable() {
    for await (const some of ahead(inBatches(keys, READ_AHEAD), (keys) => Promise.all(keys.map(read)))) {
      for (const one of some) {
        if ('error' in one) damaged.push(one);
        else yield one;
      }
    }
  }
  let done = 0;
  await record(deps, readable(), () => tell(++done + damaged.length));
  return damaged;
}

/** Groups snapshots' keys by their target, keeping their order. Keys that are none are left out. */
export function byTarget(keys: Iterable<string>): { target: Target; keys: string[] }[] {
  const groups = new Map<string, { target: Target; keys: string[] }>();
  for (const key of keys) {
    const facts = readKey(key);
    if (!facts) continue;
    const target: Target = { source: facts.source, day: facts.day };
    const group = groups.get(listPk(target)) ?? { target, keys: [] };
    group.keys.push(key);
    groups.set(listPk(target), group);
  }
  return [...groups.values()];
}

/**
 * Records what was archived and not recorded, of the given targets: a process may have died in between. Compares the archive's keys with
 * the table's, and folds every partition whose summary is behind its listings. Returns how many snapshots were recorded.
 */
export async function reconcile(
  deps: RereadDeps,
  targets: readonly Target[],
): Promise<{ readonly recorded: number; readonly damaged: Damage[] }> {
  const damaged: Damage[] = [];
  let recorded = 0;
  for (const target of targets) {
    const listings = await deps.records.range({ pk: listPk(target), ...LISTINGS, consistent: true });
    const known = new Set(listings.map((item) => asListing(item).key));
    const missing: string[] = [];
    for await (const { key } of deps.snapshots.list(folderOf(target))) {
      if (!known.has(key)) missing.push(key);
    }
    damaged.push(...(await recordKeys(deps, missing)));
    if (missing.length === 0) await foldPartitions(deps.records, [target]);
    recorded += missing.length;
  }
  return { recorded: recorded - damaged.length, damaged };
}
