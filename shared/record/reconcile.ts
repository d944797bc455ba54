import { folderOf, readKey, type Target } from '../model/target.ts';
import type { SnapshotStore } from '../snapshot/store.ts';
import type { Snapshot } from '../snapshot/warc.ts';
import { LISTINGS, listPk } from './keys.ts';
import { asListing } from './listing.ts';
import { foldPartition, type Readers, record } from './record.ts';
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

/** Reads all snapshots of one target into the table: its listings, then one fold. Returns what could not be read. */
export async function recordKeys(deps: RereadDeps, target: Target, keys: readonly string[]): Promise<Damage[]> {
  const damaged: Damage[] = [];
  async function* readable() {
    for (const key of keys) {
      try {
        yield await deps.read(key);
      } catch (error) {
        damaged.push({ key, error });
      }
    }
  }
  await record(deps, target, readable());
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
    if (missing.length > 0) damaged.push(...(await recordKeys(deps, target, missing)));
    else await foldPartition(deps.records, target);
    recorded += missing.length;
  }
  return { recorded: recorded - damaged.length, damaged };
}
